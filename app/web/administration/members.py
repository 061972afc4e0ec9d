"""The people of the partnership: what each is in it."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.lib.numbers import row_number
from app.models import Membership
from app.queries import people
from app.services import people as keeping
from app.web import here
from app.web.administration.part import bp, partnership, tell
from app.web.filling import code
from app.web.forms.administration import MembershipForm


@bp.get("/people")
def members() -> ResponseReturnValue:
    """Show everybody, those who have left too."""
    wanted = people.Wanted(request.args.get("q", "")[:100].strip(), departed=True)
    number = request.args.get("page", type=row_number) or 1
    page = people.directory(here.session(), here.actor(), wanted, here.today(), number)
    pages = [
        {"label": str(n), "url": url_for(".members", page=n, q=wanted.words or None), "is_current": n == page.number}
        for n in range(1, page.pages + 1)
    ]
    return render_template("administration/members.html", page=page, pages=pages, wanted=wanted, roles=keeping.ROLES)


@bp.route("/people/<int:person_id>", methods=["GET", "POST"])
def member(person_id: int) -> ResponseReturnValue:
    """Change who somebody is, and what they are in the partnership."""
    shown = membership(person_id)
    form = MembershipForm(obj=shown, name=shown.person.name, title=shown.person.title)
    form.offer(partnership().districts)
    if request.method == "POST" and form.validate():
        try:
            with here.work() as work:
                keeping.rename(work, membership(person_id), form.name.data, form.title.data)
                keeping.change_membership(work, membership(person_id), form.part())
        except ValueError as wrong:
            tell(form.role, wrong)
        else:
            flash("It is saved.", "success")
            return redirect(url_for(".members"), 303)
    shown = membership(person_id)
    terms = people.terms(here.session(), here.actor(), person_id)
    return render_template("administration/member.html", form=form, member=shown, terms=terms), code()


def membership(person_id: int) -> Membership:
    """Return what somebody is in the partnership that the manager is looking at, or answer that nothing is here."""
    return people.membership(here.session(), here.actor(), person_id) or abort(404)
