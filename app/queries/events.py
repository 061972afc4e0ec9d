"""Reading the audit log of a partnership: who did what to which thing, when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, raiseload

from app.models import (
    District,
    Event,
    FigureUpload,
    Goal,
    ImportBatch,
    Indicator,
    Invitation,
    Partnership,
    Person,
    Post,
    Strand,
)
from app.policy import Actor, readable
from app.queries.posts import Cursor

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines; nothing means any."""

    person_id: int | None = None  # who did it, or whom it happened to
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None  # the first moment that is too late


@dataclass(frozen=True, slots=True)
class Named:
    """What something is called, and its id where it has a page."""

    kind: str
    words: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log."""

    event: Event
    actor: str
    thing: Named
    whom: str  # somebody else that the line is about
    names: Mapping[str, Named]  # of everything that the page speaks of, by its key


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the log; ``more`` is where the next begins."""

    lines: Sequence[Line]
    more: Cursor | None


def log(session: Session, actor: Actor, partnership_id: int, wanted: Wanted, after: Cursor | None = None) -> Page:
    """Return the latest lines of a partnership's log: a fixed number of statements, whatever its length.

    A post that ``actor`` may not read is not named: that somebody works on a draft is told, not on what.
    """
    query = select(Event).where(Event.partnership_id == partnership_id)
    if wanted.person_id is not None:
        query = query.where(or_(Event.actor_id == wanted.person_id, Event.thing == f"person:{wanted.person_id}"))
    if wanted.action:
        query = query.where(Event.action == wanted.action)
    if wanted.since is not None:
        query = query.where(Event.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(Event.at < wanted.until)
    if after is not None:
        query = query.where(or_(Event.at < after.at, and_(Event.at == after.at, Event.id < after.post_id)))
    found = session.scalars(query.order_by(Event.at.desc(), Event.id.desc()).limit(PAGE + 1)).all()
    events = found[:PAGE]
    more = Cursor(events[-1].at, events[-1].id) if len(found) > PAGE else None
    return Page(_lines(session, actor, events), more)


def _lines(session: Session, actor: Actor, events: Sequence[Event]) -> Sequence[Line]:
    names = _names(session, actor, events)
    return [
        Line(
            event,
            names.get(f"person:{event.actor_id}", _NO_ONE).words if event.actor_id else "A command on the machine",
            names.get(event.thing, Named("", _UNNAMED.get(event.thing.partition(":")[0], event.thing))),
            names[f"person:{event.detail['person']}"].words if f"person:{event.detail.get('person')}" in names else "",
            names,
        )
        for event in events
    ]


_NO_ONE = Named("person", "Somebody of another partnership")
_UNNAMED = {
    "post": "a post that you cannot read",
    "invitation": "an invitation",
    "indicators": "the indicators",
    "goal": "a goal",
    "upload": "a file of figures",
    "batch": "a file of figures",
    "mapping": "a way of reading files",
    "search": "a saved search",
}


def _names(session: Session, actor: Actor, events: Sequence[Event]) -> Mapping[str, Named]:
    """Return the name of everything that some lines speak of, in one statement for each kind of thing."""
    ids: dict[str, set[int]] = {}
    for key in _keys(events):
        kind, _, number = key.partition(":")
        if number.isdigit():
            ids.setdefault(kind, set()).add(int(number))
    named: dict[str, Named] = {}
    for kind, (column, words) in {
        "person": (Person.id, Person.name),
        "strand": (Strand.id, Strand.name),
        "district": (District.id, District.name),
        "partnership": (Partnership.id, Partnership.name),
        "invitation": (Invitation.id, Invitation.email),
        "indicator": (Indicator.id, Indicator.name),
        "goal": (Goal.id, Goal.name),
        "batch": (ImportBatch.id, ImportBatch.file_name),
        "upload": (FigureUpload.id, FigureUpload.file_name),
    }.items():
        if kind in ids:
            rows = session.execute(select(column, words).where(column.in_(sorted(ids[kind]))))
            named |= {f"{kind}:{number}": Named(kind, name, number) for number, name in rows}
    if "post" in ids:
        query = select(Post).where(readable(actor), Post.id.in_(sorted(ids["post"])))
        posts = session.scalars(query.options(raiseload("*")))
        named |= {f"post:{post.id}": Named("post", post.title, post.id) for post in posts}
    return named


def _keys(events: Iterable[Event]) -> Iterable[str]:
    for event in events:
        yield event.thing
        yield f"person:{event.actor_id}"
        yield f"person:{event.detail.get('person')}"
        yield f"person:{event.detail.get('successor')}"
        for side in (event.detail.get("before"), event.detail.get("after")):
            if isinstance(side, dict):
                yield f"district:{side.get('district')}"
