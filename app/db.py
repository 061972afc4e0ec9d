"""The engine and session that Flask-SQLAlchemy keeps for us."""

from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, event

from app import postgresql
from app.models import Base

db = SQLAlchemy(metadata=Base.metadata)

PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=10000", "cache_size=-32000")


def prepare(engine: Engine) -> None:
    """Make the driver do what Braid counts on, before the first connection."""
    if engine.dialect.name == "sqlite":
        _keep_promises(engine)
    else:
        postgresql.prepare(engine)


def _keep_promises(engine: Engine) -> None:
    """Make SQLite keep its promises: foreign keys, patience for writers, readers that never wait."""

    def set_pragmas(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine, "connect", set_pragmas)
