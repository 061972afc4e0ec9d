"""Annotations: what the data office says on charts at a day."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.lib.numbers import row_number
from app.models import Annotation
from app.policy import require_figures
from app.queries import annotations, indicators, places
from app.services import annotations as keeping
from app.web import filling, here
from app.web.forms.indicator import AnnotationForm

bp = Blueprint("annotations", __name__, url_prefix="/annotations")


@bp.get("")
def listing() -> ResponseReturnValue:
    """Show what stands on the charts of the partnership."""
    actor = here.actor()
    return render_template(
        "annotations/listing.html",
        annotations=annotations.listing(here.session(), actor.partnership_id),
        keeps=actor.keeps_figures(),
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Put words on charts."""
    require_figures(here.actor())
    form = _offered(AnnotationForm(indicator_id=request.args.get("indicator", type=row_number)))
    if request.method == "POST" and form.validate():
        try:
            with here.work() as work:
                keeping.add(work, form.said(), _districts())
        except ValueError as wrong:
            form.ends_on.errors = [*form.ends_on.errors, str(wrong)]
        else:
            flash("It stands on the charts now.", "success")
            return redirect(url_for(".listing"), 303)
    return render_template("annotations/edit.html", annotation=None, form=form), filling.code()


@bp.route("/<int:annotation_id>", methods=["GET", "POST"])
def edit(annotation_id: int) -> ResponseReturnValue:
    """Say it in other words, or elsewhere."""
    require_figures(here.actor())
    annotation = _known(annotation_id)
    form = _offered(AnnotationForm(obj=annotation))
    if request.method == "POST" and form.validate():
        try:
            with here.work() as work:
                keeping.change(work, _known(annotation_id), form.said(), _districts())
        except ValueError as wrong:
            form.ends_on.errors = [*form.ends_on.errors, str(wrong)]
        else:
            flash("It stands on the charts now.", "success")
            return redirect(url_for(".listing"), 303)
    return render_template("annotations/edit.html", annotation=_known(annotation_id), form=form), filling.code()


@bp.post("/<int:annotation_id>/removal")
def remove(annotation_id: int) -> ResponseReturnValue:
    """Take it off the charts."""
    with here.work() as work:
        keeping.remove(work, _known(annotation_id))
    flash("It is off the charts.", "success")
    return redirect(url_for(".listing"), 303)


def _known(annotation_id: int) -> Annotation:
    return annotations.one(here.session(), here.actor(), annotation_id) or abort(404)


def _offered(form: AnnotationForm) -> AnnotationForm:
    session = here.session()
    form.offer(indicators.listing(session), places.measured(session, here.actor().partnership_id))
    return form


def _districts() -> set[int]:
    return {district.id for district in places.measured(here.session(), here.actor().partnership_id)}
