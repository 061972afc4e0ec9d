"""Who is here: the directory and one person."""

from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.lib.numbers import row_number
from app.queries import people, posts
from app.queries.people import Wanted
from app.services.people import ROLES
from app.web import catalogue, here

bp = Blueprint("people", __name__, url_prefix="/people")

LONGEST = 100  # characters of a search that we look for


@dataclass(frozen=True, slots=True)
class PageLink:
    """One page of a list, for the pager."""

    label: str
    url: str
    is_current: bool


@bp.get("")
def listing() -> ResponseReturnValue:
    """Show the directory of the partnership."""
    session, actor = here.session(), here.actor()
    around = catalogue.of_partnership(actor.partnership_id)
    partnership = around.partnership or abort(404)
    wanted = Wanted(
        request.args.get("q", "")[:LONGEST].strip(),
        request.args.get("district", type=row_number),
        request.args.get("strand", type=row_number),
        request.args.get("departed") == "y",
    )
    number = request.args.get("page", type=row_number)
    page = people.directory(session, actor, wanted, here.today(), number or 1)
    return render_template(
        "people/listing.html",
        partnership=partnership,
        wanted=wanted,
        page=page,
        pages=_pages(page, wanted),
        strands=around.strands,
        roles=ROLES,
    )


@bp.get("/<int:person_id>")
def show(person_id: int) -> ResponseReturnValue:
    """Show one person: what they do here, and what they wrote."""
    session, actor = here.session(), here.actor()
    person = people.one(session, actor, person_id) or abort(404)
    return render_template(
        "people/show.html",
        person=person,
        parts=people.parts(session, actor, person_id),
        terms=people.terms(session, actor, person_id),
        page=posts.feed(session, actor, posts.Wanted(author_id=person_id)),
        roles=ROLES,
        manages=actor.manages(actor.partnership_id) and people.membership(session, actor, person_id) is not None,
    )


def _pages(page: people.Page, wanted: Wanted) -> list[PageLink]:
    return [
        PageLink(
            str(number),
            url_for(
                ".listing",
                page=number,
                q=wanted.words or None,
                district=wanted.district_id,
                strand=wanted.strand_id,
                departed="y" if wanted.departed else None,
            ),
            number == page.number,
        )
        for number in range(1, page.pages + 1)
    ]
