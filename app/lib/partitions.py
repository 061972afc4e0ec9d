"""Student groups that make up a whole, and what of their figures would tell a hidden one of them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from app.lib.suppression import TOGETHER, Part, Unsaid, unsaid
from app.lib.told import Placed

# A whole, and the groups into which its students fall, each student once; those that are usually largest first.
PARTITIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "all",
        (
            "hispanic_latino",
            "white",
            "asian",
            "african_american",
            "two_or_more_races",
            "filipino",
            "american_indian_alaska_native",
            "pacific_islander",
            "race_not_reported",
        ),
    ),
    ("all", ("female", "male", "non_binary", "gender_missing")),
    ("all", ("grades_tk_k", "grades_1_3", "grades_4_6", "grades_7_8", "grades_9_12")),
    ("all", ("grades_tk_8", "grades_9_12")),
    ("grades_tk_8", ("grades_tk_k", "grades_1_3", "grades_4_6", "grades_7_8")),
    ("all", ("smarter_balanced_assessment", "alternate_assessment")),
    ("english_learners", ("english_learners_only", "recently_reclassified")),
)
PARTS = frozenset(code for _, codes in PARTITIONS for code in codes)
PROTECTED = {"suppressed", "held"}  # the statuses of what nobody may find out
COUNTED = {"count"}  # the units in which a figure is itself a number of students

Cell = tuple[int, int, int, str]  # definition version, district, school year, source
Key = tuple[Cell, str]  # and the student group


def key(figure: Placed) -> Key:
    """Return what a figure is about, whatever its vintage."""
    return (figure.version_id, figure.district_id, figure.year, figure.source), figure.group_code


def around(groups: Collection[str]) -> set[str]:
    """Return the groups whose figures have to be known before those of some others may be shown."""
    wanted = set(groups)
    return wanted.union(*((total, *codes) for total, codes in PARTITIONS if wanted.intersection(codes)))


def telling(figures: Iterable[Placed]) -> tuple[set[Key], set[Key]]:
    """Return the figures whose numbers of students would tell a hidden figure, and those that would tell it themselves.

    Args:
        figures: the latest of every student group, hidden ones too, of one or more districts and years.
    """
    by_cell: dict[Cell, dict[str, Placed]] = {}
    for figure in figures:
        cell, group = key(figure)
        by_cell.setdefault(cell, {})[group] = figure
    numbers: set[Key] = set()
    whole: set[Key] = set()
    for cell, groups in by_cell.items():
        for group, is_figure in _told(groups):
            (whole if is_figure else numbers).add((cell, group))
    return numbers, whole


def telling_schools(figures: Iterable[Placed], district_id: int) -> tuple[set[Key], set[Key]]:
    """Return the same of schools: what would tell a hidden one of them beside the figure of their district.

    Args:
        figures: the latest of one or more student groups, of a district and of all its schools.
        district_id: the district's.
    """
    by_whole: dict[tuple[int, int, str, str], list[Placed]] = {}
    for figure in figures:
        by_whole.setdefault((figure.version_id, figure.year, figure.source, figure.group_code), []).append(figure)
    numbers: set[Key] = set()
    whole: set[Key] = set()
    for placed in by_whole.values():
        total = next((one for one in placed if one.district_id == district_id), None)
        schools = sorted((one for one in placed if one.district_id != district_id), key=lambda one: one.district_id)
        if total is None or not any(one.status in PROTECTED for one in placed):
            continue
        found = _unsaid(total, schools)
        numbers |= {key(schools[place]) for place in found.numbers}
        whole |= {key(schools[place]) for place in found.figures}
    return numbers, whole


def _told(groups: Mapping[str, Placed]) -> Iterator[tuple[str, bool]]:
    """Yield the groups of one cell that must stay unsaid, and whether the figure itself must."""
    for total, codes in PARTITIONS:
        there = [groups[code] for code in codes if code in groups]
        if total not in groups or not there:
            continue
        if len(there) == len(codes) and not any(one.status in PROTECTED for one in [groups[total], *there]):
            continue  # everybody is told of
        found = _unsaid(groups[total], there)
        yield from ((there[place].group_code, False) for place in found.numbers)
        yield from ((there[place].group_code, True) for place in found.figures)


def _unsaid(total: Placed, parts: Sequence[Placed]) -> Unsaid:
    numbers = [None if one.status in PROTECTED else _number(one) for one in parts]
    is_hidden = any(one.status in PROTECTED for one in [total, *parts])
    if None in numbers and not is_hidden:
        return Unsaid()  # nobody knows them, and nothing is hidden
    places = max((_decimals(one.value) for one in parts if one.value is not None), default=0)
    told = [Part(number, _step(one, number, places)) for one, number in zip(parts, numbers, strict=True)]
    if total.status in PROTECTED:  # it is the sum of its parts, where they are all shown
        if None in numbers:
            return Unsaid(numbers=set([place for place, part in enumerate(told) if part.step][:TOGETHER]))
        return unsaid(sum(filter(None, numbers), Decimal(0)), [*told, Part(None)])
    whole = _number(total)
    return Unsaid() if whole is None else unsaid(whole, told)


def _number(figure: Placed) -> Decimal | None:
    return figure.value if figure.unit in COUNTED else figure.students


def _step(figure: Placed, students: Decimal | None, places: int) -> Decimal:
    """Return how many students stand behind the last decimal of a rate; a mean says nothing of how many there are."""
    if figure.unit in COUNTED or students is None:
        return Decimal(0)
    return students / (100 * 10**places) if figure.unit == "percent" else Decimal(2)


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
