"""The engine and session that Flask-SQLAlchemy keeps for us."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, event

from app.models import Base

db = SQLAlchemy(metadata=Base.metadata)

MOST_PLANS = 300  # that a connection to PostgreSQL keeps
PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=10000", "cache_size=-32000")


def prepare(engine: Engine) -> None:
    """Make the driver do what Braid counts on, before the first connection."""
    if engine.dialect.name == "sqlite":
        _keep_promises(engine)
    else:
        _keep_plans(engine)


def _keep_promises(engine: Engine) -> None:
    """Make SQLite keep its promises: foreign keys, patience for writers, readers that never wait."""

    def set_pragmas(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine, "connect", set_pragmas)


def _keep_plans(engine: Engine) -> None:
    """Let psycopg keep the statements that PostgreSQL has planned when a page that only read ends with a rollback.

    Psycopg forgets them all, since tables may have been made anew in what is rolled back; nothing that serves makes
    tables. A page then has each of its statements planned again, which takes longer than to run them.
    """
    driver: Any = engine.dialect.loaded_dbapi
    open_states = driver.pq.TransactionStatus.INTRANS, driver.pq.TransactionStatus.INERROR

    class Connection(driver.Connection):  # type: ignore[misc]
        def rollback(self) -> None:
            if self.pgconn.transaction_status in open_states:
                self.pgconn.exec_(b"ROLLBACK")
            super().rollback()  # does nothing unless that failed

    def connect(_dialect: object, _record: object, arguments: Sequence[Any], named: Mapping[str, Any]) -> Any:
        connection = Connection.connect(*arguments, **named)
        connection.prepared_max = MOST_PLANS
        return connection

    event.listen(engine, "do_connect", connect)
