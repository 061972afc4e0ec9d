"""Saying that somebody has left, and bringing them back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.queries import people
from app.services import people as keeping
from app.web import here
from app.web.administration.members import membership
from app.web.administration.part import bp, tell
from app.web.filling import code
from app.web.forms.administration import DepartureForm


@bp.route("/people/<int:person_id>/departure", methods=["GET", "POST"])
def depart(person_id: int) -> ResponseReturnValue:
    """Ask who to ask instead, then let somebody go."""
    form = DepartureForm()
    member = membership(person_id)
    form.offer(people.names(here.session(), here.actor()), person_id)
    if request.method == "POST" and form.validate():
        name = member.person.name
        try:
            with here.work() as work:
                keeping.depart(work, member.partnership_id, member.person, successor_id=form.successor_id.data or None)
        except ValueError as wrong:
            tell(form.successor_id, wrong)
        else:
            flash(f"{name} is marked as departed and signed out.", "success")
            return redirect(url_for(".members"), 303)
    return render_template("administration/departure.html", form=form, member=membership(person_id)), code()


@bp.post("/people/<int:person_id>/return")
def bring_back(person_id: int) -> ResponseReturnValue:
    """Let somebody in again who had left."""
    member = membership(person_id)
    name = member.person.name
    with here.work() as work:
        keeping.bring_back(work, member.partnership_id, member.person)
    flash(f"{name} is back, with the role they had. Give them new terms on strands if they need any.", "success")
    return redirect(url_for(".member", person_id=person_id), 303)
