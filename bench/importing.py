"""Importing figures: the state's districts, and millions of rows, on SQLite and on PostgreSQL.

For example: python -m bench.importing STATE.csv.gz --database postgresql --millions 3
"""

import argparse
import csv
import gzip
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import yaml
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from app.db import prepare
from app.models import Base, Observation
from app.services import definitions, figures
from config import ROOT
from tests.people import Cast
from tests.postgres import cluster

DEMO = ROOT / "app" / "demo"


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="all districts of the state, packed")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--millions", type=int, default=0, help="rows of a made file that is loaded after it")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, _database(asked.database, Path(name)) as url:
        engine = create_engine(url)
        prepare(engine)
        Base.metadata.create_all(engine)
        with Session(engine) as session:
            cast = Cast.arrive(session, datetime.now(UTC))
            listed = [yaml.safe_load((DEMO / f"{what}.yaml").read_text("utf-8")) for what in ("indicators", "groups")]
            definitions.load(cast.work(cast.flo), *listed)
            _load(cast, asked.file)
            _load(cast, asked.file)
            if asked.millions:
                _load(cast, _made(asked.file, Path(name) / "made.csv", asked.millions * 1_000_000))
            print(f"{session.scalar(select(func.count()).select_from(Observation)):,} figures are kept")
        engine.dispose()


def _load(cast: Cast, path: Path) -> None:
    began, worked = time.perf_counter(), time.process_time()
    loaded = figures.load(cast.work(cast.flo), path)
    cast.session.commit()
    took, busy = time.perf_counter() - began, time.process_time() - worked
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{path.name}: {loaded.new:,} new, {loaded.changed:,} restated, {loaded.same:,} the same, "
        f"{len(loaded.refused)} refused; {took:.1f} s ({busy:.1f} s of one processor), {most} MB at most",
        flush=True,
    )


def _made(state: Path, path: Path, wanted: int) -> Path:
    """Write a file of ``wanted`` rows: those of the state again and again, each time as from another source."""
    number, turn = 0, 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        while number < wanted:
            with gzip.open(state, "rt", encoding="utf-8", newline="") as file:
                lines = csv.reader(file)
                names = next(lines)
                at = names.index("source_snapshot")
                if turn == 0:
                    writer.writerow(names)
                for row in islice(lines, wanted - number):
                    row[at] = f"{row[at][:-8]} again {turn}"
                    writer.writerow(row)
                    number += 1
            turn += 1
    return path


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/figures.db"
    else:
        with cluster() as url:
            yield url


if __name__ == "__main__":
    main()
