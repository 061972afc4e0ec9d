"""Saved searches: my list of them, following, feeds."""

from urllib.parse import parse_qsl

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from app.models import SavedSearch
from app.queries import saved_searches as kept
from app.queries.searching import Asked
from app.search import IndexBusy, IndexDamaged
from app.services import saved_searches
from app.services.saved_searches import MOST_KNOWN, Matches
from app.web import here, telling
from app.web.forms.saved_search import NameForm, SaveForm
from app.web.search import query_of
from app.work import Work

bp = Blueprint("saved_searches", __name__, url_prefix="/searches")

LONGEST_ADDRESS = 4_000


@bp.get("")
def listing() -> ResponseReturnValue:
    """Show my saved searches."""
    return _listing(None)


@bp.post("")
def add() -> ResponseReturnValue:
    """Save a search under a name; follow it if that was asked for."""
    form = SaveForm()
    asked = Asked.read(parse_qsl((form.address.data or "")[:LONGEST_ADDRESS]))
    if not (asked.words or asked.chosen):
        telling.warn("Search for something first, then save the search.")
        return redirect(url_for("search.show"), 303)
    if not form.validate():
        return _listing(form, 422)
    try:
        with here.work() as work:
            saved = saved_searches.save(work, form.name.data, query_of(asked))
            is_followed = bool(form.follow.data) and _follow(work, saved)
    except ValueError as wrong:
        form.name.errors = [*form.name.errors, str(wrong)]
        return _listing(form, 422)
    told = " You will find what is new in your inbox." if is_followed else ""
    telling.done(f"“{saved.name}” is saved.{told}")
    return redirect(url_for(".listing"), 303)


@bp.post("/<int:search_id>/name")
def rename(search_id: int) -> ResponseReturnValue:
    """Call a search something else."""
    form = NameForm()
    saved = _mine(search_id)
    if not form.validate():
        return _listing(form, 422, search_id)
    with here.work() as work:
        saved_searches.rename(work, saved, form.name.data)
    telling.done(f"The search is called “{form.name.data.strip()}” now.")
    return redirect(url_for(".listing"), 303)


@bp.post("/<int:search_id>/following")
def follow(search_id: int) -> ResponseReturnValue:
    """Be told of what a search finds anew, or no longer."""
    saved = _mine(search_id)
    with here.work() as work:
        if request.form.get("follow") == "no":
            saved_searches.unfollow(work, saved)
            said = f"You will not be told of “{saved.name}” any more."
        elif _follow(work, saved):
            said = f"What “{saved.name}” finds from now on comes to your inbox."
        else:
            said = ""
    if said:
        telling.done(said)
    return redirect(url_for(".listing"), 303)


@bp.post("/<int:search_id>/removal")
def remove(search_id: int) -> ResponseReturnValue:
    """Remove a search; one click brings it back."""
    saved = _mine(search_id)
    with here.work() as work:
        saved_searches.remove(work, saved)
        name = saved.name
    telling.undoable(f"“{name}” is removed.", url_for(".bring_back", search_id=search_id))
    return redirect(url_for(".listing"), 303)


@bp.post("/<int:search_id>/return")
def bring_back(search_id: int) -> ResponseReturnValue:
    """Bring back what was removed."""
    saved = _mine(search_id)
    with here.work() as work:
        saved_searches.bring_back(work, saved)
    return redirect(url_for(".listing"), 303)


@bp.post("/<int:search_id>/feed")
def open_feed(search_id: int) -> ResponseReturnValue:
    """Make an address for a feed reader; it is shown once, on the next page."""
    saved = _mine(search_id)
    with here.work() as work:
        cookie["feed"] = [search_id, saved_searches.open_feed(work, saved)]
    return redirect(url_for(".listing", _anchor=f"search-{search_id}"), 303)


@bp.post("/<int:search_id>/feed/closing")
def close_feed(search_id: int) -> ResponseReturnValue:
    """Let the address for a feed reader give nothing any more."""
    saved = _mine(search_id)
    with here.work() as work:
        saved_searches.close_feed(work, saved)
    telling.done("The feed is closed. Its address gives nothing any more.")
    return redirect(url_for(".listing"), 303)


def _listing(form: NameForm | None, status: int = 200, about: int | None = None) -> ResponseReturnValue:
    """Return the list; ``form`` is one that needs another look, about a search of the list or a new one."""
    session, actor = here.session(), here.actor()
    page = render_template(
        "saved_searches/listing.html",
        searches=kept.mine(session, actor),
        unread=kept.unread_of(session, actor),
        form=form,
        about=about,
        feed=_new_feed(),
    )
    return page, status


def _new_feed() -> tuple[int, str] | None:
    """Return the search and the address of a feed that was opened a moment ago: only now do we know it."""
    match cookie.pop("feed", None):
        case [int(number), str(token)]:
            root: str = current_app.config["BRAID"].public_url
            return number, root.rstrip("/") + url_for("feeds.show", token=token)
        case _:
            return None


def _follow(work: Work, saved: SavedSearch) -> bool:
    """Follow a search; without an index there is nothing to compare with later, so say so instead."""
    try:
        now_finds: Matches | None = kept.matches(work.session, here.index(), saved, here.today(), MOST_KNOWN)
    except (IndexDamaged, IndexBusy):
        now_finds = None
    if now_finds is None:
        telling.warn("Search is being put together again. Try to follow this search in a few minutes.")
        return False
    saved_searches.follow(work, saved, now_finds)
    return True


def _mine(search_id: int) -> SavedSearch:
    return kept.one(here.session(), here.actor(), search_id) or abort(404)
