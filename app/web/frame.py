"""What every page shows around itself, and the words that templates share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Flask, g
from markupsafe import Markup

from app.kinds import KINDS
from app.lib import text, times
from app.lib.school_year import SchoolYear
from app.lib.slugs import slug
from app.models import Partnership, Person, Post, Strand
from app.policy import Action, can
from app.queries import places
from app.web import here


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
        kind_of=lambda post: KINDS[post.kind],
        plural=text.plural,
        post_path=post_path,
        today=here.today,
        has_mail_page=lambda: app.config["BRAID"].mail_url == "outbox:",
    )
    app.jinja_env.filters.update(
        when=when, day=day, school_year=lambda year: str(SchoolYear(year)), initials=text.initials
    )


def current() -> Frame:
    """Return the frame of this request, worked out once."""
    if "frame" not in g:
        actor, session = here.actor(), here.session()
        partnership = places.partnership(session, actor)
        g.frame = Frame(
            here.person(),
            partnership,
            places.partnerships(session, actor) if len(actor.parts) > 1 else [],
            places.strands(session, actor.partnership_id) if partnership else [],
            actor.manages(actor.partnership_id),
            actor.writes(actor.partnership_id),
            partnership.notice if partnership else "",
        )
    frame: Frame = g.frame
    return frame


def post_path(post: Post) -> str:
    """Return the last part of a post's address: its number, which decides, and its title, for people."""
    words = slug(post.title)
    return f"{post.id}-{words}" if words else str(post.id)


def when(moment: datetime | None) -> Markup:
    """Return a moment as people say it, in the reader's own zone."""
    if moment is None:
        return Markup("")
    said = times.words(moment, here.now(), here.zone())
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(), said)


def day(value: date | None) -> Markup:
    """Return a day as people say it."""
    return Markup("") if value is None else Markup('<time datetime="{}">{}</time>').format(value, times.day(value))
