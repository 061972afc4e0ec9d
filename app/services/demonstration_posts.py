"""The posts of the demonstration, and everything that happened to them, each on its day."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.kinds import KINDS, Kind, Shape, kind_of
from app.lib.slugs import slug
from app.models import Comment, Decision, MeetingNote, Post, Practice
from app.models.meeting import CommitmentState
from app.policy import Part, Sharing
from app.services import adoptions, comments, commitments, demonstration_goals, posts, reading
from app.services.adoptions import Trial
from app.services.demonstration import Given, Progress, Stage, Story, close_the_stage, halfway, moment, set_the_stage
from app.services.reading import Names
from app.work import Work

_POINTER = re.compile(r"\((post|person):([\w-]+)\)")
_RENAMED = {"school_year": "plan_year", "problem": "plan_problem"}  # of a plan
_AROUND = {"key", "author", "created", "shared", "minutes", "confirmed", "adoptions", "comments", "strand", "kind"}
MEANWHILE = timedelta(days=300)  # until a trial that goes on is written up

Happening = tuple[datetime, int, Callable[[], None]]


@dataclass(frozen=True, slots=True)
class Written:
    """A post with what its file says."""

    post: Post
    given: Given


def load(work: Work, story: Story, on_progress: Progress | None = None) -> int:
    """Load the demonstration; return how many posts it has.

    Raises:
        ValueError: if there is a partnership of its name; the message is for people.
    """
    stage = set_the_stage(work, story)
    names = Names.of(work.session, stage.partnership.id)
    written = {given["key"]: _write(stage, names, given) for given in sorted(story.posts, key=_day)}
    work.session.flush()
    decisions = {row.text: row for one in written.values() for row in _decisions(one.post)}
    for one in written.values():
        _point(stage, one, written, decisions)
    happenings: list[Happening] = []
    for one in written.values():
        happenings += [(when, len(happenings) + n, act) for n, (when, act) in enumerate(_life(stage, one, written))]
    for done, (_, _, act) in enumerate(sorted(happenings, key=lambda one: one[:2]), start=1):
        act()
        if on_progress is not None:
            on_progress(done * len(written) // len(happenings))
    demonstration_goals.load(stage)
    close_the_stage(stage, story)
    return len(written)


def _write(stage: Stage, names: Names, given: Given) -> Written:
    author = given["author"]
    work = stage.at(_day(given), author)
    kind = KINDS[given["kind"]]
    content = posts.new_content(kind) | reading.content(kind, _translated(stage, kind, given), names)
    home = stage.memberships[author].district_id
    post = posts.begin(work, kind, content, Part(stage.partnership.id, home, "member", is_data_office=False))
    work.session.add(post)
    return Written(post, given)


def _translated(stage: Stage, kind: Kind, given: Given) -> dict[str, Any]:
    """Return what the file says in the words of forms: people by e-mail, districts and strands by name."""
    said = {name: value for name, value in given.items() if name not in _AROUND}
    if kind.code == "strand-plan":
        said = {_RENAMED.get(name, name): value for name, value in said.items()}
    said["strand"] = stage.strands[given["strand"]].name if given.get("strand") else None
    said["tags"] = given.get("tags") or []
    said["indicator_links"] = [
        {
            "indicator": link["indicator"],
            "expected": link["direction"],
            "evidence": link["evidence"],
            "essa_tier": link.get("essa") or None,
        }
        for link in said.pop("indicators", None) or []
    ]
    for name, translate in _ROWS.items():
        if name in said:
            said[name] = [row for one in said[name] or [] for row in translate(stage, one)]
    if said.get("host") in stage.districts:
        said["host"] = stage.districts[said["host"]].name
    if "contacts" in said:
        said["contacts"] = [stage.people[key].email for key in said["contacts"] or []]
    return {name: value for name, value in said.items() if value is not None}


def _attendees(stage: Stage, given: Given) -> Iterator[dict[str, Any]]:
    district = stage.districts[given["district"] or ""].name
    for key in given.get("people") or []:
        yield {"district": district, "person": stage.people[key].email}
    if given.get("others"):
        yield {"district": district, "others": given["others"]}


def _decision(_stage: Stage, given: Given) -> Iterator[dict[str, Any]]:
    yield {"text": given["text"], "decided_by": given.get("decided_by") or ""}


def _commitment(stage: Stage, given: Given) -> Iterator[dict[str, Any]]:
    yield {
        "text": given["text"],
        "owner": stage.people[given["owner"]].email if given.get("owner") else None,
        "district": stage.districts[given["district"]].name if given.get("district") else None,
        "owed_to": stage.districts[given["owed_to"]].name if given.get("owed_to") else None,
        "due_on": given.get("due"),
        "state": CommitmentState.OPEN,
    }


def _question(_stage: Stage, given: Given) -> Iterator[dict[str, Any]]:
    yield {"text": given["text"], "answer": given.get("answered") or ""}


def _action(stage: Stage, given: Given) -> Iterator[dict[str, Any]]:
    owner = stage.people[given["owner"]].email if given.get("owner") else None
    yield {"text": given["text"], "owner": owner, "due_on": given.get("due"), "state": given["state"]}


def _measure(stage: Stage, given: Given) -> Iterator[dict[str, Any]]:
    yield {**given, "district": stage.districts[given["district"]].name}


_ROWS: Mapping[str, Callable[[Stage, Given], Iterator[dict[str, Any]]]] = {
    "attendees": _attendees,
    "decisions": _decision,
    "commitments": _commitment,
    "questions": _question,
    "actions": _action,
    "measures": _measure,
}


def _point(stage: Stage, one: Written, written: Mapping[str, Written], decisions: Mapping[str, Decision]) -> None:
    """Let links and decisions point at what now has a number, and keep the first copy."""
    post = one.post
    for thing, name in _texts(post):
        setattr(thing, name, _linked(stage, getattr(thing, name), written))
    for row, given in zip(_decisions(post), one.given.get("decisions") or [], strict=True):
        row.confirms_id = decisions[given["confirms"]].id if given.get("confirms") else None
        row.reverses_id = decisions[given["reverses"]].id if given.get("reverses") else None
    work = stage.at(_day(one.given), one.given["author"])
    posts.keep(work, [post])
    work.record("post.created", posts.thing(post), partnership_id=stage.partnership.id, kind=post.kind)


def _texts(post: Post) -> Iterator[tuple[Any, str]]:
    kind = kind_of(post)
    yield post, "body"
    yield from ((post, field.name) for field in kind.fields if field.shape == Shape.TEXT)
    for rows in kind.rows:
        names = [field.name for field in rows.fields if field.shape == Shape.TEXT]
        yield from ((row, name) for row in getattr(post, rows.name) for name in names)


def _linked(stage: Stage, text: str, written: Mapping[str, Written]) -> str:
    def address(found: re.Match[str]) -> str:
        kind, key = found.groups()
        if kind == "person":
            return f"(/people/{stage.people[key].id})"
        post = written[key].post
        return f"(/posts/{post.id}-{slug(post.title)})"

    return _POINTER.sub(address, text)


def _life(stage: Stage, one: Written, written: Mapping[str, Written]) -> Iterator[tuple[datetime, Callable[[], None]]]:
    """Yield what happened to a post after it was written, and when."""
    post, given = one.post, one.given
    shared = _day(given) + timedelta(hours=1)
    if given["shared"] != Sharing.DRAFT:
        by_author = stage.at(shared, given["author"])
        yield shared, lambda: posts.share(by_author, post, Sharing(given["shared"]))
    if given.get("confirmed"):
        when = moment(given["confirmed"]["on"])
        confirmer = given["confirmed"]["by"]
        yield when, lambda: posts.confirm(stage.at(when, confirmer), _practice(post))
    yield from _trials(stage, one, shared)
    yield from _talk(stage, one, shared, written)
    if isinstance(post, MeetingNote):
        for row, said in zip(post.commitments, given.get("commitments") or [], strict=True):
            if said["state"] != CommitmentState.OPEN:
                when = _on_its_day(stage, moment(said["closed_on"] or said["due"]), shared) + timedelta(hours=2)
                who = said.get("owner") or given["author"]
                state = CommitmentState(said["state"])
                yield when, _stated(stage, when, who, post, row, state)


def _stated(  # noqa: PLR0913, PLR0917
    stage: Stage, when: datetime, who: str, post: MeetingNote, row: Any, state: CommitmentState
) -> Callable[[], None]:
    return lambda: commitments.set_state(stage.at(when, who), post, row, state)


def _trials(stage: Stage, one: Written, shared: datetime) -> Iterator[tuple[datetime, Callable[[], None]]]:
    for given in one.given.get("adoptions") or []:
        district = stage.districts[given["district"]]
        begun = Trial(district.id, given["from"], None, given.get("scale") or "", given.get("adapted") or "")
        ended = Trial(
            district.id,
            given["from"],
            given.get("to"),
            given.get("scale") or "",
            given.get("adapted") or "",
            given.get("why") or "",
            given.get("verdict"),
            given.get("happened") or "",
        )
        began = max(moment(given["from"]), shared) + timedelta(minutes=30)
        wrote = _on_its_day(stage, moment(given["to"]) if given.get("to") else began + MEANWHILE, began)
        wrote += timedelta(minutes=30)
        made: list[Any] = []
        yield began, _begun(stage, began, one, begun, made)
        if begun != ended:
            yield wrote, _ended(stage, wrote, one, ended, made)


def _on_its_day(stage: Stage, day: datetime, after: datetime) -> datetime:
    """Return ``day``, but not before what it follows, nor later than the demonstration is loaded."""
    return max(day, after) if day <= stage.work.now else halfway(after, stage.work.now)


def _begun(stage: Stage, when: datetime, one: Written, trial: Trial, made: list[Any]) -> Callable[[], None]:
    def act() -> None:
        recorder = _recorder(stage, one, trial.district_id, when)
        made.append(adoptions.record(stage.at(when, recorder), _practice(one.post), trial))

    return act


def _ended(stage: Stage, when: datetime, one: Written, trial: Trial, made: list[Any]) -> Callable[[], None]:
    def act() -> None:
        recorder = _recorder(stage, one, trial.district_id, when)
        adoptions.change(stage.at(when, recorder), _practice(one.post), made[0], trial)

    return act


def _recorder(stage: Stage, one: Written, district_id: int, when: datetime) -> str:
    """Return who of a district writes a trial down: the author, the strand's lead there, or the manager."""
    day = min(when, stage.work.now).date()
    current = [key for key, part in stage.memberships.items() if part.is_current(day)]
    of_district = [key for key in current if stage.memberships[key].district_id == district_id]
    if one.given["author"] in of_district:
        return str(one.given["author"])
    leads = {term.person_id for term in stage.terms if term.strand_id == one.post.strand_id and term.is_current(day)}
    fitting = [key for key in of_district if stage.people[key].id in leads]
    managers = [key for key in current if stage.memberships[key].role == "manager"]
    return (fitting or of_district or managers)[0]


def _talk(
    stage: Stage, one: Written, shared: datetime, written: Mapping[str, Written]
) -> Iterator[tuple[datetime, Callable[[], None]]]:
    said: list[Comment] = []
    last = shared
    for given in one.given.get("comments") or []:
        last = max(moment(given["on"]), last) + timedelta(minutes=20)
        yield last, _said(stage, last, one, given, said, written)


def _said(  # noqa: PLR0913, PLR0917
    stage: Stage, when: datetime, one: Written, given: Given, said: list[Comment], written: Mapping[str, Written]
) -> Callable[[], None]:
    def act() -> None:
        answered = said[given["reply_to"] - 1] if given.get("reply_to") else None
        words = _linked(stage, given["text"].strip(), written)
        said.append(comments.add(stage.at(when, given["by"]), one.post, words, answered))

    return act


def _practice(post: Post) -> Practice:
    if not isinstance(post, Practice):
        msg = f"“{post.title}” is no practice."
        raise TypeError(msg)
    return post


def _decisions(post: Post) -> Iterable[Decision]:
    return post.decisions if isinstance(post, MeetingNote) else ()


def _day(given: Given) -> datetime:
    return moment(given["created"])
