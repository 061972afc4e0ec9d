"""Going from one of one's partnerships to another."""

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.lib.numbers import row_number
from app.services import accounts
from app.web import here

bp = Blueprint("partnerships", __name__, url_prefix="/partnerships")


@bp.post("/choice")
def choose() -> ResponseReturnValue:
    """Look at another partnership from this browser."""
    wanted = request.form.get("partnership", type=row_number)
    with here.work() as work:
        if wanted is None or not accounts.choose(work, current_user.sign_in, wanted):
            abort(404)
    return redirect(url_for("home.show"), 303)
