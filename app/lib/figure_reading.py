"""Reading rows as a mapping declares them: every figure of a row, read or refused with its column."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

from app.lib import cds, figure_rows
from app.lib.figure_rows import MARKERS, STATUSES, WITH_VALUE, BadRow, Row
from app.lib.students import plain
from app.lib.tables import Cells, NotFigures, Numbered

Read = TypeVar("Read")
Text = Callable[[Cells], str]

MEANINGS = ("value", "numerator", "denominator", "prior")
_PART = re.compile(r"\[([^\]]+)\]")


@dataclass(slots=True)
class Columns:
    """Finds columns by the names a declaration uses, and keeps which were found."""

    names: Cells
    values: Mapping[str, str]
    found: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def place(self, meaning: str, spelled: str | Sequence[str] | None) -> int:
        """Return where the first of some spellings stands, or -1."""
        if not spelled:
            return -1
        for name in [spelled] if isinstance(spelled, str) else spelled:
            wanted = filled(name, self.values)
            known = [plain(one) for one in self.names]
            at = self.names.index(wanted) if wanted in self.names else -1
            if at < 0 and plain(wanted) in known:
                at = known.index(plain(wanted))
            if at >= 0:
                self.found[meaning] = self.names[at]
                self.used.add(self.names[at])
                return at
        return -1

    def text(self, meaning: str, template: str) -> Text | str:
        """Return a text with columns in it as a function of a row, or as it is where it is always the same."""
        parts = _PART.split(filled(template, self.values))
        if len(parts) == 1:
            return parts[0]
        pieces: list[str | tuple[int, bool]] = []
        for place, part in enumerate(parts):
            if place % 2 == 0:
                pieces += [part] if part else []
                continue
            names, _, how = part.partition(":")
            pieces.append((self.place(meaning, names.split("|")), how == "lower"))
        if len(pieces) == 1 and isinstance(pieces[0], tuple):
            place, small = pieces[0]
            return partial(_small if small else _cell, place)
        return partial(_together, pieces)


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
    small: tuple[int, frozenset[str]]
    hidden: tuple[int, frozenset[str]]
    unit: Text | str
    source: Text | str
    release: Text | str
    note: Text | str
    line: str
    place: int
    restates: bool
    skips: bool
    only: tuple[int, frozenset[str]]
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
            msg = f"There is no column “{_first(place['code'])}” with the CDS codes."
            raise NotFigures(msg)
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
            small=_where(columns, said.get("small")),
            hidden=_where(columns, said.get("hidden")),
            unit=columns.text("unit", said.get("unit") or ""),
            source=columns.text("source", said.get("source") or ""),
            release=columns.text("release", said.get("release") or ""),
            note=columns.text("note", said.get("note") or ""),
            line=filled(said.get("line") or "", values),
            place=int(filled(str(said.get("place_in_line") or 0), values)),
            restates=bool(said.get("restates")),
            skips=bool(said.get("skip_blank")),
            only=_where(columns, said.get("only")),
            columns=columns.found,
            used=frozenset(columns.used),
        )

    def read(self, cells: Cells) -> Row | None:
        """Read one row; None if it has no such figure.

        Raises:
            BadRow: at the first thing in it that cannot be right.
        """
        at, only = self.only
        if at >= 0 and _cell(at, cells) not in only:
            return None
        written = [_cell(place, cells) if place >= 0 else "" for place in self.places]
        if self.skips and not written[0] and written[2] in {"", "0"}:
            return None
        note = _said(self.note, cells)
        status = self._status(cells, written[0])
        row = Row(
            _coded(self.indicators, _said(self.indicator, cells)),
            _said(self.version, cells),
            self._read("cds", figure_rows.code, _cell(self.code, cells)),
            _coded(self.groups, _said(self.group, cells)),
            self._year(cells),
            status,
            None if written[0].lower() in self.markers else self._number("value", written[0]),
            self._number("numerator", written[1]),
            self._number("denominator", written[2]),
            self._prior(written[3], note),
            _unit(_said(self.unit, cells)),
            figure_rows.source_name(_coded(self.sources, _said(self.source, cells))),
            _said(self.release, cells),
            note,
            _said(self.name, cells),
            _said(self.district, cells),
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
        said = _cell(self.status, cells)
        if said:
            known = self.statuses.get(said.lower()) or self.statuses.get(said.lower().replace("-", "_"))
            if known is None:
                msg = f"“{said}” is not a status. Use reported, small_sample, suppressed, not_available or not_tested."
                raise BadRow(self.columns["status"], msg)
            return known
        status = self.markers.get(written.lower(), "not_available" if not written else "reported")
        if status in WITH_VALUE:
            return "small_sample" if _is(self.small, cells) else status
        return "suppressed" if _is(self.hidden, cells) else status

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


@dataclass(slots=True)
class Reader:
    """Reads the figures of rows; some files need several rows for one figure, and some are added up."""

    figures: Sequence[Figures]
    gather: "Gather | None"
    adds_up: Mapping[str, str] | None
    rows: int = 0  # of the file, read so far

    def read(self, rows: Iterator[Numbered]) -> Iterator[tuple[int, Row | BadRow]]:
        """Return each figure, read or refused, with the number of its row."""
        counted = self._counted(rows)
        gathered = self.gather.over(counted) if self.gather else counted
        sums = _Sums(self.adds_up["note"]) if self.adds_up else None
        number = 0
        for number, cells in gathered:
            for one in self.figures:
                row = _tried(one, cells)
                if row is None:
                    continue
                if sums is not None and isinstance(row, Row):
                    sums.add(row)
                    if not cds.is_school(row.cds):  # counted nowhere else: it is in the total only
                        continue
                yield number, row
        if sums is not None:
            yield from ((number, row) for row in sums.rows())

    def _counted(self, rows: Iterator[Numbered]) -> Iterator[Numbered]:
        for number, cells in rows:
            self.rows += 1
            yield number, [cell.strip() for cell in cells]

    def unread(self, header: Cells) -> list[str]:
        """Return the columns that nothing is read from."""
        used = {name for one in self.figures for name in one.used}
        return [name for name in header if name and name not in used]


@dataclass(slots=True)
class Gather:
    """Rows that give one number each, made into one row for each figure: those that stand together."""

    by: Sequence[int]
    name: int
    value: int
    wanted: Mapping[str, int]  # what a number is called: where it goes
    width: int

    @classmethod
    def of(cls, words: Mapping[str, Any], names: Sequence[str]) -> "Gather":
        """Find the columns that a declaration gathers by; what is gathered goes to the right of them all."""
        width = len(names)
        by = [names.index(name) for name in words["by"]]
        wanted = {name: width + at for at, name in enumerate(words["into"])}
        return cls(by, names.index(words["name"]), names.index(words["value"]), wanted, width)

    def over(self, rows: Iterator[Numbered]) -> Iterator[Numbered]:
        """Return the gathered rows."""
        key: tuple[str, ...] | None = None
        kept: list[str] = []
        number = 0
        for at, cells in rows:
            this = tuple(_cell(place, cells) for place in self.by)
            if this != key:
                if key is not None:
                    yield number, kept
                key, number = this, at
                kept = [*(list(cells) + [""] * self.width)[: self.width], *[""] * len(self.wanted)]
            place = self.wanted.get(_cell(self.name, cells))
            if place is not None:
                kept[place] = _cell(self.value, cells)
                number = at if place == self.width else number
        if key is not None:
            yield number, kept


class _Sums:
    """Adds schools up to their districts. A total with a hidden part is hidden: it would tell the part."""

    def __init__(self, note: str) -> None:
        self._note = note
        self._totals: dict[tuple[str, ...], tuple[Row, Decimal | None]] = {}

    def add(self, row: Row) -> None:
        district = cds.district_part(row.cds)
        key = (row.indicator, row.version, district, row.group, str(row.year), row.source)
        first, total = self._totals.get(key, (row, Decimal(0)))
        self._totals[key] = first, None if total is None or row.value is None else total + row.value

    def rows(self) -> Iterator[Row]:
        for (_, _, district, *_), (row, total) in self._totals.items():
            status = "suppressed" if total is None else "reported"
            yield row._replace(
                cds=district,
                name=row.district,
                status=status,
                value=total,
                numerator=total,
                denominator=None,
                note=self._note,
            )


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return a text with its ``{names}`` replaced; a name that nothing is known of stays."""
    for name, value in values.items():
        template = template.replace("{" + name + "}", value)
    return template


