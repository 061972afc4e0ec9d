"""Figures as a file that a spreadsheet opens safely, each row with its source."""

import csv
import io
from collections.abc import Iterator, Sequence

from app.figures import Figure
from app.lib.rollups import together, together_words
from app.lib.stats import rounded
from app.lib.text import join_words
from app.models import Comparison, District, Indicator
from app.models.crosswalk import Comparable

PLACES = 2  # of a rate that Braid computes
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


def table_of(
    indicator: Indicator, districts: Sequence[District], found: Sequence[Figure], verdict: Comparison | None
) -> str:
    """Return the figures as text with commas, the names of the columns first.

    The districts added up follow, unless the data office found that they cannot be compared.
    """
    text = io.StringIO()
    csv.writer(text).writerows(_table(indicator, districts, found))
    if verdict is None or verdict.verdict != Comparable.NO:
        csv.writer(text).writerows(_sums(indicator, districts, found))
    return text.getvalue()


def rows_of(indicator: Indicator, places: Sequence[District], found: Sequence[Figure]) -> str:
    """Return the figures of places that are not added up, such as schools, the names of the columns first."""
    text = io.StringIO()
    csv.writer(text).writerows(_table(indicator, places, found))
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


def _sums(indicator: Indicator, districts: Sequence[District], found: Sequence[Figure]) -> Iterator[Sequence[object]]:
    versions = {version.id: version.code for version in indicator.versions}
    for one in together(found, {district.id for district in districts}):
        yield (
            *map(safe, (indicator.code, versions[one.version_id])),
            together_words(len(districts)),
            "",
            one.school_year,
            one.group_code,
            "" if one.value is None else rounded(one.value, PLACES),
            indicator.unit,
            "added up by Braid" if one.value is not None else one.words,
            "" if one.numerator is None else one.numerator,
            "" if one.students is None else one.students,
            "",
            "yes",
            *map(safe, (one.source, one.release)),
            "",
            "",
            f"Added up from the rows of {join_words([district.name for district in districts])}",
        )


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
