"""Telling who a cookie belongs to: a token whose digest is a row, so that it can be ended from anywhere."""

from flask import Flask, request
from flask_login import LoginManager

from app.lib import tokens
from app.queries import actors
from app.web import here
from app.web.here import Visitor


def init_app(app: Flask) -> None:
    """Let Flask-Login ask our rows."""
    login = LoginManager()
    login.init_app(app)
    login.user_loader(_visitor)


def _visitor(token: str) -> Visitor | None:
    if request.endpoint == "static":
        return None
    sign_in = actors.signed_in(here.session(), tokens.digest(token))
    return None if sign_in is None else Visitor(token, sign_in)
