"""Adding, changing, closing and reopening strands."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.models import Strand
from app.queries import places
from app.services import places as keeping
from app.web import here
from app.web.administration.part import bp, partnership, tell
from app.web.filling import code
from app.web.forms.administration import StrandForm


@bp.route("/strands/new", methods=["GET", "POST"])
def new_strand() -> ResponseReturnValue:
    """Add a strand."""
    count = len(places.strands(here.session(), partnership().id, closed=True))
    form = StrandForm(colour=count % 8 + 1)
    if request.method == "POST" and form.validate():
        try:
            with here.work() as work:
                strand_id = keeping.add_strand(work, partnership(), form.line_of_work()).id
        except ValueError as wrong:
            tell(form.name, wrong)
        else:
            flash("The strand is there. Say who works on it.", "success")
            return redirect(url_for(".strand", strand_id=strand_id), 303)
    return render_template("administration/form.html", title="New strand", form=form, button="Add the strand"), code()


@bp.route("/strands/<int:strand_id>", methods=["GET", "POST"])
def strand(strand_id: int) -> ResponseReturnValue:
    """Change what a strand is, and see its team."""
    form = StrandForm(obj=strand_of(strand_id))
    if request.method == "POST" and form.validate():
        try:
            with here.work() as work:
                keeping.change_strand(work, strand_of(strand_id), form.line_of_work())
        except ValueError as wrong:
            tell(form.name, wrong)
        else:
            flash("The strand is saved.", "success")
            return redirect(url_for("strands.show", strand_id=strand_id), 303)
    return render_template(
        "administration/strand.html", form=form, strand=strand_of(strand_id), day=here.today()
    ), code()


@bp.post("/strands/<int:strand_id>/closing")
def close_strand(strand_id: int) -> ResponseReturnValue:
    """Close a strand."""
    with here.work() as work:
        keeping.close_strand(work, strand_of(strand_id))
    flash({"text": "The strand is closed.", "url": url_for(".reopen_strand", strand_id=strand_id)}, "undo")  # type: ignore[arg-type]
    return redirect(url_for("strands.show", strand_id=strand_id), 303)


@bp.post("/strands/<int:strand_id>/reopening")
def reopen_strand(strand_id: int) -> ResponseReturnValue:
    """Open a strand again."""
    with here.work() as work:
        keeping.reopen_strand(work, strand_of(strand_id))
    flash("The strand is open again.", "success")
    return redirect(url_for("strands.show", strand_id=strand_id), 303)


def strand_of(strand_id: int) -> Strand:
    """Return a strand of the partnership that the manager is looking at, its terms loaded, or say nothing is here."""
    found = places.strand(here.session(), here.actor(), strand_id)
    return found if found is not None and found.partnership_id == here.actor().partnership_id else abort(404)
