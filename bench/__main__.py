"""``python -m bench``: make the partnership, read its pages, print a table."""

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from bench import copying, loading, machine, pages, partnership, surroundings, weight
from bench.pages import TARGET, YARDSTICK
from bench.partnership import Size
from bench.readers import Reader, Timing
from bench.server import serving

HEAD = (
    f"{'page':<32}{'p50':>7}{'p95':>7}{'max':>7}{'× yard':>8}{'CPU':>6}{'req/s':>7}{'SQL':>5}{'kB gz':>7}"
    f"{'taken':>7}{'of':>5}{'p95 of all':>12}"
)


def main() -> int:
    """Measure what was asked for; 1 if a page missed its target."""
    given = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers we started are stopped, too
    scratch: Path = given.scratch
    scratch.mkdir(parents=True, exist_ok=True)
    if given.loading:
        print(loading.rates(scratch))
        return 0
    size = Size(given.posts, given.people, given.districts, given.strands, given.comments, given.observations)
    folder = (
        partnership.with_figures(scratch, size, given.figures) if given.figures else partnership.made(scratch, size)
    )
    misses = 0
    for database in given.database or ["sqlite"]:
        with _placed(database, folder, scratch) as (data, url):
            misses += _measure(data, url, given)
    return 1 if misses else 0


def _options() -> argparse.Namespace:
    usual = Size()
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append", help="may be given twice")
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()) / "braid-bench")
    parser.add_argument("--requests", type=int, default=400, help="for each page")
    parser.add_argument("--workers", type=int, default=2, help="web processes")
    parser.add_argument("--only", default="", help="pages whose name has this in it")
    parser.add_argument("--loading", action="store_true", help="measure the imports instead of the pages")
    parser.add_argument("--figures", type=Path, help="a file of figures that is loaded into the partnership as well")
    parser.add_argument("--json", type=Path, help="write the numbers to this file too")
    for name in ("posts", "people", "districts", "strands", "comments", "observations"):
        parser.add_argument(f"--{name}", type=int, default=getattr(usual, name))
    return parser.parse_args()


@contextmanager
def _placed(database: str, folder: Path, scratch: Path) -> Iterator[tuple[Path, str]]:
    if database == "sqlite":
        yield folder, f"sqlite:///{folder}/braid.db"
        return
    with copying.on_postgresql(folder, scratch) as placed:
        yield placed


def _measure(data: Path, url: str, given: argparse.Namespace) -> int:
    engine = create_engine(url)
    environment = surroundings.environment(data, url)
    surroundings.braid(environment, "work", "--until-idle")  # an index of an older make is made again now, not later
    with Session(engine) as session:
        counted = partnership.sizes(session)
        wanted = [one for one in pages.places(session, 7) if given.only in one.name or one.name == YARDSTICK]
    print(f"\n{machine.described(engine)}")
    print(", ".join(f"{count:,} {name}" for name, count in counted.items()))
    print(f"{pages.READERS} readers at once, {given.workers} web processes, {given.requests} requests a page, in ms\n")
    found = pages.timings(
        environment,
        engine,
        requests=given.requests,
        workers=given.workers,
        only=given.only,
    )
    with serving(environment, workers=1) as server, Session(engine) as session:
        reader = Reader(server.port)
        reader.sign_in(pages.emails(session)[2])
        counts = pages.statements(data, url, wanted, reader.header())
        visit = weight.table(weight.first_visit(reader, "/"))
    print(_table(found, counts))
    print(f"\n{visit}")
    if given.json:
        rows = [
            {"page": t.page, "p50": t.at(0.5), "p95": t.at(0.95), "cpu": t.processor, "rate": t.rate} for t in found
        ]
        given.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    engine.dispose()
    return len(_slow(found))


def _slow(found: list[Timing]) -> list[Timing]:
    return [timing for timing in found if timing.at(0.95) >= TARGET]


def _table(found: list[Timing], counts: dict[str, int]) -> str:
    yard = next(timing for timing in found if timing.page == YARDSTICK).at(0.5)
    lines = [HEAD, "-" * len(HEAD)]
    lines += [
        f"{t.page:<32}{t.at(0.5):>7.1f}{t.at(0.95):>7.1f}{max(t.each):>7.1f}{t.at(0.5) / yard:>8.1f}"
        f"{t.processor:>6.1f}{t.rate:>7.0f}{counts[t.page]:>5}{t.size / 1000:>7.1f}"
        f"{t.stolen:>7.1%}{len(t.all):>5}{t.at_of_all(0.95):>12.1f}"
        + (f"  over {TARGET:.0f} ms" if t in _slow(found) else "")
        for t in found
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
