"""The first page of administration, and the partnership itself."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.queries import accounts, people, places
from app.services import places as keeping
from app.web import here
from app.web.administration.part import bp, partnership, tell
from app.web.filling import code
from app.web.forms.administration import PartnershipForm


@bp.get("")
def show() -> ResponseReturnValue:
    """Show what there is to keep."""
    session, actor = here.session(), here.actor()
    place = partnership()
    return render_template(
        "administration/show.html",
        partnership=place,
        invitations=accounts.invitations(session, place.id),
        people=people.directory(session, actor, people.Wanted(), here.today()).count,
        strands=places.strands(session, place.id, closed=True),
    )


@bp.route("/partnership", methods=["GET", "POST"], endpoint="partnership")
def change() -> ResponseReturnValue:
    """Change what the partnership says about itself."""
    form = PartnershipForm(obj=partnership())
    if request.method == "POST" and form.validate():
        try:
            with here.work() as work:
                keeping.change_partnership(work, partnership(), form.about())
        except ValueError as wrong:
            tell(form.name, wrong)
        else:
            flash("The partnership is saved.", "success")
            return redirect(url_for(".show"), 303)
    title = "Change the partnership"
    return render_template("administration/form.html", title=title, form=form, button="Save the partnership"), code()
