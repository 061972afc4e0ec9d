"""Error pages that say what happened and what to do next."""

import logging

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from app.policy import Denied
from app.web import here

log = logging.getLogger(__name__)

SENTENCES = {
    400: ("That request made no sense to us", "Go back and try again. What you typed is still in the form."),
    404: ("Nothing is here", "It may have been moved or deleted, or it is not shared with you."),
    405: ("That cannot be done here", "Go back to the page you came from and use its buttons."),
    413: ("That is too much at once", "The most we take is 10 MB of text. Your text is still in the form: shorten it."),
    414: ("That address is too long", "Search for fewer words."),
    429: ("Too many tries", "Wait a little, then try again."),
}


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
    return render_template("errors/error.html", title=title, advice=advice, code=code), code
