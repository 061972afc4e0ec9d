"""Writing annotations: what the data office says on charts at a day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from app.models import Annotation
from app.policy import Denied, require_figures
from app.work import Work

LONGEST_WORDS = 48  # characters that have room above a chart
LONGEST_EXPLANATION = 2000


@dataclass(frozen=True, slots=True)
class Said:
    """What stands on the charts: of one indicator or all, of one district or all, at a day or until another."""

    words: str
    explanation: str
    starts_on: date
    ends_on: date | None = None
    indicator_id: int | None = None
    district_id: int | None = None


def add(work: Work, said: Said, district_ids: Collection[int]) -> Annotation:
    """Put words on charts of the partnership the actor is looking at.

    Args:
        work: whose actor keeps figures.
        said: the words, and where they stand.
        district_ids: the districts of the partnership.

    Raises:
        Denied: if the actor is of no data office and manages nothing, or looks at no partnership.
        ValueError: if the district is of another partnership, or the days run backwards.
    """
    author_id = require_figures(work.actor)
    part = work.actor.here
    if part is None or not part.writes:
        msg = "Choose the partnership first on whose charts you want to write."
        raise Denied(msg)
    annotation = Annotation(partnership_id=part.partnership_id, written_by_id=author_id, written_at=work.now)
    _say(annotation, said, district_ids)
    work.session.add(annotation)
    work.session.flush()
    _record(work, "annotation.added", annotation)
    return annotation


def change(work: Work, annotation: Annotation, said: Said, district_ids: Collection[int]) -> None:
    """Say it in other words, or elsewhere.

    Raises:
        Denied: if the actor keeps no figures in this partnership.
        ValueError: as ``add``.
    """
    _require(work, annotation)
    _record(work, "annotation.changed", annotation)  # the charts it leaves are drawn anew
    _say(annotation, said, district_ids)
    annotation.written_by_id, annotation.written_at = require_figures(work.actor), work.now
    work.session.flush()
    _record(work, "annotation.changed", annotation)


def remove(work: Work, annotation: Annotation) -> None:
    """Take it off the charts; the row stays for the record.

    Raises:
        Denied: if the actor keeps no figures in this partnership.
    """
    _require(work, annotation)
    annotation.removed_at = work.now
    work.session.flush()
    _record(work, "annotation.removed", annotation)


def _require(work: Work, annotation: Annotation) -> None:
    require_figures(work.actor)
    if work.actor.partnership_id != annotation.partnership_id:
        msg = "Only the data offices of its own partnership can change what stands on its charts."
        raise Denied(msg)


def _say(annotation: Annotation, said: Said, district_ids: Collection[int]) -> None:
    if said.district_id is not None and said.district_id not in district_ids:
        msg = "That district is not of this partnership. Choose one of the list."
        raise ValueError(msg)
    if said.ends_on is not None and said.ends_on < said.starts_on:
        msg = "It ends before it begins. Change one of the two days."
        raise ValueError(msg)
    annotation.words = said.words.strip()[:LONGEST_WORDS]
    annotation.explanation = said.explanation.strip()[:LONGEST_EXPLANATION]
    annotation.starts_on, annotation.ends_on = said.starts_on, said.ends_on
    annotation.indicator_id, annotation.district_id = said.indicator_id, said.district_id


def _record(work: Work, action: str, annotation: Annotation) -> None:
    thing = f"indicator:{annotation.indicator_id}" if annotation.indicator_id else "indicators"
    work.record(action, thing, partnership_id=annotation.partnership_id, words=annotation.words)
