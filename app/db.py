"""The engine and session that Flask-SQLAlchemy keeps for us."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, event

from app.models import Base

db = SQLAlchemy(metadata=Base.metadata)

MOST_PLANS = 300  # that a connection to PostgreSQL keeps, and as many descriptions of answers
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
    tables. A page then has each of its statements planned again, which takes longer than to run them. For the same
    reason the columns of an answer are described once for each statement: SQLAlchemy asks for them every time, only to
    see that there are any, and twenty statements with hundreds of columns took a twentieth of a page.
    """
    driver: Any = engine.dialect.loaded_dbapi
    open_states = driver.pq.TransactionStatus.INTRANS, driver.pq.TransactionStatus.INERROR

    class Connection(driver.Connection):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            self.prepared_max = MOST_PLANS
            self.cursor_factory = Cursor
            self.described: dict[str, Any] = {}

        def rollback(self) -> None:
            if self.pgconn.transaction_status in open_states:
                self.pgconn.exec_(b"ROLLBACK")
            super().rollback()  # does nothing unless that failed

    class Cursor(driver.Cursor):  # type: ignore[misc]
        asked = ""

        def execute(self, query: Any, *arguments: Any, **named: Any) -> Any:
            self.asked = query if isinstance(query, str) else ""
            return super().execute(query, *arguments, **named)

        def executemany(self, *arguments: Any, **named: Any) -> None:
            self.asked = ""
            super().executemany(*arguments, **named)

        @property
        def description(self) -> Any:
            described = self.connection.described
            known = described.get(self.asked)
            if known is None:
                known = super().description
                if self.asked and known is not None and len(described) < MOST_PLANS:
                    described[self.asked] = known
            return known

    def connect(_dialect: object, _record: object, arguments: Sequence[Any], named: Mapping[str, Any]) -> Any:
        return Connection.connect(*arguments, **named)

    event.listen(engine, "do_connect", connect)
