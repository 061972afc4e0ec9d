"""Every part of the site, in one list."""

from flask import Flask

from app.web import adoptions, comments, commitments, drafts, history, home, indicators, posts, search, sharing, trash

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
)


def init_app(app: Flask) -> None:
    """Register the parts."""
    for part in PARTS:
        app.register_blueprint(part.bp)
