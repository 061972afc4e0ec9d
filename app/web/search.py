"""Search: one page, everything in its address."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.lib import text
from app.queries import searching
from app.queries.searching import Asked, Results
from app.search import IndexBusy, IndexDamaged
from app.web import here
from app.web.gate import public

bp = Blueprint("search", __name__, url_prefix="/search")

AROUND = 2  # pages named on each side of the one that is shown
LONGEST_TITLE = 60


@bp.get("")
@public
def show() -> ResponseReturnValue:
    """Show what was found, of what the reader may read; without words, the newest of everything."""
    asked = Asked.read(request.args.items(multi=True))
    try:
        results = searching.found(here.session(), here.actor(), here.index(), asked)
    except (IndexDamaged, IndexBusy):
        return render_template("search/away.html", title=_title(asked), asked=asked), 503
    return render_template(
        "search/show.html",
        title=_title(results.asked),
        results=results,
        asked=results.asked,
        address=address,
        pages=_pages(results),
    )


def address(asked: Asked, **changed: str | list[str] | None) -> str:
    """Return where the results of a question are."""
    said: dict[str, Any] = asked.pairs() | changed
    return url_for("search.show", **said)


def _title(asked: Asked) -> str:
    return f"Search: {text.shorten(asked.words, LONGEST_TITLE)}" if asked.words else "Search"


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
