"""Forms that are shown until they are filled in: how every page with one answers."""

from flask import request
from flask_wtf import FlaskForm


def is_wanting(form: FlaskForm) -> bool:
    """Say whether the form has to be shown: asked for, or sent with something to fix."""
    return request.method == "GET" or not form.validate()


def code(refused: int = 422) -> int:
    """Return how to answer with the form: 200 when it was asked for, 422 when it needs another look."""
    return 200 if request.method == "GET" else refused
