"""Home: what changed, what do I owe, what is next."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

bp = Blueprint("home", __name__)


@bp.get("/")
def show() -> ResponseReturnValue:
    """Show what changed since the person was last here."""
    return render_template("home/show.html")
