"""What a browser saved a moment ago: kept in its cookie, so that a search on its next page waits for the index."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from flask import session as cookie

A_MOMENT = timedelta(minutes=1)
MOST = 10


def remember(promised: Iterable[tuple[str, str]], now: datetime) -> None:
    """Remember the keys that the index will be told of."""
    keys = dict.fromkeys(key for name, key in promised if name == "index")
    if keys:
        cookie["saved"] = [now.isoformat(), list(dict.fromkeys([*_held(now), *keys]))[-MOST:]]


def taken(now: datetime) -> Sequence[str]:
    """Return what was saved within the last minute, and forget it: one search waits, once."""
    keys = _held(now)
    cookie.pop("saved", None)
    return keys


def _held(now: datetime) -> Sequence[str]:
    match cookie.get("saved"):
        case [str(at), list(keys)] if now - datetime.fromisoformat(at) < A_MOMENT:
            return [str(key) for key in keys]
        case _:
            return []
