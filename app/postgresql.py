"""What Braid asks of the driver of PostgreSQL: not to do again for every page what the page before had done."""

import selectors
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, event

MOST = 300  # statements whose plans, and as many whose columns a connection keeps

_Selector = getattr(selectors, "PollSelector", selectors.SelectSelector)


def prepare(engine: Engine) -> None:
    """Make the driver keep what can be kept, before the first connection."""
    dialect: Any = engine.dialect
    keeping = _keeping(dialect.loaded_dbapi)

    def connect(_dialect: object, _record: object, arguments: Sequence[Any], named: Mapping[str, Any]) -> Any:
        return keeping.connect(*arguments, **named)

    event.listen(engine, "do_connect", connect)
    dialect.do_ping = _if_heard(dialect.do_ping)


def _keeping(driver: Any) -> Any:
    """Return the driver’s connection, changed so that it keeps what does not change while tables stay as they are.

    Nothing that serves makes tables. Psycopg expects that tables are made, and forgets what PostgreSQL has planned at
    every rollback, with which a page ends that only read: planning again takes longer than to run the statement. It
    also describes the columns of every answer, though SQLAlchemy only asks, but for the first time, if there are any.
    """
    open_states = driver.pq.TransactionStatus.INTRANS, driver.pq.TransactionStatus.INERROR

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
            known = self.connection.described.get(self.asked)
            if known is None:
                known = super().description
                if self.asked and known is not None and len(self.connection.described) < MOST:
                    self.connection.described[self.asked] = known
            return known

    class Connection(driver.Connection):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            self.prepared_max = MOST
            self.cursor_factory = Cursor
            self.described: dict[str, Any] = {}

        def rollback(self) -> None:
            if self.pgconn.transaction_status in open_states:
                self.pgconn.exec_(b"ROLLBACK")
            super().rollback()  # does nothing unless that failed

    return Connection


def _if_heard(ask: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """Return ``ask``, which asks whether a connection is open, for those on which the server has said something.

    That it stops, or that it has closed this one: it says nothing else to somebody who has not asked.
    """

    def is_open(connection: Any) -> bool:
        with _Selector() as heard:
            heard.register(connection, selectors.EVENT_READ)
            return not heard.select(0) or ask(connection)

    return is_open
