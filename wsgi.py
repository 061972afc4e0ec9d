"""For application servers: ``gunicorn wsgi:app``."""

import gc

from app import create_app
from config import load

app = create_app(load())

# Everything made so far stays: looking through it again and again took a tenth of a page's time.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
