"""Telling who a cookie belongs to: a token whose digest is a row, so that it can be ended from anywhere."""

from flask import Flask, request
from flask_login import LoginManager

from app.lib import tokens
from app.policy import NOBODY
from app.queries import actors
from app.services import accounts
from app.web import here
from app.web.here import Visitor
from app.work import working


def init_app(app: Flask) -> None:
    """Let Flask-Login ask our rows."""
    login = LoginManager()
    login.init_app(app)
    login.user_loader(_visitor)


def _visitor(token: str) -> Visitor | None:
    if request.endpoint == "static":
        return None
    digest = tokens.digest(token)
    found = actors.returning(here.session(), digest)
    if found is not None and accounts.is_stale(found.sign_in, here.now()):
        with working(here.session(), NOBODY, here.now()) as work:
            accounts.seen(work, digest)
        found = actors.returning(here.session(), digest)
    return None if found is None else Visitor(token, *found)
