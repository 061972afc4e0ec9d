"""Reading one figure of a row as a mapping declares it: read, or refused with its column."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from app.lib import figure_rows
from app.lib.figure_columns import Columns, Condition, Misfit, Text, cell, condition, filled, first_of, holds, said_by
from app.lib.figure_rows import MARKERS, STATUSES, WITH_VALUE, BadRow, Row
from app.lib.tables import Cells

Read = TypeVar("Read")

MEANINGS = ("value", "numerator", "denominator", "prior")


@dataclass(slots=True)
class Figures:
    """One figure that every row of a file has: where its parts stand."""

    indicator: Text | str
    version: Text | str
    code: int
    name: Text | str
    district: Text | str
    year: int | Callable[[Cells], str]
    ends: bool
    shift: int
    group: Text | str
    groups: Mapping[str, str]
    indicators: Mapping[str, str]
    sources: Mapping[str, str]
    places: tuple[int, ...]  # of MEANINGS
    status: int
    statuses: Mapping[str, str]
    markers: Mapping[str, str]
    small: Condition
    hidden: Condition
    unit: Text | str
    source: Text | str
    release: Text | str
    note: Text | str
    line: str
    place: int
    restates: bool
    skips: bool
    only: Condition
    leaves_out: Sequence[Condition]
    columns: Mapping[str, str]
    used: frozenset[str]

    @property
    def has_value(self) -> bool:
        """Whether the file has the column of the value."""
        return self.places[0] >= 0

    @classmethod
    def of(
        cls, words: Mapping[str, Any], whole: Mapping[str, Any], names: Cells, values: Mapping[str, str]
    ) -> "Figures":
        """Find the columns of one declared figure."""
        said = {**whole, **words}
        columns = Columns(names, values)
        place, years = whole["place"], whole["year"]
        needed = columns.place("cds", place["code"])
        if needed < 0:
            msg = f"There is no column “{first_of(place['code'])}” with the CDS codes."
            raise Misfit(msg)
        year = _year_of(columns, years, values)
        codes = said.get("codes") or {}
        group = said.get("group") or "all"
        return cls(
            indicator=columns.text("indicator", said.get("indicator") or ""),
            version=columns.text("version", said.get("version") or ""),
            code=needed,
            name=columns.text("name", place.get("name") or ""),
            district=columns.text("district", place.get("district") or ""),
            year=year,
            ends=years.get("counts") == "end",
            shift=-1 if said.get("year_before") else 0,
            group=columns.text("group", group),
            groups=_lowered(codes.get("group")),
            indicators=_lowered(codes.get("indicator")),
            sources=_lowered(codes.get("source")),
            places=tuple(columns.place(meaning, said.get(meaning)) for meaning in MEANINGS),
            status=columns.place("status", said.get("status")),
            statuses=STATUSES | _lowered(codes.get("status")),
            markers=MARKERS | _lowered(said.get("markers")),
            small=condition(columns, said.get("small")),
            hidden=condition(columns, said.get("hidden")),
            unit=columns.text("unit", said.get("unit") or ""),
            source=columns.text("source", said.get("source") or ""),
            release=columns.text("release", said.get("release") or ""),
            note=columns.text("note", said.get("note") or ""),
            line=filled(said.get("line") or "", values),
            place=int(filled(str(said.get("place_in_line") or 0), values)),
            restates=bool(said.get("restates")),
            skips=bool(said.get("skip_blank")),
            only=condition(columns, said.get("only")),
            leaves_out=[condition(columns, one) for one in said.get("leave_out") or ()],
            columns=columns.found,
            used=frozenset(columns.used),
        )

    def read(self, cells: Cells) -> Row | None:
        """Read one row; None if it has no such figure.

        Raises:
            BadRow: at the first thing in it that cannot be right.
        """
        at, only = self.only
        if at >= 0 and cell(at, cells) not in only:
            return None
        if self.leaves_out and any(holds(one, cells) for one in self.leaves_out):
            return None
        written = [cell(place, cells) if place >= 0 else "" for place in self.places]
        if self.skips and not written[0] and written[2] in {"", "0"}:
            return None
        note = said_by(self.note, cells)
        status = self._status(cells, written[0])
        row = Row(
            _coded(self.indicators, said_by(self.indicator, cells)),
            said_by(self.version, cells),
            self._read("cds", figure_rows.code, cell(self.code, cells)),
            _coded(self.groups, said_by(self.group, cells)),
            self._year(cells),
            status,
            None if written[0].lower() in self.markers else self._number("value", written[0]),
            self._number("numerator", written[1]),
            self._number("denominator", written[2]),
            self._prior(written[3], note),
            _unit(said_by(self.unit, cells)),
            figure_rows.source_name(_coded(self.sources, said_by(self.source, cells))),
            said_by(self.release, cells),
            note,
            said_by(self.name, cells),
            said_by(self.district, cells),
            self.line,
            self.place,
            self.restates,
            self.columns,
        )
        if self.restates and row.value is None:
            return None
        figure_rows.check(row)
        return row

    def _status(self, cells: Cells, written: str) -> str:
        said = cell(self.status, cells)
        if said:
            known = self.statuses.get(said.lower()) or self.statuses.get(said.lower().replace("-", "_"))
            if known is None:
                msg = f"“{said}” is not a status. Use reported, small_sample, suppressed, not_available or not_tested."
                raise BadRow(self.columns["status"], msg)
            return known
        status = self.markers.get(written.lower(), "not_available" if not written else "reported")
        if status in WITH_VALUE:
            return "small_sample" if holds(self.small, cells) else status
        return "suppressed" if holds(self.hidden, cells) else status

    def _year(self, cells: Cells) -> int:
        if isinstance(self.year, int):
            return self.year + self.shift
        written = self.year(cells)
        read = figure_rows.year
        if self.ends:
            return self._read("year", read, written) - 1 + self.shift
        return self._read("year", read, written) + self.shift

    def _prior(self, written: str, note: str) -> Decimal | None:
        if written and written.lower() not in self.markers:
            return self._number("prior", written)
        return figure_rows.prior_in(note) if note else None

    def _number(self, meaning: str, written: str) -> Decimal | None:
        if not written or (meaning != "value" and written.lower() in self.markers):
            return None
        return self._read(meaning, figure_rows.number, written)

    def _read(self, meaning: str, read: Callable[[str], Read], written: str) -> Read:
        try:
            return read(written)
        except ValueError as error:
            raise BadRow(self.columns.get(meaning, meaning), str(error)) from None


def _year_of(columns: Columns, words: Mapping[str, Any], values: Mapping[str, str]) -> int | Callable[[Cells], str]:
    if "column" not in words:
        return int(values["start"])
    place = columns.place("year", words["column"])
    if place < 0:
        msg = f"There is no column “{first_of(words['column'])}” with the school years."
        raise Misfit(msg)
    return partial(cell, place)


def _lowered(words: Mapping[object, str] | None) -> dict[str, str]:
    return {str(name).lower(): code for name, code in (words or {}).items()}


def _coded(codes: Mapping[str, str], written: str) -> str:
    """Return the code of a name that a file uses; what is not in the list stays as written."""
    return codes.get(written.lower(), written) if codes else written


def _unit(written: str) -> str:
    return "index" if written.startswith("index") else written
