"""Search: one page, everything in its address."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.lib import text
from app.lib.numbers import row_number
from app.queries import freshness, matches, partners, saved_searches, searching
from app.queries.matches import Named
from app.queries.searching import Asked, Results
from app.search import IndexBusy, IndexDamaged
from app.services import searches
from app.web import catalogue, here, saves, telling
from app.web.gate import public

bp = Blueprint("search", __name__, url_prefix="/search")

AROUND = 2  # pages named on each side of the one that is shown
LONGEST_TITLE = 60
PAST = 8  # searches offered before anything is asked


@bp.get("")
@public
def show() -> ResponseReturnValue:
    """Show what was found, of what the reader may read; without words, the newest of everything."""
    asked = Asked.read(request.args.items(multi=True))
    saved_now = saves.taken(here.now())
    if saved_now:
        freshness.wait_for(here.session(), saved_now)
    try:
        results = searching.found(here.session(), here.actor(), here.index(), asked)
    except (IndexDamaged, IndexBusy):
        return render_template("search/away.html", title=_title(asked), asked=asked), 503
    typed = results.typed or results.asked
    named = matches.of(here.session(), here.actor(), typed, here.today(), catalogue.defined().values())
    page = _page(results, named)
    # Noting what somebody searched for changes nothing that anybody asked for and is safe to repeat, so a GET may.
    _note(asked, is_answered=bool(results.total or named.people or named.indicators))
    return page


@bp.post("/past/clearing")
def forget() -> ResponseReturnValue:
    """Forget what I searched for."""
    with here.work() as work:
        searches.forget(work)
    telling.done("What you searched for is forgotten.")
    return redirect(url_for(".show"), 303)


def address(asked: Asked, **changed: str | list[str] | None) -> str:
    """Return where the results of a question are."""
    said: dict[str, Any] = asked.pairs() | changed
    return url_for("search.show", **said)


def query_of(asked: Asked) -> str:
    """Return a question as it is saved: what stands after the question mark, from its first page on."""
    said = {name: value for name, value in asked.pairs().items() if name not in {"page", "order"}}
    return urlencode(said, doseq=True)


def _page(results: Results, named: Named) -> str:
    session, actor, asked = here.session(), here.actor(), results.asked
    is_mine, is_question = actor.person_id is not None, bool(asked.words or asked.chosen)
    strands = {number for value in asked.chosen.get("strand", ()) if (number := row_number(value))}
    return render_template(
        "search/show.html",
        title=_title(asked),
        results=results,
        named=named,
        asked=asked,
        address=address,
        pages=_pages(results),
        query=query_of(asked),
        saved=saved_searches.at(session, actor, query_of(asked)) if is_mine and is_question else None,
        past=saved_searches.past(session, actor, limit=PAST) if is_mine and not is_question else [],
        partners=[] if results.total else partners.to_ask(session, actor, strands, here.today()),
        suggested_name=_suggested_name(results),
    )


def _note(asked: Asked, *, is_answered: bool) -> None:
    if not asked.words or asked.page > 1 or here.person() is None:
        return
    with here.work() as work:
        searches.note(work, asked.words)
        if not (is_answered or asked.chosen or ":" in asked.words):
            searches.not_found(work, asked.words)


def _title(asked: Asked) -> str:
    return f"Search: {text.shorten(asked.words, LONGEST_TITLE)}" if asked.words else "Search"


def _suggested_name(results: Results) -> str:
    chosen = [chip.label for chip in results.chips]
    return text.shorten(", ".join(filter(None, [results.asked.words, *chosen])), LONGEST_TITLE)


def _pages(results: Results) -> list[dict[str, object]]:
    """Return the first page, the last, and those around the one that is shown, with gaps between."""
    at, last = results.asked.page, results.pages
    named = sorted({1, last, *range(max(1, at - AROUND), min(last, at + AROUND) + 1)})
    pages: list[dict[str, object]] = []
    for before, number in zip([0, *named], named, strict=False):
        if number - before > 1:
            pages.append({"label": "…", "url": None, "is_current": False})
        url = address(results.asked, page=str(number) if number > 1 else None)
        pages.append({"label": f"{number:,}", "url": url, "is_current": number == at})
    return pages
