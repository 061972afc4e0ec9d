"""The same partnership on PostgreSQL: a throw-away server, every table copied, the index and drawings shared."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, delete, insert, select

from app.models import Base
from bench import partnership, surroundings
from tests.postgres import cluster

ROWS = 5000


@contextmanager
def on_postgresql(folder: Path, scratch: Path) -> Iterator[tuple[Path, str]]:
    """Give a data folder and the address of a database that holds what ``folder`` does."""
    data = scratch / "postgresql"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    for name in ("index", "charts"):
        if (folder / name).exists():
            shutil.copytree(folder / name, data / name)
    with cluster() as url:
        surroundings.braid(surroundings.environment(data, url), "prepare", "--empty")
        target = create_engine(url)
        source = create_engine(f"sqlite:///{folder}/braid.db")
        with source.connect() as before, target.begin() as after:
            _copy(before, after)
        partnership.analyze(target)
        source.dispose()
        target.dispose()
        yield data, url


def _copy(before: Connection, after: Connection) -> None:
    after.exec_driver_sql("SET session_replication_role = replica")  # rows may come before what they point to
    for table in Base.metadata.sorted_tables:
        after.execute(delete(table))  # what a migration put there
        rows = before.execution_options(yield_per=ROWS).execute(select(table))
        for part in rows.mappings().partitions(ROWS):
            after.execute(insert(table), [dict(row) for row in part])
        if "id" in table.c and table.c["id"].autoincrement:
            after.exec_driver_sql(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608 - our own names
                f"coalesce((SELECT max(id) FROM {table.name}), 1))"
            )
    after.exec_driver_sql("SET session_replication_role = DEFAULT")
