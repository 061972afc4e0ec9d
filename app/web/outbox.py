"""The outbox: letters that were written and went nowhere, for demonstrations and for trying Braid out."""

import re

from flask import Blueprint, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from app.policy import require_manager
from app.queries import accounts, places
from app.services import demonstration
from app.web import here

bp = Blueprint("outbox", __name__, url_prefix="/outbox")

LINK = re.compile(r"https?://[^\s<>\"]+")


@bp.get("")
def show() -> ResponseReturnValue:
    """Show the latest letters to people of the partnership; of a link to a new password only that it was written.

    Not even to whoever it is for: a browser left open would be enough to take their account. The people of the
    demonstration are the exception, whose password everybody knows.
    """
    if current_app.config["BRAID"].mail_url != "outbox:":
        abort(404)
    session, actor = here.session(), here.actor()
    partnership = places.partnership(session, actor.partnership_id) or abort(404)
    require_manager(actor, partnership)
    invented = demonstration.invented()
    letters = [
        (letter, linked(letter.text) if is_open or letter.recipient in invented else None)
        for letter, is_open in accounts.letters(session, partnership.id)
    ]
    return render_template("outbox/show.html", letters=letters)


def linked(text: str) -> Markup:
    """Return a plain text with its links clickable, and everything else as it stands."""
    parts: list[Markup] = []
    at = 0
    for found in LINK.finditer(text):
        parts += [escape(text[at : found.start()]), Markup('<a href="{0}">{0}</a>').format(found[0])]
        at = found.end()
    return Markup().join([*parts, escape(text[at:])])
