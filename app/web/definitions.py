"""Adding the definitions that come with Braid, where a data office does not want to write its own."""

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from app.lib.text import plural
from app.policy import require_figures
from app.services import shipped_definitions
from app.web import catalogue, here

bp = Blueprint("definitions", __name__, url_prefix="/indicators")


@bp.post("/catalogue")
def add() -> ResponseReturnValue:
    """Add the definitions that are not here yet."""
    require_figures(here.actor())
    with here.work() as work:
        count = shipped_definitions.add(work)
    told = (
        f"{plural(count, 'indicator is', 'indicators are')} defined now. Change what your districts count differently."
    )
    flash(told if count else "Every definition of the catalogue is here already.", "success")
    return redirect("/indicators", 303)


@bp.app_template_global()
def definitions_to_add() -> int:
    """Return how many definitions come with Braid that are not here yet."""
    return len(shipped_definitions.codes() - {one.code for one in catalogue.defined().values()})
