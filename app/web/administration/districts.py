"""Adding districts and changing what we know about them."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.lib import cds
from app.models import District
from app.services import places as keeping
from app.web import here
from app.web.administration.part import bp, partnership, tell
from app.web.filling import code
from app.web.forms.administration import DistrictForm


@bp.route("/districts/new", methods=["GET", "POST"])
def new_district() -> ResponseReturnValue:
    """Add a district to the partnership."""
    form = DistrictForm(colour=len(partnership().districts) % 8 + 1)
    if request.method == "POST" and form.validate():
        try:
            with here.work() as work:
                district = keeping.add_district(work, partnership(), form.organization())
                name, district_id = district.name, district.id
        except ValueError as wrong:
            tell(form.cds_code, wrong)
        else:
            flash(f"{name} is in the partnership.", "success")
            return redirect(url_for("districts.show", district_id=district_id), 303)
    return render_template(
        "administration/form.html", title="Add a district", form=form, button="Add the district"
    ), code()


@bp.route("/districts/<int:district_id>", methods=["GET", "POST"])
def district(district_id: int) -> ResponseReturnValue:
    """Change what we know about a district."""
    shown = _district(district_id)
    form = DistrictForm(obj=shown)
    if request.method == "GET" and shown.cds_code:
        form.cds_code.data = cds.format(shown.cds_code)
    if request.method == "POST" and form.validate():
        try:
            with here.work() as work:
                keeping.change_district(work, partnership().id, _district(district_id), form.organization())
        except ValueError as wrong:
            tell(form.cds_code, wrong)
        else:
            flash("The district is saved.", "success")
            return redirect(url_for("districts.show", district_id=district_id), 303)
    title = f"Change {_district(district_id).name}"
    return render_template("administration/form.html", title=title, form=form, button="Save the district"), code()


def _district(district_id: int) -> District:
    return next((one for one in partnership().districts if one.id == district_id), None) or abort(404)
