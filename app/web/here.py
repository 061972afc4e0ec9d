"""The current request's session, actor, engines and unit of work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar

from flask import current_app, g, request
from flask_login import current_user
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.charts import Charts
from app.db import db
from app.lib import times
from app.lib.rendering import Renderer
from app.models import Person, SignIn
from app.policy import NOBODY, Actor
from app.queries import actors
from app.search.protocol import SearchIndex
from app.web import saves
from app.work import Work, working

Result = TypeVar("Result")

HOME_ZONE = "America/Los_Angeles"  # where the partnership that Braid was made for lives
TRIES = 4  # how often a change is tried when another one got in between


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who the cookie says is here: what Flask-Login asks of a user. The cookie holds a token, never a person's id."""

    token: str
    sign_in: SignIn
    outcomes: str = ""  # the mark of figures, as the request found it
    is_told: bool = False  # whether anything in their inbox is unread

    is_active = True
    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return what the cookie keeps."""
        return self.token


def session() -> Session:
    """Return this request's session."""
    return db.session()


@contextmanager
def apart() -> Iterator[Session]:
    """Open a session of its own, for reading what is to outlive the request."""
    with Session(db.engine) as own:
        yield own


def now() -> datetime:
    """Return the time of this request, the same wherever it is asked."""
    if "now" not in g:
        clock: Callable[[], datetime] = current_app.extensions.get("braid.clock", _utc_now)
        g.now = clock()
    moment: datetime = g.now
    return moment


def person() -> Person | None:
    """Return who is signed in."""
    # not sign_in.person: after a commit that would have to be loaded, and may not be
    return session().get(Person, current_user.sign_in.person_id) if current_user.is_authenticated else None


def actor() -> Actor:
    """Return who is asking, worked out once a request."""
    if "actor" not in g:
        someone = person()
        if someone is None:
            g.actor = NOBODY
        else:
            g.actor = actors.of(session(), someone, now().date(), current_user.sign_in.partnership_id)
    who: Actor = g.actor
    return who


def zone() -> str:
    """Return the name of the time zone of whoever reads the page, asked once a request."""
    if "zone" not in g:
        someone = person()
        g.zone = someone.time_zone if someone else HOME_ZONE
    name: str = g.zone
    return name


def today() -> date:
    """Return the day it is for whoever reads the page, worked out once a request."""
    if "today" not in g:
        g.today = times.in_zone(now(), zone()).date()
    day: date = g.today
    return day


def form_status() -> int:
    """Return the status of a page with a form: 200 when it is opened, 422 when what was sent needs another look."""
    return 200 if request.method == "GET" else 422


def index() -> SearchIndex:
    """Return the configured search engine."""
    engine: SearchIndex = current_app.extensions["braid.index"]
    return engine


def renderer() -> Renderer:
    """Return what turns text into safe HTML within a time limit."""
    made: Renderer = current_app.extensions["braid.renderer"]
    return made


def charts() -> Charts:
    """Return the drawings of this installation."""
    drawn: Charts = current_app.extensions["braid.charts"]
    return drawn


@contextmanager
def work() -> Iterator[Work]:
    """Open the unit of work for a POST. The cookie remembers what it saves, so that its author finds it at once."""
    with working(session(), actor(), now(), g.get("request_id", "")) as unit:
        yield unit
    saves.remember(unit.promised, unit.now)


def attempt(change: Callable[[Work], Result]) -> Result:
    """Do ``change`` in one unit of work, again from the start if somebody else changed the same row meanwhile.

    ``change`` loads what it changes itself, so that each try sees the present.
    """
    for left in reversed(range(TRIES)):
        try:
            with work() as unit:
                return change(unit)
        except (StaleDataError, OperationalError):
            if not left:
                raise
            g.pop("actor", None)
    raise AssertionError


def _utc_now() -> datetime:
    return datetime.now(UTC)
