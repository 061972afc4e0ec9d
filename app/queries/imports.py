"""Reading what was imported: files on their way in, loads, and figures that wait for a data office."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, raiseload

from app.lib import figure_lists
from app.lib.figure_lists import Entry, Kept
from app.lib.school_year import SchoolYear
from app.lib.stats import format_value
from app.models import (
    DefinitionVersion,
    District,
    FigureUpload,
    ImportBatch,
    Indicator,
    Observation,
    PartnershipDistrict,
    StudentGroup,
)
from app.models.indicator import FigureStatus
from app.models.types import Exact
from app.models.upload import UploadState
from app.policy import Actor

PAGE = 50
NO_VALUE = {"suppressed": "hidden", "not_available": "not available", "not_tested": "not tested"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A figure that was typed in and waits for the data office of its district. Only that office ever gets this."""

    id: int
    indicator: str
    district: str
    group: str
    year: str
    value: str
    students: Decimal | None
    note: str


@dataclass(frozen=True, slots=True)
class Recognised:
    """One figure of a file that is looked at, or the sentence that refuses a row."""

    row: int
    sentence: str
    indicator: str
    place: str
    group: str
    year: str
    now: str
    before: str


def uploads(session: Session, actor: Actor) -> Sequence[FigureUpload]:
    """Return the files of the partnership that are not loaded yet, newest first."""
    query = (
        select(FigureUpload)
        .where(FigureUpload.partnership_id == actor.partnership_id, FigureUpload.state != UploadState.LOADED)
        .order_by(FigureUpload.id.desc())
        .limit(PAGE)
    )
    return session.scalars(query.options(joinedload(FigureUpload.person), raiseload("*"))).all()


def upload(session: Session, actor: Actor, upload_id: int) -> FigureUpload | None:
    """Return one file of the partnership."""
    query = select(FigureUpload).where(
        FigureUpload.id == upload_id, FigureUpload.partnership_id == actor.partnership_id
    )
    loaded = (joinedload(FigureUpload.person), joinedload(FigureUpload.batch), raiseload("*"))
    return session.scalars(query.options(*loaded)).one_or_none()


def batches(session: Session, actor: Actor, before: int | None = None) -> Sequence[ImportBatch]:
    """Return a page of the loads of the partnership, newest first, and one more where there are more."""
    query = _batches(actor)
    if before is not None:
        query = query.where(ImportBatch.id < before)
    loaded = (joinedload(ImportBatch.imported_by), raiseload("*"))
    return session.scalars(query.order_by(ImportBatch.id.desc()).limit(PAGE + 1).options(*loaded)).all()


def batch(session: Session, actor: Actor, batch_id: int) -> ImportBatch | None:
    """Return one load of the partnership."""
    return session.scalars(_batches(actor).where(ImportBatch.id == batch_id)).one_or_none()


def waiting(session: Session, actor: Actor) -> list[Waiting]:
    """Return the figures that wait for the actor's own data office, oldest first."""
    if actor.here is None or not actor.keeps_figures():
        return []
    o = Observation
    query = (
        select(o.id, Indicator.name, Indicator.unit, District.short_name, StudentGroup.name, o.school_year, o.value,
               o.denominator, o.note)
        .join(DefinitionVersion, DefinitionVersion.id == o.version_id)
        .join(Indicator, Indicator.id == DefinitionVersion.indicator_id)
        .join(District, District.id == o.district_id)
        .join(StudentGroup, StudentGroup.code == o.group_code)
        .where(o.status == FigureStatus.HELD, o.district_id == actor.here.district_id)
        .order_by(o.id)
        .limit(PAGE)
    )  # fmt: skip
    return [
        Waiting(
            number,
            indicator,
            district,
            group,
            str(SchoolYear(year)),
            format_value(value or Decimal(), unit),
            students,
            note,
        )
        for number, indicator, unit, district, group, year, value, students, note in session.execute(query)
    ]


def held(session: Session, actor: Actor, observation_id: int) -> Observation | None:
    """Return one figure that waits for the actor's own data office."""
    if actor.here is None:
        return None
    query = select(Observation).where(
        Observation.id == observation_id,
        Observation.status == FigureStatus.HELD,
        Observation.district_id == actor.here.district_id,
    )
    return session.scalars(query.options(joinedload(Observation.version), raiseload("*"))).one_or_none()


def measured(session: Session, partnership_id: int | None) -> dict[str, int]:
    """Return how many other organizations Braid has figures of: districts outside the partnership, and schools."""
    here = select(PartnershipDistrict.district_id).where(PartnershipDistrict.partnership_id == partnership_id)
    query = select(District.kind, func.count()).where(District.id.not_in(here)).group_by(District.kind)
    return dict(session.execute(query).all())


def recognised(session: Session, folder: Path, kind: str, number: int) -> list[Recognised]:
    """Return a page of what was recognised in a file, in words.

    Args:
        session: to name indicators, places and groups.
        folder: of the file.
        kind: one of ``figure_lists.KINDS``.
        number: of the page, from 1.
    """
    entries = figure_lists.page(folder, kind, number)
    codes = {entry.indicator for entry in entries}
    indicators = {
        code: (name, unit)
        for code, name, unit in session.execute(
            select(Indicator.code, Indicator.name, Indicator.unit).where(Indicator.code.in_(codes))
        )
    }
    places = select(District.cds_code, District.name).where(District.cds_code.in_({entry.cds for entry in entries}))
    groups = select(StudentGroup.code, StudentGroup.name).where(
        StudentGroup.code.in_({entry.group for entry in entries})
    )
    names: dict[str | None, str] = dict(session.execute(places).all())
    called: dict[str, str] = dict(session.execute(groups).all())
    return [_recognised(entry, indicators, names, called) for entry in entries]


def _recognised(
    entry: Entry, indicators: dict[str, tuple[str, str]], places: dict[str | None, str], groups: dict[str, str]
) -> Recognised:
    if entry.sentence:
        return Recognised(entry.row, entry.sentence, "", "", "", "", "", "")
    indicator, unit = indicators.get(entry.indicator, (entry.indicator, ""))
    return Recognised(
        entry.row,
        "",
        indicator,
        places.get(entry.cds) or entry.name or entry.cds,
        groups.get(entry.group, entry.group),
        str(SchoolYear(entry.year)),
        _words(entry.now, unit),
        _words(entry.before, unit),
    )


def _words(kept: Kept, unit: str) -> str:
    status, value = kept
    if value is None:
        return NO_VALUE.get(status, status)
    number = Decimal(value) / Exact.SCALE
    return format_value(number, unit) if unit else str(number)


def _batches(actor: Actor) -> Select[ImportBatch]:
    return select(ImportBatch).where(ImportBatch.partnership_id == actor.partnership_id)
