"""Every part of the site, in one list."""

from flask import Flask

from app.web import home

PARTS = (home,)


def init_app(app: Flask) -> None:
    """Register the parts."""
    for part in PARTS:
        app.register_blueprint(part.bp)
