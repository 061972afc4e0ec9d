"""Taking out what one load brought, and marking which figure of a thing is the latest."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import aliased

from app.models import FigureSource, ImportBatch, Observation
from app.policy import Denied, require_figures
from app.work import Work

ASKED = 500  # numbers in one statement


def undo(work: Work, batch: ImportBatch) -> int:
    """Take out everything that one load brought; the vintages beneath come back. Return how many figures went.

    Raises:
        Denied: if the actor is of no data office and manages nothing there.
        ValueError: if it was undone already.
    """
    person_id = require_figures(work.actor)
    if batch.partnership_id != work.actor.partnership_id:
        msg = "Only the partnership that loaded these figures can undo it."
        raise Denied(msg)
    if batch.undone_at is not None:
        msg = "These figures were taken out already."
        raise ValueError(msg)
    beneath = _beneath(work, batch)
    gone = work.session.execute(
        delete(Observation).where(Observation.batch_id == batch.id), execution_options={"synchronize_session": False}
    ).rowcount  # type: ignore[attr-defined]
    mark(work, beneath, is_latest=True)
    batch.undone_at, batch.undone_by_id = work.now, person_id
    work.session.flush()
    work.record(
        "figures.undone", f"batch:{batch.id}", partnership_id=batch.partnership_id, file=batch.file_name, figures=gone
    )
    return int(gone)


def mark(work: Work, ids: list[int], *, is_latest: bool) -> None:
    """Say whether figures are the latest of their things."""
    for start in range(0, len(ids), ASKED):
        some = update(Observation).where(Observation.id.in_(ids[start : start + ASKED])).values(is_latest=is_latest)
        work.session.execute(some, execution_options={"synchronize_session": False})


def _beneath(work: Work, batch: ImportBatch) -> list[int]:
    """Return the figures that come to light again: of each thing the latest that the batch covers."""
    over, under = aliased(Observation), aliased(Observation)
    of_over, of_under = aliased(FigureSource), aliased(FigureSource)
    query = (
        select(over.id, under.id)
        .join(of_over, of_over.id == over.source_id)
        .join(
            under,
            (under.version_id == over.version_id)
            & (under.district_id == over.district_id)
            & (under.group_code == over.group_code)
            & (under.school_year == over.school_year),
        )
        .join(of_under, of_under.id == under.source_id)
        .where(over.batch_id == batch.id, over.is_latest, over.vintage > 1)
        .where(under.batch_id != batch.id, under.status != "held")
        .where((of_under.id == of_over.id) | ((of_over.line != "") & (of_under.line == of_over.line)))
        .order_by(of_under.place, under.vintage)
    )
    return list(dict(work.session.execute(query).all()).values())
