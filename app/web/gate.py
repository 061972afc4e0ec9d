"""Signing in is the rule; a view that anyone may see says so with ``@public``."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
_PUBLIC: set[object] = set()


def public(view: View) -> View:
    """Let people who are not signed in see ``view``."""
    _PUBLIC.add(view)
    return view


def is_public(view: object) -> bool:
    """Say whether ``view`` is open to people who are not signed in."""
    return view in _PUBLIC


def init_app(app: Flask) -> None:
    """Close every door that is not marked public."""
    app.before_request(_check)


def safe_target(target: str | None) -> str:
    """Return ``target`` if it is a path of this site, else the way home. Nothing leads elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return "/"
    parts = urlsplit(target)
    return "/" if parts.scheme or parts.netloc or any(ord(c) < 32 for c in target) else target  # noqa: PLR2004


def _check() -> ResponseReturnValue | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or request.endpoint == "static" or view in _PUBLIC or current_user.is_authenticated:
        return None
    return sign_in_first()


def sign_in_first() -> ResponseReturnValue:
    """Lead to the page where one signs in, and from there back to the page that was asked for."""
    if request.method == "GET" and request.accept_mimetypes.accept_html:
        target = request.full_path.rstrip("?")
        return redirect(url_for("account.sign_in", next=None if target == "/" else target), 303)
    return {"problem": "Sign in first."}, 401
