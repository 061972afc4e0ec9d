"""What was promised: my list, and one click to say how it stands."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kinds import COMMITMENT_STATES
from app.models import MeetingNote
from app.models.meeting import CommitmentState
from app.queries import commitments as owed
from app.queries import places, posts
from app.services import commitments
from app.web import here, telling
from app.web.gate import safe_target
from app.work import Work

bp = Blueprint("commitments", __name__, url_prefix="/commitments")

URGENT = 10  # of my district's; a page of its own has all
CLOSED = 20
MOST = 200


@bp.get("")
def mine() -> ResponseReturnValue:
    """Show what I promised, what my district owes, and what is done."""
    actor, session = here.actor(), here.session()
    part = actor.here
    return render_template(
        "commitments/mine.html",
        mine=owed.mine(session, actor),
        closed=owed.mine(session, actor, closed=True, limit=CLOSED),
        district=owed.of_district(session, actor, part.district_id, limit=4 * URGENT) if part else [],
        district_id=part.district_id if part else None,
        most=URGENT,
    )


@bp.get("/strands/<int:strand_id>")
def of_strand(strand_id: int) -> ResponseReturnValue:
    """Show all that is still owed from the meetings of a strand."""
    session, actor = here.session(), here.actor()
    strand = places.strand(session, actor, strand_id) or abort(404)
    return render_template(
        "commitments/listing.html",
        title=f"What is owed: {strand.name}",
        back=(strand.name, url_for("strands.show", strand_id=strand.id)),
        owed=owed.open_in_strand(session, actor, strand_id, limit=MOST + 1),
        most=MOST,
    )


@bp.get("/districts/<int:district_id>")
def of_district(district_id: int) -> ResponseReturnValue:
    """Show all that a district still owes."""
    session, actor = here.session(), here.actor()
    district = places.district(session, actor, district_id) or abort(404)
    return render_template(
        "commitments/listing.html",
        title=f"What {district.short_name} owes",
        back=(district.name, url_for("districts.show", district_id=district.id)),
        owed=owed.of_district(session, actor, district_id, limit=MOST + 1),
        most=MOST,
    )


@bp.post("/<int:commitment_id>/state")
def set_state(commitment_id: int) -> ResponseReturnValue:
    """Say how a commitment stands; one click takes it back."""
    if request.values.get("state") not in set(CommitmentState):
        abort(400)
    state = CommitmentState(request.values["state"])

    def change(work: Work) -> str:
        commitment = owed.one(work.session, work.actor, commitment_id) or abort(404)
        note = posts.one(work.session, work.actor, commitment.post_id)
        if not isinstance(note, MeetingNote):
            abort(404)
        own = next(one for one in note.commitments if one.id == commitment_id)
        before = own.state
        commitments.set_state(work, note, own, state)
        return before

    before = here.attempt(change)
    target = safe_target(request.values.get("next"))
    if before != state:
        undo = url_for("commitments.set_state", commitment_id=commitment_id, state=before, next=target)
        telling.undoable(f"{COMMITMENT_STATES[state]}.", undo)
    return redirect(target if target != "/" else url_for("commitments.mine"), 303)
