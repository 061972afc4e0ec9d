"""Strands: what each is for, who works on it, what they wrote and owe."""

from collections.abc import Iterable, Sequence
from datetime import date

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from app.lib.school_year import SchoolYear
from app.models import District, Strand, StrandTerm
from app.models.strand import Degree
from app.queries import commitments, places, posts
from app.web import here

bp = Blueprint("strands", __name__, url_prefix="/strands")

OWED = 8  # commitments on the page, the most urgent first

DEGREES = {
    Degree.PARALLEL: "In parallel: the same goal, each district with its own programme",
    Degree.EXCHANGE: "In exchange: one district adopts from the other",
    Degree.JOINT: "Jointly: one programme for all",
}


@bp.get("")
def listing() -> ResponseReturnValue:
    """Show every strand of the partnership, closed ones last."""
    session, actor = here.session(), here.actor()
    partnership = places.partnership(session, actor.partnership_id) or abort(404)
    strands = places.strands(session, partnership.id, closed=True)
    return render_template(
        "strands/listing.html",
        partnership=partnership,
        strands=sorted(strands, key=lambda strand: strand.closed_at is not None),
        degrees=DEGREES,
    )


@bp.get("/<int:strand_id>")
def show(strand_id: int) -> ResponseReturnValue:
    """Show one strand."""
    session, actor, today = here.session(), here.actor(), here.today()
    strand = places.strand(session, actor, strand_id) or abort(404)
    year = SchoolYear.of(today).start
    return render_template(
        "strands/show.html",
        strand=strand,
        degree=DEGREES[Degree(strand.degree)],
        teams=_teams(strand, today),
        past=[term for term in reversed(strand.terms) if not _is_on(term, today)],
        year=year,
        plan=places.current_plan(session, actor, strand_id, year),
        page=posts.feed(session, actor, posts.Wanted(strand_id=strand_id)),
        owed=commitments.open_in_strand(session, actor, strand_id, limit=OWED + 1),
        most_owed=OWED,
        indicators=places.indicators_of(session, actor, strand_id),
    )


def _teams(strand: Strand, today: date) -> Sequence[tuple[District, Sequence[StrandTerm]]]:
    """Return who works on a strand today, by district, leads first."""
    current = [term for term in strand.terms if _is_on(term, today)]
    by_district = {term.district_id: term.district for term in current}
    return [
        (district, _leads_first(term for term in current if term.district_id == district.id))
        for district in sorted(by_district.values(), key=lambda district: district.name)
    ]


def _leads_first(terms: Iterable[StrandTerm]) -> Sequence[StrandTerm]:
    return sorted(terms, key=lambda term: (not term.is_lead, term.person.name))


def _is_on(term: StrandTerm, today: date) -> bool:
    return term.is_current(today) and term.person.departed_at is None
