"""What appears while somebody types: suggestions under the search box, and earlier posts like a draft."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kinds import kind_of
from app.lib.numbers import row_number
from app.queries import related, suggesting
from app.queries.suggesting import Suggestions
from app.search import IndexBusy, IndexDamaged
from app.web import catalogue, here
from app.web.frame import post_url
from app.web.gate import public

bp = Blueprint("suggestions", __name__)

LONGEST = 100  # characters of what is typed into the box
LEAST = 12  # characters of a draft, before anything is like it


@bp.get("/suggestions")
@public
def show() -> ResponseReturnValue:
    """Return pages, people, indicators, strands and past searches that begin as the reader types."""
    typed = " ".join(request.args.get("q", "").split())[:LONGEST]
    known = catalogue.defined().values()
    found = suggesting.of(here.session(), here.actor(), here.index(), typed, today=here.today(), known=known)
    return {"q": typed, "groups": _groups(found)}


@bp.get("/related")
def like_this() -> ResponseReturnValue:
    """Return earlier posts like a draft, as a piece of a page; nothing where there is none."""
    words = " ".join((request.args.get("title", ""), request.args.get("title", ""), request.args.get("text", "")))
    besides = request.args.get("besides", type=row_number)
    nothing = Response(status=204, mimetype="text/plain")
    if len(words.strip()) < LEAST:
        return nothing
    try:
        found = related.like(here.session(), here.actor(), here.index(), words, besides=besides)
    except (IndexDamaged, IndexBusy):
        return nothing
    if not found:
        return nothing
    return render_template("search/_related.html", related=found, heading="Earlier posts like this")


def _groups(found: Suggestions) -> Sequence[dict[str, Any]]:
    groups = {
        "You searched for": [_option(one.words, "", url_for("search.show", q=one.words)) for one in found.past],
        "Posts": [_option(post.title, kind_of(post).label, post_url(post)) for post in found.posts],
        "People": [_option(one.name, one.detail, url_for("people.show", person_id=one.id)) for one in found.people],
        "Indicators": [
            _option(one.name, one.detail, url_for("indicators.show", indicator_id=one.id)) for one in found.indicators
        ],
        "Strands": [_option(one.name, "Strand", url_for("strands.show", strand_id=one.id)) for one in found.strands],
    }
    return [{"label": label, "options": options} for label, options in groups.items() if options]


def _option(label: str, detail: str, href: str) -> dict[str, str]:
    return {"label": label, "detail": detail, "href": href}
