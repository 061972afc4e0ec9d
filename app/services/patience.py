"""Writing what is not worth waiting for."""

from collections.abc import Mapping

from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.models.base import Base

BRIEF = 100  # milliseconds


def try_briefly(session: Session, statement: Executable) -> None:
    """Execute a statement that writes, or leave it out if somebody else has been writing for a tenth of a second.

    SQLite has one writer at a time, and a long import is one: a page must not wait for it only to note who looks.
    """
    connection = session.connection()
    driver = connection.connection.driver_connection if connection.dialect.name == "sqlite" else None
    patient = driver.execute("PRAGMA busy_timeout").fetchone()[0] if driver else 0
    if driver:
        driver.execute(f"PRAGMA busy_timeout={BRIEF}")
    try:
        session.execute(statement, execution_options={"synchronize_session": False})
    except OperationalError:
        session.rollback()
    finally:
        if driver:
            driver.execute(f"PRAGMA busy_timeout={patient}")


def note_briefly(session: Session, model: type[Base], by: Mapping[str, object], values: Mapping[str, object]) -> None:
    """Write ``values`` into the row that is known ``by`` unique columns, or a new one, unless others are writing."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    row = dialect.insert(model).values({**by, **values})
    try_briefly(session, row.on_conflict_do_update(index_elements=list(by), set_=dict(values)))
