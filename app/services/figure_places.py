"""What rows of figures may point at, by the names that files use, and what a file brings that is not there yet."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lib import cds
from app.lib.figure_rows import BadRow, Row, bounds_problem
from app.models import DefinitionVersion, District, FigureSource, Indicator, StudentGroup
from app.models.partnership import OrganizationKind

NO_SCHOOL = "0000000"  # the end of a whole district's CDS code
EARLIEST = 1970  # no figure of ours is older
NAMELESS = "source not named"


@dataclass
class Brought:
    """What a file brings with it. Its rows point at these by numbers below zero: the first is -1."""

    versions: list[tuple[int, str]] = field(default_factory=list)  # indicator, code
    sources: list[tuple[str, str, str, int]] = field(default_factory=list)  # name, release, line, place in it
    places: list[tuple[str, str]] = field(default_factory=list)  # CDS code, name
    named: list[tuple[int, str]] = field(default_factory=list)  # places that had no name so far


@dataclass
class Places:
    """What there is, by the names that files use; what a row names anew is written down in ``brought``."""

    indicators: dict[str, tuple[int, str]]  # code: number, unit
    places: dict[str, int]
    nameless: dict[str, int]
    groups: set[str]
    versions: dict[tuple[int, str], int]
    usual: dict[int, str]  # the code of the version that a row without one belongs to
    sources: dict[str, int]
    lines: dict[int, tuple[str, int]]  # source: its line, and its place in it
    this_year: int
    adds_places: bool = False
    brought: Brought = field(default_factory=Brought)

    @classmethod
    def of(cls, session: Session, this_year: int, *, adds_places: bool = False) -> "Places":
        """Read them all: some dozens of indicators, some thousands of districts and schools."""
        versions = session.execute(
            select(DefinitionVersion.indicator_id, DefinitionVersion.code, DefinitionVersion.id).order_by(
                DefinitionVersion.valid_from.is_not(None), DefinitionVersion.valid_from, DefinitionVersion.id
            )
        ).all()
        indicators = session.execute(select(Indicator.code, Indicator.id, Indicator.unit)).all()
        places = session.execute(
            select(District.cds_code, District.id, District.name).where(District.cds_code.is_not(None))
        ).all()
        sources = session.execute(
            select(FigureSource.name, FigureSource.id, FigureSource.line, FigureSource.place)
        ).all()
        return cls(
            {code: (number, unit) for code, number, unit in indicators},
            {code: number for code, number, _ in places if code},
            {code: number for code, number, name in places if code and name == cds.format(code)},
            set(session.scalars(select(StudentGroup.code))),
            {(indicator, code): number for indicator, code, number in versions},
            {indicator: code for indicator, code, _ in versions},
            {name: number for name, number, _, _ in sources},
            {number: (line or name, place) for name, number, line, place in sources},
            this_year,
            adds_places,
        )

    def problem(self, row: Row) -> BadRow | None:
        """Return the first thing that the database knows to be wrong with a row."""
        return next(self._problems(row), None)

    def _problems(self, row: Row) -> Iterator[BadRow]:
        if row.indicator not in self.indicators:
            said = f"No indicator is called “{row.indicator}”. Define it first, or check the spelling."
            yield BadRow(row.column("indicator"), said)
            return
        _, unit = self.indicators[row.indicator]
        if row.cds not in self.places and not self.adds_places:
            said = f"No district here has the CDS code {row.cds}. Add the district first, or check the code."
            yield BadRow(row.column("cds"), said)
        if row.group not in self.groups:
            yield BadRow(row.column("group"), f"No student group is called “{row.group}”.")
        if not EARLIEST <= row.year <= self.this_year:
            why = "is too long ago" if row.year < EARLIEST else "has not begun"
            said = f"The school year {row.year}-{(row.year + 1) % 100:02} {why}. Check the year."
            yield BadRow(row.column("year"), said)
        if row.unit and row.unit != unit:
            said = f"The file counts in {row.unit}, but “{row.indicator}” is defined in {unit}."
            yield BadRow(row.column("unit"), said)
        if row.value is not None and (sentence := bounds_problem(unit, row.value)):
            yield BadRow(row.column("value"), sentence)

    def version(self, row: Row) -> int:
        """Return the number of a row's definition version."""
        indicator_id, _ = self.indicators[row.indicator]
        code = row.version or self.usual.get(indicator_id, "first")
        number = self.versions.get((indicator_id, code))
        if number is None:
            self.brought.versions.append((indicator_id, code))
            number = self.versions[indicator_id, code] = -len(self.brought.versions)
            self.usual.setdefault(indicator_id, code)
        return number

    def source(self, row: Row) -> int:
        """Return the number of a row's source."""
        name = row.source or NAMELESS
        number = self.sources.get(name)
        if number is None:
            self.brought.sources.append((name, row.release[:60], row.line, row.place))
            number = self.sources[name] = -len(self.brought.sources)
            self.lines[number] = (row.line or name, row.place)
        elif row.line and self.lines[number] != (row.line, row.place):
            self.brought.sources.append((name, row.release[:60], row.line, row.place))
            self.lines[number] = (row.line, row.place)
        return number

    def place(self, row: Row) -> int:
        """Return the number of a row's district or school."""
        number = self.places.get(row.cds)
        if number is None:
            number = self._bring(row.cds, row)
        elif row.cds in self.nameless and (name := _name(row)):
            self.brought.named.append((self.nameless.pop(row.cds), name))
        return number

    def _bring(self, code: str, row: Row) -> int:
        district = cds.district_part(code)
        if not code.endswith(NO_SCHOOL) and district not in self.places:
            self._add(district, row.district)
        return self._add(code, _name(row))

    def _add(self, code: str, name: str) -> int:
        self.brought.places.append((code, name or cds.format(code)))
        number = self.places[code] = -len(self.brought.places)
        if not name:
            self.nameless[code] = number
        return number


def kind_of(code: str, name: str) -> OrganizationKind:
    """Return what an organization is, by its code and name."""
    if not code.endswith(NO_SCHOOL):
        return OrganizationKind.SCHOOL
    return OrganizationKind.COUNTY_OFFICE if "County Office" in name else OrganizationKind.DISTRICT


def _name(row: Row) -> str:
    return (row.name if not row.cds.endswith(NO_SCHOOL) else row.district or row.name).strip()
