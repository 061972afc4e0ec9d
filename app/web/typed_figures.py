"""Typing in one figure of one's own district; those about few students wait for its data office."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.models import Observation
from app.policy import Denied
from app.queries import figures as found
from app.queries import imports, indicators
from app.services import typed_figures
from app.web import data_office, here
from app.web.forms.typed_figure import TypedForm
from app.work import Work

bp = Blueprint("typed_figures", __name__, url_prefix="/imports/typed")


@bp.get("")
def listing() -> ResponseReturnValue:
    """Show the form, and the figures that wait for the data office."""
    return _page(_form())


@bp.post("")
def add() -> ResponseReturnValue:
    """Keep a figure that was typed in."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    try:
        with here.work() as work:
            kept = typed_figures.add(work, form.typed())
            held = not kept.is_latest
    except ValueError as error:
        form.value.errors = [*form.value.errors, str(error)]
        return _page(form), 422
    if held:
        flash(
            "Fewer than 11 students are behind this figure, or it does not say how many. Your data office decides "
            "whether it is shown; nobody else sees it until then.",
            "info",
        )
    else:
        flash("The figure is on the indicator’s page now.", "success")
    return redirect(url_for("typed_figures.listing"), 303)


@bp.post("/<int:observation_id>/release")
def release(observation_id: int) -> ResponseReturnValue:
    """Show a figure that was held."""
    return _decide(observation_id, typed_figures.release, "The figure is shown now, marked as a small group.")


@bp.post("/<int:observation_id>/hiding")
def hide(observation_id: int) -> ResponseReturnValue:
    """Hide a figure that was held, for good."""
    return _decide(observation_id, typed_figures.hide, "The figure is hidden; its numbers were not kept.")


def _form() -> TypedForm:
    session = here.session()
    return TypedForm.over(indicators.listing(session), found.groups(session))


def _page(form: TypedForm) -> str:
    actor = here.actor()
    if not typed_figures.may_type(actor.here, leads=bool(actor.leads)):
        msg = "Only a data office, the lead of a strand or a manager can type in figures."
        raise Denied(msg)
    decides = actor.here is not None and actor.here.is_data_office
    waiting = imports.waiting(here.session(), actor) if decides else []
    keeps = data_office.keeps(actor)
    return render_template("typed_figures/listing.html", form=form, waiting=waiting, decides=decides, keeps=keeps)


def _decide(observation_id: int, act: Callable[[Work, Observation], object], done: str) -> ResponseReturnValue:
    data_office.require()
    with here.work() as work:
        held = imports.held(work.session, work.actor, observation_id) or abort(404)
        act(work, held)
    flash(done, "success")
    return redirect(url_for("typed_figures.listing"), 303)
