"""What is made of figures once and then kept, until they or what is said about them change.

The mark of the outcomes is part of every key, and a change to them replaces it in its own transaction. A page reads the
mark before it reads anything else, so what it keeps is never older than the mark says. What is kept may depend on its
key and on outcomes, and on nothing else: never on who reads, nor on the day.
"""

from collections.abc import Callable, Collection, Hashable, Sequence
from typing import TypeVar

from flask import Flask, current_app, g, request
from flask_login import current_user
from markupsafe import Markup

from app.figures import Figure
from app.lib.memory import Memory
from app.models import Indicator
from app.queries import figures, marks
from app.web import here

Value = TypeVar("Value")

FRAGMENTS = 20_000_000  # characters and the like, together some 20 MB of each process
FIGURES = 60_000  # of half a kilobyte each


def init_app(app: Flask) -> None:
    """Give the application its two memories, and templates the way to keep a part of a page."""
    app.extensions["braid.kept"] = Memory(FRAGMENTS)
    app.extensions["braid.figures"] = Memory(FIGURES)
    app.jinja_env.globals["fragment"] = fragment


def kept(key: Hashable, make: Callable[[], Value], weigh: Callable[[Value], int] = lambda _: 1000) -> Value:
    """Return what ``make`` made under this ``key`` since the outcomes last changed."""
    memory: Memory = current_app.extensions["braid.kept"]
    mark = _mark()
    found = memory.get((mark, key))
    if found is None:
        found = make()
        memory.put((mark, key), found, weigh(found))
    value: Value = found
    return value


def fragment(*key: Hashable, caller: Callable[[], Markup]) -> Markup:
    """Return a part of a page, made once.

    Templates say ``{% call fragment("gaps", told.key) %} … {% endcall %}``.
    """
    return kept(key, caller, len)


def of_many(
    indicators: Sequence[Indicator], district_ids: Collection[int], groups: Collection[str]
) -> dict[int, list[Figure]]:
    """Return the latest figures of several indicators and groups, by indicator. Their versions are loaded.

    One statement at most, for those that are not kept.
    """
    memory: Memory = current_app.extensions["braid.figures"]
    mark, places = _mark(), tuple(sorted(district_ids))
    keys = [(one.id, group) for one in indicators for group in sorted(groups)]
    series: dict[tuple[int, str], list[Figure]] = {}
    for key in keys:
        known = memory.get((mark, places, *key))
        if known is not None:
            series[key] = known
    missing = [key for key in keys if key not in series]
    if missing:
        absent = {number for number, _ in missing}
        read = figures.of_many(
            here.session(), [one for one in indicators if one.id in absent], places, {group for _, group in missing}
        )
        for key in missing:
            series[key] = [figure for figure in read[key[0]] if figure.group_code == key[1]]
            memory.put((mark, places, *key), series[key], len(series[key]) + 1)
    return {one.id: [figure for group in sorted(groups) for figure in series[one.id, group]] for one in indicators}


def _mark() -> str:
    if "outcomes" not in g:
        # read with who is here, unless nobody is or this request may change it
        is_read = request.method == "GET" and current_user.is_authenticated
        # where nothing was ever marked, nothing outlives the request
        g.outcomes = (current_user.outcomes if is_read else marks.outcomes(here.session())) or g.request_id
    mark: str = g.outcomes
    return mark
