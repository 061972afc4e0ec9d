from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.school_year import SchoolYear, start_of


@pytest.mark.parametrize(
    ("written", "start"),
    [
        ("2008-09", 2008),
        ("2008-2009", 2008),
        ("2008–09", 2008),
        (" 2008/09 ", 2008),
        ("0809", 2008),
        ("1415", 2014),
        ("1920", 2019),
        ("9900", 1999),
        ("1999-00", 1999),
        ("2021", 2021),
        ("2008", 2008),
        ("2008.0", 2008),
        (2008, 2008),
    ],
)
def test_reads_a_school_year_however_it_is_written(written: str | int, start: int) -> None:
    assert SchoolYear.parse(written) == SchoolYear(start)


@pytest.mark.parametrize("written", ["", "last year", "208-09", "0810", "12", "2008-09-10", "3000", "٢٠٠٨x"])
def test_says_how_to_write_one_that_it_cannot_read(written: str) -> None:
    with pytest.raises(ValueError, match=r"is not a school year\. Write it like 2008-09\."):
        SchoolYear.parse(written)


def test_an_address_names_the_year_it_starts_in() -> None:
    assert [start_of(text) for text in ("1900", "2012", "2199")] == [1900, 2012, 2199]
    for text in (None, "", "x", "1899", "2200", "-2012", "2008-09", "²", str(2**63), "9" * 5000):
        assert start_of(text) is None


def test_two_years_must_follow_each_other() -> None:
    with pytest.raises(ValueError, match=r"“2008-10” is not one school year\. Write two years that follow each other"):
        SchoolYear.parse("2008-10")


@given(st.integers(1900, 2199))
def test_what_is_written_reads_back(start: int) -> None:
    assert SchoolYear.parse(str(SchoolYear(start))) == SchoolYear(start)


def test_it_starts_on_the_first_of_july() -> None:
    assert SchoolYear.of(date(2009, 6, 30)) == SchoolYear(2008)
    assert SchoolYear.of(date(2009, 7, 1)) == SchoolYear(2009)


@given(st.dates(date(1902, 1, 1), date(2199, 1, 1)))
def test_every_day_is_in_its_school_year(day: date) -> None:
    year = SchoolYear.of(day)
    assert year.first_day <= day <= year.last_day
    assert year.previous.last_day < day < year.next.first_day


def test_years_sort_as_time_passes() -> None:
    years = [SchoolYear.parse(text) for text in ("2009-10", "1999-00", "2008-09")]
    assert [str(year) for year in sorted(years)] == ["1999-00", "2008-09", "2009-10"]
