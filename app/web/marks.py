"""Small signs with words, each made once: a page shows hundreds of them, and mostly those of the page before."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter

from flask import Flask, request
from markupsafe import Markup, escape

from app.lib.paragraphs import blocks
from app.search import Piece
from app.web.frame import when

MOST = 4096  # of each sign, the latest used
_PLAIN = frozenset({str, int, datetime, type(None)})  # nothing that equals another and reads differently

Sign = Callable[..., Markup]


def init_app(app: Flask) -> None:
    """Give templates ``once``, for their signs, ``when_mark``, ``marked``, and the blocks of a plain text."""
    app.jinja_env.globals.update(once=once, when_mark=when_mark, marked=marked)
    app.jinja_env.filters["blocks"] = blocks


def once(macro: Sign, *attributes: str) -> Sign:
    """Return ``macro`` as a function that keeps what it made.

    What a sign says may depend on what it is given and on where the application is mounted, and on nothing else: never
    on who reads.

    Args:
        macro: takes what the attributes hold, then whatever else the sign is given.
        attributes: of the thing that the sign is given first; without any it is given the words themselves.
    """
    read = attrgetter(*attributes) if attributes else None

    @lru_cache(maxsize=MOST)
    def kept(_root: str, *given: object) -> Markup:
        return macro(*given)

    def sign(first: object, *more: object) -> Markup:
        if read is None:
            of: tuple[object, ...] = (first,)
        else:
            of = read(first) if len(attributes) > 1 else (read(first),)
        given = (*of, *more)
        if all(type(one) in _PLAIN for one in given):
            return kept(request.script_root, *given)
        return macro(*given)

    return sign


def marked(pieces: Iterable[Piece]) -> Markup:
    """Return words with what was looked for marked. A page of results has three hundred pieces."""
    said = (f"<mark>{escape(one.text)}</mark>" if one.is_match else escape(one.text) for one in pieces)
    return Markup("".join(said))  # noqa: S704 - every piece is escaped


def when_mark(moment: datetime | date | None) -> Markup:
    """Return a moment in words, exact for machines."""
    return _when(moment.isoformat(), when(moment)) if moment else Markup("")


@lru_cache(maxsize=MOST)
def _when(exact: str, words: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(exact, words)
