from datetime import UTC, date, datetime

import pytest

from app.lib.times import clock, day, in_zone, is_zone, words

FRESNO = "America/Los_Angeles"
NOW = datetime(2009, 10, 5, 17, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2009, 10, 5, 17, 42, tzinfo=UTC), "today 10:42"),
        (datetime(2009, 10, 5, 6, 59, tzinfo=UTC), "yesterday"),
        (datetime(2009, 10, 4, 6, 59, tzinfo=UTC), "3 October"),
        (datetime(2009, 10, 6, 20, 0, tzinfo=UTC), "tomorrow"),
        (datetime(2008, 10, 3, 20, 0, tzinfo=UTC), "3 October 2008"),
        (datetime(2010, 1, 1, 20, 0, tzinfo=UTC), "1 January 2010"),
    ],
)
def test_says_when_as_the_reader_lives_it(moment: datetime, expected: str) -> None:
    assert words(moment, NOW, FRESNO) == expected


def test_clocks_go_back_in_november() -> None:
    assert clock(datetime(2009, 10, 31, 18, 0, tzinfo=UTC), FRESNO) == "11:00"
    assert clock(datetime(2009, 11, 1, 18, 0, tzinfo=UTC), FRESNO) == "10:00"


def test_a_date_in_full() -> None:
    assert day(date(2009, 10, 3)) == "3 October 2009"


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "America"])
def test_says_how_to_name_a_time_zone(name: str) -> None:
    assert not is_zone(name)
    with pytest.raises(ValueError, match="Choose one like America/Los_Angeles"):
        in_zone(NOW, name)


def test_knows_the_zone_of_fresno() -> None:
    assert is_zone(FRESNO)


def test_refuses_a_moment_that_could_be_anywhere() -> None:
    with pytest.raises(ValueError, match="which time zone"):
        in_zone(datetime(2009, 10, 3, 10, 42), FRESNO)  # noqa: DTZ001 - the point of the test
