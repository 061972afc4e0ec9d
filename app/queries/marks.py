"""Reading marks: whether anything changed that is spoken of."""

from functools import cache

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.models import Mark
from app.models.mark import OUTCOMES


def outcomes(session: Session) -> str:
    """Return the mark of figures and of all that is said about them; empty where nothing ever was."""
    return session.execute(_outcomes()).scalar() or ""


def outcomes_beside() -> ColumnElement[str]:
    """Return the same mark as a column, for a statement that every page begins with."""
    return func.coalesce(_outcomes().scalar_subquery(), "")


@cache
def _outcomes() -> Select[str]:
    return select(Mark.value).where(Mark.name == OUTCOMES)
