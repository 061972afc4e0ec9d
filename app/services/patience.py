"""Writing what is not worth waiting for."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from app.models.base import Base

BRIEF = 100  # milliseconds


def try_briefly(session: Session, statement: Executable, values: Mapping[str, object] | None = None) -> None:
    """Execute a statement that writes, or leave it out if somebody else has been writing for a tenth of a second.

    SQLite has one writer at a time, and a long import is one: a page must not wait for it only to note who looks.
    Left out as well is what somebody has just written in another request of theirs.
    """
    connection = session.connection()
    driver = connection.connection.driver_connection if connection.dialect.name == "sqlite" else None
    patient = driver.execute("PRAGMA busy_timeout").fetchone()[0] if driver else 0
    if driver:
        driver.execute(f"PRAGMA busy_timeout={BRIEF}")
    try:
        connection.execute(statement, values)
    except (OperationalError, IntegrityError):
        session.rollback()
    finally:
        if driver:
            driver.execute(f"PRAGMA busy_timeout={patient}")


def note_briefly(session: Session, model: type[Base], by: Mapping[str, object], values: Mapping[str, object]) -> None:
    """Write ``values`` into the row that is known ``by`` unique columns, or a new one, unless others are writing."""
    note = _note(session.get_bind().dialect.name, model, tuple(by), tuple(values))
    try_briefly(session, note, {**by, **values})


@lru_cache
def _note(dialect: str, model: type[Base], by: tuple[str, ...], values: tuple[str, ...]) -> Executable:
    insert: Any = (postgresql if dialect == "postgresql" else sqlite).insert(model.metadata.tables[model.__tablename__])
    changed: Executable = insert.on_conflict_do_update(
        index_elements=by, set_={name: insert.excluded[name] for name in values}
    )
    return changed
