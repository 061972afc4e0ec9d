"""Writing what is not worth waiting for."""

from sqlalchemy import Executable
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

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
