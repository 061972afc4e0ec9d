"""Search: a small protocol, and the engine that answers it."""

from pathlib import Path

from app.search.asking import ask
from app.search.protocol import (
    FACETS,
    Hit,
    IndexBusy,
    IndexDamaged,
    Order,
    Piece,
    SearchDocument,
    SearchIndex,
    SearchPage,
    SearchQuery,
    Title,
)
from app.search.whoosh_index import WhooshIndex

__all__ = [
    "FACETS",
    "Hit",
    "IndexBusy",
    "IndexDamaged",
    "Order",
    "Piece",
    "SearchDocument",
    "SearchIndex",
    "SearchPage",
    "SearchQuery",
    "Title",
    "ask",
    "open_index",
]


def open_index(url: str) -> SearchIndex:
    """Return the engine that ``url`` names: ``whoosh:/path/to/folder``.

    Nothing is read yet: a damaged index says so (``IndexDamaged``) at its first use, so that it can be rebuilt.

    Raises:
        ValueError: if there is no such engine; the message says what to type.
    """
    scheme, _, place = url.partition(":")
    if scheme != "whoosh" or not place.strip("/"):
        msg = f"BRAID_SEARCH is “{url}”, which names no search engine. Use a folder: whoosh:/path/to/folder"
        raise ValueError(msg)
    return WhooshIndex(Path(place.removeprefix("//")))
