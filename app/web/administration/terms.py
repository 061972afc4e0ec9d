"""Who works on a strand, for which district, from when to when."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.models import StrandTerm
from app.queries import people, places
from app.services import places as keeping
from app.web import here
from app.web.administration.part import bp, partnership, tell
from app.web.administration.strands import strand_of
from app.web.filling import code
from app.web.forms.administration import NewTermForm, TermForm


@bp.route("/strands/<int:strand_id>/terms/new", methods=["GET", "POST"])
def new_term(strand_id: int) -> ResponseReturnValue:
    """Give somebody a time on a strand."""
    name = strand_of(strand_id).name
    form = NewTermForm(starts_on=here.today())
    form.offer(partnership().districts)
    form.offer_people(people.names(here.session(), here.actor()))
    if request.method == "POST" and form.validate():
        try:
            with here.work() as work:
                keeping.add_term(work, strand_of(strand_id), form.person_id.data, form.term())
        except ValueError as wrong:
            tell(form.ends_on, wrong)
        else:
            flash("The term is saved.", "success")
            return redirect(url_for(".strand", strand_id=strand_id), 303)
    title = f"Add somebody to {name}"
    return render_template("administration/form.html", title=title, form=form, button="Save the term"), code()


@bp.route("/strands/<int:strand_id>/terms/<int:term_id>", methods=["GET", "POST"])
def term(strand_id: int, term_id: int) -> ResponseReturnValue:
    """Change or end somebody's time on a strand."""
    title = f"{_term(strand_id, term_id).person.name} on {strand_of(strand_id).name}"
    form = TermForm(obj=_term(strand_id, term_id))
    form.offer(partnership().districts)
    if request.method == "POST" and form.validate():
        try:
            with here.work() as work:
                keeping.change_term(work, strand_of(strand_id), _term(strand_id, term_id), form.term())
        except ValueError as wrong:
            tell(form.ends_on, wrong)
        else:
            flash("The term is saved.", "success")
            return redirect(url_for(".strand", strand_id=strand_id), 303)
    return render_template("administration/form.html", title=title, form=form, button="Save the term"), code()


def _term(strand_id: int, term_id: int) -> StrandTerm:
    return places.term(here.session(), strand_of(strand_id).id, term_id) or abort(404)
