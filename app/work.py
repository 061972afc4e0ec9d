"""A unit of work: who acts, when, in which transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.lib import tokens
from app.models import Event, Job, Mark
from app.models.mark import OUTCOMES
from app.policy import Actor

# What is done, the words the audit log says it in, and the jobs that must follow it.
ACTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "post.created": ("started", ("index", "render")),
    "post.saved": ("saved", ("index", "render")),
    "post.imported": ("imported", ("index", "render")),
    "post.restored": ("brought back an earlier version of", ("index", "render")),
    "post.shared": ("shared", ("index", "charts")),
    "post.confirmed": ("confirmed as still true", ()),
    "post.trashed": ("deleted", ("index",)),
    "post.untrashed": ("brought back", ("index",)),
    "post.erased": ("emptied from the trash", ("index",)),
    "comment.added": ("commented on", ("index", "render_comment")),
    "comment.edited": ("changed a comment on", ("index", "render_comment")),
    "comment.removed": ("removed a comment on", ("index",)),
    "comment.restored": ("brought back a comment on", ("index",)),
    "adoption.recorded": ("recorded a trial of", ("index", "charts")),
    "adoption.changed": ("changed the record of a trial of", ("index", "charts")),
    "adoption.removed": ("removed the record of a trial of", ("index", "charts")),
    "commitment.changed": ("changed a commitment of", ("index",)),
    "person.invited": ("invited", ()),
    "invitation.withdrawn": ("withdrew the invitation of", ()),
    "person.joined": ("joined", ()),
    "person.changed": ("changed", ()),
    "person.renamed": ("put right the name or title of", ()),
    "person.departed": ("marked as departed", ()),
    "person.returned": ("welcomed back", ()),
    "person.signed_in": ("signed in", ()),
    "person.signed_out": ("signed out", ()),
    "person.signed_out_everywhere": ("signed out everywhere", ()),
    "person.asked_reset": ("asked for a new password", ()),
    "person.given_reset": ("made a link to a new password for", ()),
    "person.chose_password": ("chose a new password", ()),
    "membership.changed": ("changed the membership of", ()),
    "partnership.created": ("founded", ()),
    "partnership.changed": ("changed", ()),
    "district.added": ("added", ()),
    "district.changed": ("changed", ()),
    "strand.added": ("added", ()),
    "strand.changed": ("changed", ()),
    "strand.closed": ("closed", ()),
    "strand.reopened": ("reopened", ()),
    "term.added": ("added a term on", ()),
    "term.changed": ("changed a term on", ()),
    "figures.imported": ("imported figures from", ("charts",)),
    "figures.undone": ("took out the figures from", ("charts",)),
    "figures.uploaded": ("sent a file of figures", ()),
    "figure.typed": ("typed in a figure for", ()),
    "figure.released": ("released a figure for", ("charts",)),
    "figure.hidden": ("hid a figure of", ()),
    "mapping.saved": ("said what the columns mean of", ()),
    "mapping.removed": ("forgot what the columns mean of", ()),
    "indicator.noted": ("wrote how their district counts", ()),
    "indicators.loaded": ("loaded definitions of indicators from", ()),
    "indicator.added": ("defined", ()),
    "indicator.changed": ("changed the definition of", ("charts",)),
    "indicator.compared": ("said whether the districts can be compared on", ()),
    "annotation.added": ("wrote on the charts of", ("charts",)),
    "annotation.changed": ("changed what stands on the charts of", ("charts",)),
    "annotation.removed": ("took words off the charts of", ("charts",)),
    "goal.set": ("set the goal", ()),
    "goal.changed": ("changed the goal", ()),
    "goal.closed": ("closed the goal", ()),
    "goal.reopened": ("opened again the goal", ()),
    "vocabulary.added": ("added words that mean the same to", ()),
    "vocabulary.changed": ("changed words that mean the same in", ()),
    "vocabulary.removed": ("removed words that mean the same from", ()),
    "vocabulary.restored": ("restored words that mean the same in", ()),
    "feed.opened": ("opened a feed of", ()),
    "feed.closed": ("closed a feed of", ()),
}

# What happens to these changes what pages say about outcomes, and so the mark of that name.
TOLD_OF = {
    "annotation",
    "district",
    "figure",
    "figures",
    "goal",
    "indicator",
    "indicators",
    "partnership",
    "strand",
}


@dataclass(frozen=True, slots=True)
class Work:
    """Handed to every service function; services flush, only ``working`` commits."""

    session: Session
    actor: Actor
    now: datetime
    request_id: str = ""
    promised: list[tuple[str, str]] = field(default_factory=list)  # names and keys of the jobs written so far

    def record(self, action: str, thing: str, *, partnership_id: int | None = None, **detail: Any) -> None:
        """Write the audit line and the jobs it promises, in this same transaction.

        ``thing`` names what it happened to (``post:812``); jobs carry the same key.
        """
        _, follows = ACTIONS[action]
        self.session.add(
            Event(
                at=self.now,
                partnership_id=partnership_id,
                actor_id=self.actor.person_id,
                action=action,
                thing=thing,
                detail=detail,
                request_id=self.request_id,
            )
        )
        if action.partition(".")[0] in TOLD_OF:
            self.session.merge(Mark(name=OUTCOMES, value=tokens.new()))
        for name in follows:
            key = f"comment:{detail['comment']}" if name == "render_comment" else thing
            self.promise("render" if name == "render_comment" else name, key)

    def promise(self, name: str, key: str) -> None:
        """Write a job row: what must follow once this is committed."""
        self.session.add(Job(name=name, key=key, run_at=self.now))
        self.promised.append((name, key))


@contextmanager
def working(session: Session, actor: Actor, now: datetime, request_id: str = "") -> Iterator[Work]:
    """Commit everything done inside, or nothing."""
    try:
        yield Work(session, actor, now, request_id)
        session.commit()
    except BaseException:
        session.rollback()
        raise
