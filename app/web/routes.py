"""Every part of the site, in one list."""

from flask import Flask

from app.web import adoptions, comments, commitments, drafts, history, home, posts, sharing, trash

PARTS = (
    home,
    posts,
    sharing,
    history,
    trash,
    drafts,
    comments,
    adoptions,
    commitments,
)


def init_app(app: Flask) -> None:
    """Register the parts."""
    for part in PARTS:
        app.register_blueprint(part.bp)
