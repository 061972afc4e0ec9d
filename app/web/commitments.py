"""What was promised: my list, and one click to say how it stands."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kinds import COMMITMENT_STATES
from app.models import MeetingNote
from app.models.meeting import CommitmentState
from app.queries import commitments as owed
from app.queries import posts
from app.services import commitments
from app.web import here, telling
from app.web.gate import safe_target
from app.work import Work

bp = Blueprint("commitments", __name__, url_prefix="/commitments")


@bp.get("")
def mine() -> ResponseReturnValue:
    """Show what I promised, what my district owes, and what is done."""
    actor, session = here.actor(), here.session()
    part = actor.here
    return render_template(
        "commitments/mine.html",
        mine=owed.mine(session, actor),
        closed=owed.mine(session, actor, closed=True, limit=20),
        district=owed.of_district(session, actor, part.district_id) if part else [],
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
