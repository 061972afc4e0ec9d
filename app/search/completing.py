"""Which titles somebody may be typing."""

from heapq import nsmallest

from app.search.titles import KEPT, begins, comparable
from app.search.view import Readable, View


def completed(view: View, readable: Readable, prefix: str, limit: int) -> list[tuple[int, str]]:
    """Return readable documents that ``prefix`` may be about: whole titles before words inside, short before long."""
    plain = comparable(prefix)
    if not plain:
        return []

    def order(found: tuple[int, str]) -> tuple[bool, int, int]:
        doc, title = found
        return not comparable(title).startswith(plain), len(title), int(view.ages[doc])

    found = view.titled(plain, readable.mask)
    if len(plain.encode()) > KEPT:
        found = [(doc, title) for doc, title in found if begins(comparable(title), plain)]
    return nsmallest(limit, found, key=order)
