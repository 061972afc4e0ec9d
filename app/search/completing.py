"""Which titles somebody may be typing."""

from app.search.titles import KEPT, begins, comparable
from app.search.view import Readable, View

MOST_COMPARED = 500


def completed(view: View, readable: Readable, prefix: str, limit: int) -> list[tuple[int, str]]:
    """Return readable documents that ``prefix`` may be about: whole titles before words inside, short before long."""
    plain = comparable(prefix)
    if not plain:
        return []
    docs = view.titled(plain, readable.mask)
    if len(plain.encode()) <= KEPT:
        return [(doc, view.title(doc)) for doc in docs[:limit].tolist()]
    found = ((doc, view.title(doc)) for doc in docs[:MOST_COMPARED].tolist())
    return [(doc, title) for doc, title in found if begins(comparable(title), plain)][:limit]
