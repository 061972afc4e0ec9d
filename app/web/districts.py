"""Districts: who takes part for each, what it wrote and what it owes."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from app.lib import cds
from app.models import District
from app.models.partnership import OrganizationKind
from app.queries import commitments, people, places, posts
from app.services.people import ROLES
from app.web import here

bp = Blueprint("districts", __name__, url_prefix="/districts")

OWED = 8  # commitments on the page, the most urgent first

KINDS = {
    OrganizationKind.DISTRICT: "District",
    OrganizationKind.COUNTY_OFFICE: "County office",
    OrganizationKind.DOCUMENTER: "Documenter",
}


@bp.get("")
def listing() -> ResponseReturnValue:
    """Show the districts of the partnership."""
    session, actor = here.session(), here.actor()
    partnership = places.partnership(session, actor.partnership_id) or abort(404)
    return render_template(
        "districts/listing.html",
        partnership=partnership,
        heads=places.head_counts(session, partnership.id, here.today()),
        kinds_of_place=KINDS,
        code_of=code_of,
    )


@bp.get("/<int:district_id>")
def show(district_id: int) -> ResponseReturnValue:
    """Show one district."""
    session, actor, today = here.session(), here.actor(), here.today()
    district = places.district(session, actor, district_id) or abort(404)
    members = places.team_of(session, actor, district_id, today)
    return render_template(
        "districts/show.html",
        district=district,
        kind=KINDS[OrganizationKind(district.kind)],
        code=code_of(district),
        members=members,
        terms=people.terms_of(session, actor, [member.person_id for member in members], today),
        page=posts.feed(session, actor, posts.Wanted(actor.partnership_id, district_id=district_id)),
        owed=commitments.of_district(session, actor, district_id, limit=OWED + 1),
        most_owed=OWED,
        roles=ROLES,
    )


def code_of(district: District) -> str:
    """Return the CDS code of a district as the state prints it."""
    return cds.format(district.cds_code) if district.cds_code else ""
