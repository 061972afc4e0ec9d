"""Turning what people wrote into the HTML that pages show, after the save and within a time limit."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, select, update

from app.lib.rendering import Renderer
from app.models import Comment, Post
from app.work import Work

_TABLES: dict[str, Table] = {"post": Post.metadata.tables["post"], "comment": Comment.metadata.tables["comment"]}


def render(work: Work, keys: Sequence[str], renderer: Renderer) -> None:
    """Keep the HTML of posts and comments named by ``keys`` (``post:812``, ``comment:7``). Safe to run twice.

    Everything is rendered before anything is written, so that writers never wait for a slow text. A text that was
    changed meanwhile is left alone: that change promised a job of its own.
    """
    found = [(kind, row) for kind in _TABLES for row in _unrendered(work, kind, keys)]
    made = [(kind, row, renderer.render(row.body, within=_within(kind, row.id)).html) for kind, row in found]
    for kind, row, html in made:
        table = _TABLES[kind]
        same = (table.c.id == row.id) & (table.c.body == row.body)
        work.session.execute(update(table).where(same).values(html=html))


def _unrendered(work: Work, kind: str, keys: Sequence[str]) -> Sequence[Any]:
    ids = [int(key.partition(":")[2]) for key in keys if key.startswith(f"{kind}:")]
    if not ids:
        return ()
    table = _TABLES[kind]
    return work.session.execute(
        select(table.c.id, table.c.body).where(table.c.id.in_(ids), table.c.html.is_(None))
    ).all()


def _within(kind: str, number: int) -> str:
    return f"comment-{number}" if kind == "comment" else ""
