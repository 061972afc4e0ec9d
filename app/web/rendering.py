"""Texts as pages show them: made by a job after each save, or here and now where the job has not come to it yet."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app.lib.markdown import contents
from app.models import Comment, Post
from app.web import here

SHORT = 2  # a text with so few headings needs no list of them


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a post: safe HTML, and its headings as (level, id, words)."""

    html: Markup
    headings: Sequence[tuple[int, str, str]]


@dataclass(frozen=True, slots=True)
class Said:
    """A comment with its text as HTML, and the answers to it."""

    comment: Comment
    html: Markup
    answers: "list[Said]"


def rendered(post: Post) -> Body:
    """Return the text of ``post``."""
    html = post.html if post.html is not None else here.renderer().render(post.body).html
    headings = contents(html)
    return Body(Markup(html), headings if len(headings) > SHORT else [])  # noqa: S704 — sanitised by the renderer


def rendered_comments(comments: Sequence[Comment]) -> list[Said]:
    """Return comments as threads: answers under what they answer, oldest first. One level deep, as people read."""
    said = {comment.id: Said(comment, _words(comment), []) for comment in comments}
    threads: list[Said] = []
    root: dict[int, Said] = {}
    for one in said.values():
        asked = root.get(one.comment.reply_to_id or 0)
        (asked.answers if asked else threads).append(one)
        root[one.comment.id] = asked or one
    return threads


def _words(comment: Comment) -> Markup:
    if comment.is_removed:
        return Markup("")
    html = comment.html
    if html is None:
        html = here.renderer().render(comment.body, within=f"comment-{comment.id}").html
    return Markup(html)  # noqa: S704 — sanitised by the renderer
