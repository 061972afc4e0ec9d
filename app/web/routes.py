"""Every part of the site, in one list."""

from flask import Flask

from app.web import (
    account,
    administration,
    adoptions,
    comments,
    commitments,
    districts,
    drafts,
    history,
    home,
    indicators,
    outbox,
    partnerships,
    people,
    posts,
    search,
    sharing,
    strands,
    trash,
)

PARTS = (
    home,
    search,
    posts,
    sharing,
    history,
    trash,
    drafts,
    comments,
    adoptions,
    commitments,
    indicators,
    strands,
    districts,
    people,
    account,
    partnerships,
    administration,
    outbox,
)


def init_app(app: Flask) -> None:
    """Register the parts."""
    for part in PARTS:
        app.register_blueprint(part.bp)
