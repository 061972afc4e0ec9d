"""What every page shows around itself, and the words that templates share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Protocol

from flask import Flask, g, request, url_for
from flask_login import current_user

from app.kinds import ACTION_STATES, COMMITMENT_STATES, EVIDENCE, KINDS, MEETING_KINDS, PRACTICE_STATES
from app.lib import text, times
from app.lib.school_year import SchoolYear
from app.lib.slugs import slug
from app.models import Partnership, Person, Post, Strand
from app.policy import (
    Action,
    Sharing,
    can,
    may_change_adoption,
    may_change_comment,
    may_remove_comment,
    may_set_state,
)
from app.queries import places, saved_searches
from app.search.asking import LONGEST_QUESTION
from app.services import posts as writing
from app.web import catalogue, here


class Addressed(Protocol):
    """A post, or as much of one as its address needs."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def title(self) -> str:
        """Its title."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything around a page: where one is and who one is."""

    person: Person | None
    partnership: Partnership | None
    partnerships: Sequence[Partnership]
    strands: Sequence[Strand]
    is_manager: bool
    writes: bool
    notice: str
    unread: int  # rows of the inbox

    @property
    def key(self) -> tuple[object, ...]:
        """What the navigation depends on, besides the names of places: whoever has the same sees the same."""
        place = self.partnership.id if self.partnership else None
        return request.script_root, place, self.is_manager, self.writes, self.is_demo, self.unread

    @property
    def is_demo(self) -> bool:
        """Whether to say what is real and what is invented."""
        return bool(self.notice)


def init_app(app: Flask) -> None:
    """Give templates the frame, the rules and the words."""
    app.context_processor(lambda: {"frame": current()})
    app.jinja_env.globals.update(
        can=lambda action, post: can(here.actor(), Action[action], post),
        actor=here.actor,
        kinds=KINDS,
        longest_question=LONGEST_QUESTION,
        kind_of=lambda post: KINDS[post.kind],
        plural=text.plural,
        sharing_words=sharing_words,
        all_districts=all_districts,
        post_url=post_url,
        today=here.today,
        states=PRACTICE_STATES,
        meeting_kinds=MEETING_KINDS,
        commitment_states=COMMITMENT_STATES,
        action_states=ACTION_STATES,
        evidence_words=EVIDENCE,
        elsewhere=elsewhere,
        is_inside=lambda post: here.actor().part(post.partnership_id) is not None,
        may_close=lambda commitment, post: may_set_state(here.actor(), post or commitment.meeting, commitment),
        may_change_adoption=lambda adoption, post: may_change_adoption(here.actor(), adoption, post),
        may_change_comment=lambda comment: may_change_comment(here.actor(), comment),
        may_remove_comment=lambda comment, post: may_remove_comment(here.actor(), comment, post),
        has_mail_page=lambda: app.config["BRAID"].mail_url == "outbox:",
    )
    app.jinja_env.filters.update(
        when=when, day=when, inside=text.inside, school_year=lambda year: str(SchoolYear(year)), initials=text.initials
    )


def current() -> Frame:
    """Return the frame of this request, worked out once."""
    if "frame" not in g:
        actor, session = here.actor(), here.session()
        around = catalogue.of_partnership(actor.partnership_id)
        partnership = around.partnership
        g.frame = Frame(
            here.person(),
            partnership,
            places.partnerships(session, actor) if len(actor.parts) > 1 else [],
            around.strands,
            actor.manages(actor.partnership_id),
            actor.writes(actor.partnership_id),
            partnership.notice if partnership else "",
            saved_searches.unread(session, actor) if current_user.is_authenticated and current_user.is_told else 0,
        )
    frame: Frame = g.frame
    return frame


def post_url(post: Addressed, anchor: str | None = None) -> str:
    """Return the address of a post: its number, which decides, and its title, for people."""
    # the address of one number only is asked for, which is remembered: a page may show a hundred posts
    address = _address(url_for("posts.show", post_id=0).removesuffix("0"), post.id, post.title)
    return f"{address}#{anchor}" if anchor else address


@lru_cache(maxsize=8_192)
def _address(before: str, number: int, title: str) -> str:
    words = slug(title)
    return f"{before}{number}-{words}" if words else f"{before}{number}"


def when(moment: datetime | date | None) -> str:
    """Return a moment or a day as people say it, in the reader's own zone."""
    if isinstance(moment, datetime):
        return times.words(moment, here.now(), here.zone())
    return times.day(moment) if moment else ""


def sharing_words(post: Post) -> str:
    """Return who can see ``post``, in words."""
    match writing.sharing_of(post):
        case Sharing.PUBLIC:
            return "Everyone"
        case Sharing.PARTNERSHIP:
            return all_districts()
        case Sharing.STRAND:
            return f"The {post.strand.name} team" if post.strand else "The strand’s team"
        case Sharing.DISTRICT:
            return post.district.name
        case Sharing.DRAFT:
            return "Only you" if post.author_id == here.actor().person_id else "Only its author"


def elsewhere(partnership_id: int) -> str:
    """Return the name of a partnership that the reader is in and does not look at just now; nothing for any other."""
    frame = current()
    if frame.partnership is None or partnership_id == frame.partnership.id:
        return ""
    return next((one.name for one in frame.partnerships if one.id == partnership_id), "")


def all_districts() -> str:
    """Return the words for everybody in the partnership: “both districts” where there are two."""
    partnership = current().partnership
    count = len([one for one in partnership.districts if one.kind == "district"]) if partnership else 0
    return "Both districts" if count == 2 else "All districts"  # noqa: PLR2004
