"""The part of the site that only managers see, and what its pages share."""

from flask import Blueprint, abort, current_app
from wtforms import Field

from app.models import Partnership
from app.policy import require_manager
from app.queries import places
from app.web import here

bp = Blueprint("administration", __name__, url_prefix="/administration")


@bp.before_request
def managers_only() -> None:
    """Refuse everybody else, whatever the page."""
    require_manager(here.actor(), partnership())


def partnership() -> Partnership:
    """Return the partnership that the manager is looking at, its districts loaded."""
    return places.partnership(here.session(), here.actor().partnership_id) or abort(404)


def public_url() -> str:
    """Return the address people type, for links in letters."""
    url: str = current_app.config["BRAID"].public_url
    return url


def tell(field: Field, wrong: ValueError) -> None:
    """Put what is wrong beside a field."""
    field.errors = [*field.errors, str(wrong)]
