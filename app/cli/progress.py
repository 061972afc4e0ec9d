"""Showing how far long work is: a bar at a terminal, a line now and then elsewhere. Always beside the result."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

BETWEEN = 5.0  # seconds between two lines


@contextmanager
def shown(label: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Give a function to be told how much is done so far."""
    if not sys.stderr.isatty():
        yield _Lines(label, total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda done: progress.update(task, completed=done)


class _Lines:
    """Says how far it is, not more often than every few seconds."""

    def __init__(self, label: str, total: int | None) -> None:
        self._label = label
        self._of = f" of {total:,}" if total is not None else ""
        self._said = time.monotonic()

    def __call__(self, done: int) -> None:
        if time.monotonic() - self._said >= BETWEEN:
            self._said = time.monotonic()
            print(f"{self._label}: {done:,}{self._of}", file=sys.stderr, flush=True)  # noqa: T201
