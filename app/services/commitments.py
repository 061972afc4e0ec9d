"""Closing commitments, and saying that they are late or blocked."""

from app.models import Commitment, MeetingNote
from app.models.meeting import CommitmentState
from app.policy import Denied, may_set_state
from app.services.posts import refresh_copy, thing
from app.work import Work


def set_state(work: Work, meeting: MeetingNote, commitment: Commitment, state: CommitmentState) -> None:
    """Say how a commitment stands. Its owner, the people of its district and whoever may change the note can.

    Raises:
        Denied: if the actor is none of these.
    """
    if not may_set_state(work.actor, meeting, commitment):
        msg = "Only its owner, the people of its district or the strand’s team can change a commitment."
        raise Denied(msg)
    before = commitment.state
    commitment.state = state
    commitment.closed_on = (commitment.closed_on or work.now.date()) if commitment.is_closed else None
    refresh_copy(work, meeting, work.actor.person_id or 0)
    work.record(
        "commitment.changed",
        thing(meeting),
        partnership_id=meeting.partnership_id,
        commitment=commitment.id,
        before=before,
        after=state,
    )
