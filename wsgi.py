"""For application servers: ``gunicorn wsgi:app``."""

import gc
import threading
from contextlib import suppress

from app import create_app
from app.search import IndexBusy, IndexDamaged, SearchIndex, SearchQuery
from config import load


def open_early(index: SearchIndex) -> None:
    """Ask ``index`` something, so that nobody has to wait while it is opened. What is wrong with it, searching says."""
    with suppress(IndexBusy, IndexDamaged):
        index.search(SearchQuery("", frozenset(), limit=1, passages=False))


app = create_app(load())

# Everything made so far stays: looking through it again and again took a tenth of a page's time.
gc.collect()
gc.freeze()
# What is made later is looked through a little at a time: a million objects at once hold a page up for half a second.
gc.set_threshold(10_000, 10, 200)

threading.Thread(target=open_early, args=(app.extensions["braid.index"],), daemon=True).start()
