"""Home: what changed, what do I owe, what is next. For a stranger: what is public."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Blueprint, render_template, request
from flask import session as cookie
from flask.typing import ResponseReturnValue

from app.lib import text
from app.models import Person, Strand
from app.queries import commitments, home, lists, meetings, news, posts
from app.queries.cards import Card
from app.queries.home import Waiting
from app.queries.posts import Cursor, Wanted
from app.services import home as visits
from app.web import frame, here
from app.web.gate import public

bp = Blueprint("home", __name__)

VISIT = visits.AT_MOST_EVERY  # whoever comes back within this time is still on the same visit
AT_FIRST = timedelta(days=30)  # how far back the first visit looks
RECENTLY = timedelta(days=60)  # how long one is new, and how long being asked stays news
COMMITMENTS = 6
VIEWS = ("strands", "new", "viewed", "most", "drafts")


@bp.get("/")
@public
def show() -> ResponseReturnValue:
    """Show a person their home, and a stranger what is public."""
    person = here.person()
    if person is None:
        return _public()
    if here.actor().here is None:
        return _public(home.ended(here.session(), person, here.today()))
    waiting = home.waiting(here.session(), here.actor())
    page = _mine(person, waiting, _last_here(waiting.seen_at))
    if waiting.seen_at is None or waiting.seen_at <= here.now() - VISIT:
        # Noting a visit changes nothing that anybody asked for and is safe to repeat, so a GET may do it: a POST would
        # need a script, and without scripts nothing would ever be "new since you were last here".
        with here.work() as work:
            visits.seen(work)
    return page


def _public(ended: object = ()) -> ResponseReturnValue:
    """Show the public posts of this installation, and to somebody whose time here is over whom to ask."""
    after = Cursor.parse(request.args.get("after"))
    page = posts.feed(here.session(), here.actor(), Wanted(), after)
    return render_template("home/public.html", page=page, ended=ended, is_first=after is None)


def _mine(person: Person, waiting: Waiting, last_here: datetime | None) -> str:
    actor, session, now = here.actor(), here.session(), here.now()
    view = request.args.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    mine = home.my_strands(actor, frame.current().strands)
    on_a_strand = any(strand.id in actor.teams for strand in mine)
    began_lately = max(person.created_at.date(), waiting.began_on) > (now - RECENTLY).date()
    is_new = not waiting.has_written and (not on_a_strand or began_lately)
    return render_template(
        "home/show.html",
        last_here=last_here,
        groups=news.since(session, actor, last_here or now - AT_FIRST),
        owed=commitments.mine(session, actor, COMMITMENTS + 1, here=True),
        most_owed=COMMITMENTS,
        owed_elsewhere=commitments.owed_elsewhere(session, actor),
        meetings=meetings.of_strands(session, actor, mine, here.today()),
        strand_names={strand.id: strand for strand in mine},
        asking=home.asked_of(session, actor, now - RECENTLY),
        waiting=waiting,
        is_new=is_new,
        practice=next(iter(lists.newest(session, actor, "practice", 1)), None) if is_new else None,
        has_profile=bool(person.title and person.expertise),
        on_a_strand=on_a_strand,
        view=view,
        posts=_listed(view, mine),
        names=lambda people: text.names([one.name for one in people], most=2),
    )


def _listed(view: str, mine: Sequence[Strand]) -> Sequence[Card]:
    """Return the posts of one of the tabs."""
    actor, session = here.actor(), here.session()
    match view:
        case "new":
            return lists.newest(session, actor)
        case "viewed":
            return lists.read_lately(session, actor)
        case "most":
            return lists.read_most(session, actor, here.now())
        case "drafts":
            return lists.drafts(session, actor, here=True)
        case _:
            return lists.of_strands(session, actor, mine)


def _last_here(seen_at: datetime | None) -> datetime | None:
    """Return when the person was last here *before* this visit; None if this is their first.

    The column says when the page was last seen, which the first page of a visit moves to now. So the cookie keeps what
    it said before, for as long as the visit goes on: nothing stops being new because one looked at it and came back.
    Each partnership has its own visits.
    """
    now, actor, before = here.now(), here.actor(), seen_at
    place = str(actor.partnership_id)
    whose, kept = cookie.get("visits", (None, {}))
    if whose != actor.person_id:
        kept = {}
    match kept.get(place):
        case [earlier, looked] if now - datetime.fromisoformat(looked) < VISIT:
            before = datetime.fromisoformat(earlier) if earlier else None
        case _:
            pass
    latest = [before.isoformat() if before else "", now.isoformat()]
    cookie["visits"] = [actor.person_id, {**kept, place: latest}]
    return before
