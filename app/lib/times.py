"""When, in the words and the time zone of the reader."""

from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


@cache
def _zone(name: str) -> ZoneInfo:
    """Return the time zone called ``name``."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        msg = f"We do not know the time zone “{name}”. Choose one like America/Los_Angeles."
        raise ValueError(msg) from problem


def in_zone(moment: datetime, zone: str) -> datetime:
    """Return the same moment as clocks in ``zone`` show it.

    Raises:
        ValueError: if ``moment`` carries no time zone, or ``zone`` is not one we know.
    """
    if moment.tzinfo is None:
        msg = f"{moment} does not say which time zone it is in"
        raise ValueError(msg)
    return moment.astimezone(_zone(zone))


def is_zone(name: str) -> bool:
    """Whether ``name`` is a time zone we know."""
    try:
        _zone(name)
    except ValueError:
        return False
    return True


def clock(moment: datetime, zone: str) -> str:
    """Return the time of day: "10:42"."""
    return f"{in_zone(moment, zone):%H:%M}"


def day(when: date) -> str:
    """Return a date in full: "3 October 2009"."""
    return f"{when.day} {when:%B} {when.year}"


def words(moment: datetime, now: datetime, zone: str) -> str:
    """Return when, as a colleague would say it.

    "today 10:42", "yesterday", "3 October" this calendar year, "3 October 2009" before; what is still to come
    is "tomorrow" or a date.
    """
    return _words(moment, in_zone(now, zone).date(), zone)


@lru_cache(maxsize=8_192)  # a list says the same moments again and again
def _words(moment: datetime, today: date, zone: str) -> str:
    there = in_zone(moment, zone)
    if there.date() == today:
        return f"today {there:%H:%M}"
    if there.date() == today - timedelta(days=1):
        return "yesterday"
    if there.date() == today + timedelta(days=1):
        return "tomorrow"
    if there.year == today.year:
        return f"{there.day} {there:%B}"
    return day(there.date())
