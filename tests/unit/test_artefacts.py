"""What in the figures could make a movement that no student made, and nothing that only looks like it."""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from app.lib import artefacts
from app.lib.artefacts import Series
from app.lib.stats import format_value


@dataclass(frozen=True)
class Shown:
    year: int
    value: Decimal | None
    segment: int = 0
    students: Decimal | None = None
    numerator: Decimal | None = None
    source: str = "CDE"
    is_small: bool = False
    status: str = "reported"
    prior: Decimal | None = None
    prior_words: str = ""
    version_id: int = 1
    vintage: int = 1
    places: int = 1
    line: str = ""

    @property
    def school_year(self) -> str:
        return f"{self.year}-{(self.year + 1) % 100:02}"

    @property
    def words(self) -> str:
        return "hidden to protect students" if self.value is None else format_value(self.value, "percent")


@dataclass(frozen=True)
class Again:
    year: int
    published: str
    now: str
    source: str = "a later file"


def line(*values: str | None, start: int = 2014, **more: object) -> Series:
    figures = [
        Shown(start + n, None if value is None else Decimal(value), **more)  # type: ignore[arg-type]
        for n, value in enumerate(values)
    ]
    return Series("Long Beach", figures)


def test_a_new_definition_is_told_with_the_figures_on_both_sides() -> None:
    series = Series("Fresno", [Shown(2015, Decimal("44.8")), Shown(2016, Decimal(66), 1)])

    [found] = artefacts.breaks([(2016, "The test was redesigned."), (2030, "later")], [series])

    assert found.name == "New definition in 2016-17"
    assert "stood at 44.8% in 2015-16 and at 66.0% in 2016-17, which are not one series" in found.evidence


def test_only_the_newest_restatements_are_spelled_out() -> None:
    [found] = artefacts.restatements("Fresno", [Again(2003 + n, "700", "701") for n in range(5)])

    assert found.evidence.startswith("Fresno: 2007-08 was published as 700, restated 701; 2006-07")
    assert "2 earlier years too" in found.evidence
    assert artefacts.restatements("Fresno", []) == []


def test_a_small_group_says_what_one_student_moves() -> None:
    [found] = artefacts.small(line("50", "60", students=Decimal(20)))

    assert "2015-16 counts 20 students, so that one of them is 5.0 points" in found.evidence
    assert artefacts.small(line("50", students=Decimal(4000))) == []
    assert "the source calls 2014-15 a small sample" in artefacts.small(line("50", is_small=True))[0].evidence


def test_a_rate_and_its_number_that_part_ways_are_told() -> None:
    """Long Beach's AP exams scored 3 or more: 45.7 to 42.6%, and 4,674 to 5,909."""
    before = Shown(2014, Decimal("45.72"), students=Decimal(10223), numerator=Decimal(4674))
    after = Shown(2017, Decimal("42.64"), students=Decimal(13858), numerator=Decimal(5909))

    [found] = artefacts.counted(Series("Long Beach", [before, after]))

    assert "10,223 were counted in 2014-15 and 13,858 in 2017-18 (+35.6%)" in found.evidence
    assert "went from 45.7% to 42.6%" in found.evidence
    assert "The number behind it went the other way: up 1,235 from 4,674 to 5,909." in found.evidence


def test_who_is_counted_is_no_doubt_where_it_hardly_changed() -> None:
    assert artefacts.counted(line("50", "51", students=Decimal(1000), numerator=Decimal(500))) == []
    assert artefacts.counted(line("50")) == []


def test_participation_that_moved_is_told_beside_the_rate() -> None:
    [found] = artefacts.companion(line("45.7", "42.6"), "AP participation", line("26.7", "40.0"), "percent")

    assert "AP participation went from 26.7% in 2014-15 to 40.0% in 2015-16" in found.evidence
    assert "while this figure went from 45.7% to 42.6%" in found.evidence
    assert artefacts.companion(line("45", "42"), "AP", line("26", "27"), "percent") == []
    assert artefacts.companion(line("45", "42"), "AP", line("26", "60", start=2000), "percent") == []


def test_two_sources_are_told_only_where_they_disagree() -> None:
    held = [Shown(2023, Decimal("82.9")), Shown(2023, Decimal("83.2"), source="ed-data")]

    [found] = artefacts.disagreements("Long Beach", held)

    assert found.evidence == "Long Beach, 2023-24: 82.9% in CDE and 83.2% in ed-data. Say which you quote."
    assert artefacts.disagreements("Long Beach", [*held[:1], Shown(2023, Decimal("82.9"), source="ed-data")]) == []


@pytest.mark.parametrize(
    ("values", "start", "says"),
    [
        (("50", "51"), 2016, "figures begin in 2016-17; all students have them from 2014-15"),
        (("50", "51"), 2014, "figures end in 2015-16; all students have them to 2017-18"),
        (("50", None, "51", "52"), 2014, "there is nothing to show for 2015-16"),
    ],
)
def test_groups_that_appear_and_vanish_are_told(values: tuple[str | None, ...], start: int, says: str) -> None:
    [found] = artefacts.appearances(line(*values, start=start), line("80", "81", "82", "83"), "Foster youth")

    assert says in found.evidence


def test_hidden_figures_give_no_doubt_away() -> None:
    hidden = line(None, None, students=None)

    assert artefacts.small(hidden) == []
    assert artefacts.counted(hidden) == []
    assert artefacts.appearances(hidden, line("80", "81"), "Foster youth") == []
