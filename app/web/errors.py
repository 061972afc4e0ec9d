"""Error pages that say what happened and what to do next."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.models import Person
from app.policy import Denied
from app.queries import people
from app.web import here
from app.web.gate import safe_target

log = logging.getLogger(__name__)

SEARCHED = {404, 405, 414}  # where searching may lead to what was meant
MOST_NAMED = 3  # managers
LONGEST_SEARCH = 60  # characters taken from an address
NAMED = re.compile(r"\d+-(.+)")  # the part of an address that says a number and, for people, what it is called

SENTENCES = {
    400: ("That request made no sense to us", "Go back and try again. What you typed is still in the form."),
    403: ("You cannot do that", "Somebody else decides about it."),
    404: ("Nothing is here", "It may have been moved or deleted, or it is not shared with you."),
    405: ("That cannot be done here", "Go back to the page you came from and use its buttons."),
    413: ("That is too much at once", "The most we take is 10 MB of text. Your text is still in the form: shorten it."),
    414: ("That address is too long", "Search for fewer words."),
    429: ("Too many tries", "Wait a little, then try again."),
}


@dataclass(frozen=True, slots=True)
class Way:
    """Where somebody can go from an error, besides Home.

    Attributes:
        back: the page they came from; nothing after a form, which their browser still has as they left it.
        search: words to search for, none of them needed; None where searching is no help.
        managers: whom they can ask.
    """

    back: str
    search: str | None
    managers: Sequence[Person]


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(Denied, denied)
    app.register_error_handler(CSRFError, out_of_date)
    app.register_error_handler(HTTPException, refused)
    app.register_error_handler(Exception, broken)


def denied(error: Denied) -> ResponseReturnValue:
    """Tell people why not."""
    return page(403, "You cannot do that", error.reason)


def out_of_date(_: CSRFError) -> ResponseReturnValue:
    """Say that the form is too old to be trusted."""
    return page(
        400,
        "This form is out of date",
        "Your sign-in changed since the page was opened. Go back: what you typed is still there. Copy it, then reload.",
    )


def refused(error: HTTPException) -> ResponseReturnValue:
    """Say so without saying whether it exists."""
    code = error.code or 500
    title, advice = SENTENCES.get(code, ("Something stopped us", "Go back and try again."))
    return page(code, title, advice)


def broken(error: Exception) -> ResponseReturnValue:
    """Log what failed, and say what was kept."""
    log.error("request.failed path=%s request=%s", request.path, g.get("request_id", ""), exc_info=error)
    here.session().rollback()  # PostgreSQL answers nothing more, and this page has a frame, too
    advice = "We could not finish that, and nothing was changed. Your text is still in the form: go back and try again."
    return page(500, "That did not work", advice)


def page(code: int, title: str, advice: str) -> ResponseReturnValue:
    """Return an error as a page, or as JSON to a script."""
    if request.accept_mimetypes.best == "application/json":
        return {"problem": f"{title}. {advice}"}, code
    way = Way(
        came_from() if request.method == "GET" else "",
        words_of(request.path) if code in SEARCHED else None,
        whom_to_ask() if code == 403 else (),  # noqa: PLR2004
    )
    return render_template("errors/error.html", title=title, advice=advice, code=code, way=way), code


def came_from() -> str:
    """Return the page of this site that led here; nothing if none did, or if it was this one or Home."""
    parts = urlsplit(request.referrer or "")
    target = safe_target(urlunsplit(("", "", parts.path, parts.query, ""))) if parts.netloc == request.host else "/"
    return "" if target in {"/", url_for("home.show"), request.full_path.rstrip("?")} else target


def words_of(path: str) -> str:
    """Return the name in an address, to search for: what somebody typed or followed, never what is there."""
    named = next((found[1] for place in path.split("/") if (found := NAMED.fullmatch(place))), "")
    words = [word for word in re.split(r"[\W_]+", named) if word and not word.isdigit()]
    return " ".join(words)[:LONGEST_SEARCH]


def whom_to_ask() -> Sequence[Person]:
    """Return the managers of the partnership that the reader looks at, if somebody else manages it."""
    actor = here.actor()
    if actor.here is None or actor.manages(actor.partnership_id):
        return ()
    return people.managers(here.session(), actor.partnership_id, here.today())[:MOST_NAMED]
