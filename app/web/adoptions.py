"""Each district's trials of a practice."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.models import Adoption, Practice
from app.policy import Action, Denied, may_change_adoption, require
from app.queries import adoptions as recorded
from app.queries import places, posts
from app.services import adoptions
from app.web import filling, here, telling
from app.web.forms.adoption import AdoptionForm
from app.web.frame import post_url
from app.work import Work

bp = Blueprint("adoptions", __name__)


@bp.route("/posts/<int:post_id>/adoptions/new", methods=["GET", "POST"])
def new(post_id: int) -> ResponseReturnValue:
    """Record that a district tries a practice."""
    practice = _practice(post_id)
    actor = here.actor()
    require(actor, Action.ADOPT, practice)
    part = actor.part(practice.partnership_id)
    form = _form(practice, None, {"district_id": part.district_id if part else None, "starts_on": here.today()})
    if filling.is_wanting(form):
        page = render_template("adoptions/edit.html", form=form, post=practice, adoption=None)
        return page, filling.code()

    def change(work: Work) -> int:
        fresh = posts.one(work.session, work.actor, post_id)
        return adoptions.record(work, fresh, form.trial()).id if isinstance(fresh, Practice) else abort(404)

    adoption_id = here.attempt(change)
    return redirect(post_url(practice, f"adoption-{adoption_id}"), 303)


@bp.route("/adoptions/<int:adoption_id>/edit", methods=["GET", "POST"])
def edit(adoption_id: int) -> ResponseReturnValue:
    """Change what is recorded of a trial."""
    adoption, practice = _found(adoption_id)
    if not may_change_adoption(here.actor(), adoption, practice):
        msg = "You can change the trials of your own district. Ask its people, or a manager."
        raise Denied(msg)
    form = _form(practice, adoption, None)
    if filling.is_wanting(form):
        page = render_template("adoptions/edit.html", form=form, post=practice, adoption=adoption)
        return page, filling.code()
    with here.work() as work:
        adoptions.change(work, practice, adoption, form.trial())
    return redirect(post_url(practice, f"adoption-{adoption.id}"), 303)


@bp.post("/adoptions/<int:adoption_id>/removal")
def remove(adoption_id: int) -> ResponseReturnValue:
    """Take a record away; one click brings it back."""
    adoption, practice = _found(adoption_id)
    with here.work() as work:
        adoptions.remove(work, practice, adoption)
    telling.undoable("The record was removed.", url_for("adoptions.restore", adoption_id=adoption.id))
    return redirect(post_url(practice, "adoptions"), 303)


@bp.post("/adoptions/<int:adoption_id>/restoration")
def restore(adoption_id: int) -> ResponseReturnValue:
    """Bring a record back."""
    adoption, practice = _found(adoption_id)
    with here.work() as work:
        adoptions.restore(work, practice, adoption)
    return redirect(post_url(practice, f"adoption-{adoption.id}"), 303)


def _form(practice: Practice, adoption: Adoption | None, data: dict[str, object] | None) -> AdoptionForm:
    form = AdoptionForm(obj=adoption, data=data) if request.method == "GET" else AdoptionForm()
    actor = here.actor()
    part = actor.part(practice.partnership_id)
    offered = places.districts(here.session(), practice.partnership_id)
    if part is not None and not actor.manages(practice.partnership_id):
        offered = [district for district in offered if district.id == part.district_id]
    form.district_id.choices = [(district.id, district.name) for district in offered]
    if request.method == "GET" and adoption is not None:
        form.verdict.data = adoption.verdict or ""
    return form


def _practice(post_id: int) -> Practice:
    post = posts.one(here.session(), here.actor(), post_id)
    return post if isinstance(post, Practice) else abort(404)


def _found(adoption_id: int) -> tuple[Adoption, Practice]:
    adoption = recorded.one(here.session(), here.actor(), adoption_id) or abort(404)
    return adoption, _practice(adoption.post_id)
