"""Adding districts up: the one place where Braid makes a figure that nobody published.

A sum is made of figures that may be seen, all of them whole, or it is not made: so it tells nothing that its reader
could not add up alone, and a hidden part cannot be found by taking the others from it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from app.lib.stats import format_value
from app.lib.told import Placed

HIDDEN = "hidden to protect students"
ADDED = ("percent", "count")  # the units that can be added up; a mean or an index cannot


@dataclass(frozen=True, slots=True)
class Together:
    """Several districts as one, from one source and one definition. All three numbers are None where it is hidden."""

    group_code: str
    year: int
    school_year: str
    version_id: int
    source: str
    release: str
    unit: str
    value: Decimal | None = None
    numerator: Decimal | None = None
    students: Decimal | None = None

    @property
    def words(self) -> str:
        """The figure as a page shows it, or why there is none."""
        return HIDDEN if self.value is None else format_value(self.value, self.unit)


def together_words(districts: int) -> str:
    """Return what several districts are called as one."""
    return "Both districts together" if districts == 2 else f"All {districts} districts together"  # noqa: PLR2004


def together(figures: Iterable[Placed], district_ids: Collection[int]) -> list[Together]:
    """Return each year and group in which one source gives all of some districts, the newest year first."""
    parts: dict[tuple[str, int, int, str], dict[int, Placed]] = {}
    for figure in figures:
        if figure.is_latest and figure.unit in ADDED and figure.district_id in district_ids:
            key = (figure.group_code, figure.year, figure.version_id, figure.source)
            parts.setdefault(key, {})[figure.district_id] = figure
    whole = [list(held.values()) for held in parts.values() if len(held) == len(district_ids) > 1]
    found = [sum_ for held in whole if (sum_ := _sum(held)) is not None]
    return sorted(found, key=lambda one: (-one.year, one.group_code, one.source))


def _sum(parts: list[Placed]) -> Together | None:
    """Return the sum of some figures, hidden where one of them or its number is; None where there is nothing to add."""
    first = parts[0]
    about = (first.group_code, first.year, first.school_year, first.version_id, first.source, first.release, first.unit)
    if any(part.is_unsaid or part.status == "suppressed" for part in parts):
        return Together(*about)
    if first.unit == "count":
        values = [part.value for part in parts if part.value is not None]
        return Together(*about, sum(values, Decimal(0))) if len(values) == len(parts) else None
    counted = [(p.numerator, p.students) for p in parts if p.numerator is not None and p.students]
    if len(counted) < len(parts):
        return None
    reached, students = (sum((one[at] for one in counted), Decimal(0)) for at in (0, 1))
    return Together(*about, 100 * reached / students, reached, students)