def _tried(one: Figures, cells: Cells) -> Row | BadRow | None:
    try:
        return one.read(cells)
    except BadRow as problem:
        return problem


def _year_of(columns: Columns, words: Mapping[str, Any], values: Mapping[str, str]) -> int | Callable[[Cells], str]:
    if "column" not in words:
        return int(values["start"])
    place = columns.place("year", words["column"])
    if place < 0:
        msg = f"There is no column “{_first(words['column'])}” with the school years."
        raise NotFigures(msg)
    return partial(_cell, place)


def _where(columns: Columns, words: Mapping[str, Any] | None) -> tuple[int, frozenset[str]]:
    if not words:
        return -1, frozenset()
    return columns.place("", words["column"]), frozenset(str(value) for value in words["values"])


def _is(condition: tuple[int, frozenset[str]], cells: Cells) -> bool:
    place, values = condition
    return place >= 0 and _cell(place, cells) in values


def _first(spelled: str | Sequence[str]) -> str:
    return spelled if isinstance(spelled, str) else spelled[0]


def _cell(place: int, cells: Cells) -> str:
    return cells[place] if 0 <= place < len(cells) else ""


def _small(place: int, cells: Cells) -> str:
    return _cell(place, cells).lower()


def _together(pieces: Sequence[str | tuple[int, bool]], cells: Cells) -> str:
    return "".join(
        piece if isinstance(piece, str) else (_small if piece[1] else _cell)(piece[0], cells) for piece in pieces
    )


def _lowered(words: Mapping[object, str] | None) -> dict[str, str]:
    return {str(name).lower(): code for name, code in (words or {}).items()}


def _coded(codes: Mapping[str, str], written: str) -> str:
    """Return the code of a name that a file uses; what is not in the list stays as written."""
    return codes.get(written.lower(), written) if codes else written


def _said(text: Text | str, cells: Cells) -> str:
    return text if isinstance(text, str) else text(cells)


def _unit(written: str) -> str:
    return "index" if written.startswith("index") else written
