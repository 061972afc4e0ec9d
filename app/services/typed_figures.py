"""Figures that a district types in itself. They pass a stricter gate than those of the state.

About fewer than eleven students a figure is held: it is shown to nobody but the data office of that district, until
the office releases or hides it.
"""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select, update

from app.figures import ALL
from app.lib.figure_rows import bounds_problem
from app.models import DefinitionVersion, District, FigureSource, ImportBatch, Indicator, Observation, StudentGroup
from app.models.indicator import FigureStatus
from app.policy import Denied, Part, require_figures
from app.work import Work

FEWEST = 11  # students behind a figure that is shown at once


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed in."""

    indicator_id: int
    year: int
    value: Decimal
    numerator: Decimal | None
    students: Decimal | None
    group_code: str = ALL
    note: str = ""


def add(work: Work, typed: Typed) -> Observation:
    """Keep a figure of the actor's own district; return it, held if few students are behind it.

    Raises:
        Denied: if the actor neither leads a strand, keeps figures, nor manages.
        ValueError: if it cannot be right; the message is for people.
    """
    part = _require(work)
    indicator = work.session.get(Indicator, typed.indicator_id)
    if indicator is None or work.session.get(StudentGroup, typed.group_code) is None:
        msg = "Choose an indicator and a student group."
        raise ValueError(msg)
    _check(typed, indicator)
    version_id = _version(work, indicator.id)
    source = _source(work, part.district_id)
    few = typed.students is None or typed.students < FEWEST
    key = (version_id, part.district_id, typed.group_code, typed.year, source.id)
    earlier = _earlier(work, key)
    if not few:
        _cover(work, earlier)
    batch = ImportBatch(
        file_name="typed in",
        file_digest="",
        imported_by_id=work.actor.person_id,
        imported_at=work.now,
        partnership_id=part.partnership_id,
        rows_new=0 if earlier else 1,
        rows_changed=1 if earlier else 0,
    )
    work.session.add(batch)
    work.session.flush()
    observation = Observation(
        version_id=version_id,
        district_id=part.district_id,
        group_code=typed.group_code,
        school_year=typed.year,
        source_id=source.id,
        vintage=max((one.vintage for one in earlier), default=0) + 1,
        is_latest=not few,
        status=FigureStatus.HELD if few else FigureStatus.REPORTED,
        value=typed.value,
        numerator=typed.numerator,
        denominator=typed.students,
        note=typed.note.strip()[:500],
        batch_id=batch.id,
        row_number=1,
    )
    work.session.add(observation)
    work.session.flush()
    thing = f"indicator:{indicator.id}"
    work.record("figure.typed", thing, partnership_id=part.partnership_id, held=few)
    if not few:
        work.promise("charts", thing)
    return observation


def release(work: Work, held: Observation) -> None:
    """Show a held figure, as one with few students behind it. Its definition version is loaded.

    Raises:
        Denied: if the actor is not of that district's data office.
    """
    part = _require_office(work, held)
    key = (held.version_id, held.district_id, held.group_code, held.school_year, held.source_id)
    _cover(work, [one for one in _earlier(work, key) if one.id != held.id])
    held.status, held.is_latest = FigureStatus.SMALL_SAMPLE, True
    work.session.flush()
    work.record("figure.released", f"indicator:{held.version.indicator_id}", partnership_id=part.partnership_id)


def hide(work: Work, held: Observation) -> None:
    """Hide a held figure for good: its numbers are forgotten. Its definition version is loaded.

    Raises:
        Denied: if the actor is not of that district's data office.
    """
    part = _require_office(work, held)
    key = (held.version_id, held.district_id, held.group_code, held.school_year, held.source_id)
    _cover(work, [one for one in _earlier(work, key) if one.id != held.id])
    held.status, held.is_latest = FigureStatus.SUPPRESSED, True
    held.value = held.numerator = held.denominator = None
    held.note = ""
    work.session.flush()
    work.record("figure.hidden", f"indicator:{held.version.indicator_id}", partnership_id=part.partnership_id)
    work.promise("charts", f"indicator:{held.version.indicator_id}")


def may_type(work_actor_part: Part | None, *, leads: bool) -> bool:
    """Say whether somebody may type figures in for their own district."""
    part = work_actor_part
    return part is not None and part.writes and (leads or part.is_data_office or part.role == "manager")


def _require(work: Work) -> Part:
    part = work.actor.here
    if part is None or not may_type(part, leads=bool(work.actor.leads)):
        msg = "Only a data office, the lead of a strand or a manager can type in figures."
        raise Denied(msg)
    return part


def _require_office(work: Work, held: Observation) -> Part:
    require_figures(work.actor)
    part = work.actor.here
    if part is None or part.district_id != held.district_id or not part.is_data_office:
        msg = "Only the data office of that district can decide about this figure."
        raise Denied(msg)
    return part


def _check(typed: Typed, indicator: Indicator) -> None:
    sentence = bounds_problem(indicator.unit, typed.value)
    if sentence:
        raise ValueError(sentence)
    if typed.students is not None and typed.students < 0:
        msg = "Nobody can count fewer than no students."
        raise ValueError(msg)
    if typed.numerator is not None and typed.students is not None and typed.numerator > typed.students:
        msg = f"The part ({typed.numerator}) is larger than the whole ({typed.students})."
        raise ValueError(msg)


def _version(work: Work, indicator_id: int) -> int:
    query = (
        select(DefinitionVersion.id)
        .where(DefinitionVersion.indicator_id == indicator_id)
        .order_by(DefinitionVersion.valid_from.is_not(None), DefinitionVersion.valid_from, DefinitionVersion.id)
    )
    numbers = work.session.scalars(query).all()
    if numbers:
        return numbers[-1]
    version = DefinitionVersion(indicator_id=indicator_id, code="first", name="first")
    work.session.add(version)
    work.session.flush()
    return version.id


def _source(work: Work, district_id: int) -> FigureSource:
    district = work.session.get_one(District, district_id)
    name = f"{district.name}, typed in"
    source = work.session.scalars(select(FigureSource).where(FigureSource.name == name)).one_or_none()
    if source is None:
        source = FigureSource(name=name, release="typed in")
        work.session.add(source)
        work.session.flush()
    return source


def _earlier(work: Work, key: tuple[int, int, str, int, int]) -> list[Observation]:
    o = Observation
    version, district, group, year, source = key
    query = select(o).where(
        o.version_id == version,
        o.district_id == district,
        o.group_code == group,
        o.school_year == year,
        o.source_id == source,
    )
    return list(work.session.scalars(query))


def _cover(work: Work, earlier: list[Observation]) -> None:
    numbers = [one.id for one in earlier]
    work.session.execute(update(Observation).where(Observation.id.in_(numbers)).values(is_latest=False))
