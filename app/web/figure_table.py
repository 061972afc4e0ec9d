"""Figures as a file that a spreadsheet opens safely, each row with its source."""

import csv
import io
from collections.abc import Iterator, Sequence

from app.figures import Figure
from app.models import District, Indicator

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run
COLUMNS = (
    "indicator",
    "definition",
    "district",
    "cds",
    "school_year",
    "student_group",
    "value",
    "unit",
    "status",
    "numerator",
    "students",
    "vintage",
    "is_latest",
    "source",
    "release",
    "file",
    "row",
    "note",
)


def table_of(indicator: Indicator, districts: Sequence[District], found: Sequence[Figure]) -> str:
    """Return the figures as text with commas, the names of the columns first."""
    text = io.StringIO()
    csv.writer(text).writerows(_table(indicator, districts, found))
    return text.getvalue()


def _table(indicator: Indicator, districts: Sequence[District], found: Sequence[Figure]) -> Iterator[Sequence[object]]:
    names = {district.id: district for district in districts}
    versions = {version.id: version.code for version in indicator.versions}
    yield COLUMNS
    for figure in found:
        district = names[figure.district_id]
        text = (indicator.code, versions[figure.version_id], district.name, district.cds_code or "")
        yield (
            *map(safe, text),
            figure.school_year,
            figure.group_code,
            "" if figure.value is None else figure.value,
            indicator.unit,
            figure.status if figure.value is not None else figure.words,
            "" if figure.numerator is None else figure.numerator,
            "" if figure.students is None else figure.students,
            figure.vintage,
            "yes" if figure.is_latest else "no",
            *map(safe, (figure.source, figure.release, figure.file_name)),
            figure.row_number,
            safe(figure.note),
        )


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
