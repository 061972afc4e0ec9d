"""Where it was measured: a number without its machine says nothing."""

import os
import platform
import sqlite3
import time
from pathlib import Path

from sqlalchemy import Engine

LOOPS = 5_000_000
STEAL = 7


def described(engine: Engine) -> str:
    """Return the machine, the versions, and how busy it is, in two lines."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            database = f"SQLite {sqlite3.sqlite_version}"
        else:
            said = str(connection.exec_driver_sql("SHOW server_version").scalar())
            database = f"PostgreSQL {said.split(maxsplit=1)[0]}"
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return (
        f"{_processor()}, {cores} cores, {_memory()} GB; Python {platform.python_version()}, {database}\n"
        f"load {load:.1f} when it began; counting to five million took {_counting():.2f} s of this processor"
    )


class Taken:
    """How much of the processors other guests of the same machine take; nothing where nobody says (Linux does)."""

    def __init__(self) -> None:
        self._before = _ticks()

    def share(self) -> float:
        """Return the share of all processors that others took since this was made: 0 to 1."""
        spent = [now - before for now, before in zip(_ticks(), self._before, strict=True)]
        return spent[STEAL] / max(sum(spent), 1)


def _ticks() -> list[int]:
    """Return user, nice, system, idle, waiting, two sorts of interrupts, steal: man 5 proc, all processors together."""
    first = next(iter(_lines("/proc/stat")), "")
    return [int(one) for one in first.split()[1 : STEAL + 2]] or [0] * (STEAL + 1)


def _counting() -> float:
    """Return the processor seconds of a fixed piece of work: twice as many mean a machine that is half as fast."""
    began = time.process_time()
    for _ in range(LOOPS):
        pass
    return time.process_time() - began


def _processor() -> str:
    return next((line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if "model name" in line), "processor")


def _memory() -> int:
    total = next((line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "0")
    return round(int(total) / 1024 / 1024)


def _lines(path: str) -> list[str]:
    place = Path(path)
    return place.read_text(encoding="utf-8").splitlines() if place.exists() else []
