"""What one engine needs for each thing it can do, in milliseconds of the processor time of the thread that asks."""

import resource
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from bench.search.documents import Document, Questions
from bench.search.engines import Engine

Figures = dict[str, float]
UPDATES = 20


def measured(engine: Engine, made: list[Document], asked: Questions, *, built: bool = False) -> Figures:
    """Build, ask and change one engine; return every figure by name. What is ``built`` already is only opened."""
    figures: Figures = {}
    if built:
        engine.open()
    else:
        began = time.process_time()
        engine.build(made)
        figures = {"build docs/s": len(made) / (time.process_time() - began)}
    ready = getattr(engine, "spell", None)
    few, long = asked.short, asked.long
    figures |= _timed("short, first touch", engine.search, few)
    figures |= _timed("short, warm", engine.search, few)
    figures |= _timed("long, first touch", engine.search, long)
    figures |= _timed("long, warm", engine.search, long)
    for name, ask in (
        ("facets", engine.facets),
        ("filter", engine.filtered),
        ("newest", engine.newest),
        ("passages", engine.passages),
    ):
        _timed(name, ask, few)
        figures |= _timed(name, ask, few)
    complete = getattr(engine, "complete", None)
    if complete:
        complete(asked.prefixes[0])
        figures |= _timed("completion", complete, asked.prefixes)
    if ready:
        figures |= _spelt(ready, asked)
    figures |= _timed("one update", engine.update, made[:UPDATES])
    figures["disk MB"] = sum(file.stat().st_size for file in Path(engine.folder).rglob("*") if file.is_file()) / 1e6
    return figures


def opened(engine: Engine, asked: Questions) -> Figures:
    """Open what another process built and ask it everything; return how long the first answer takes, and the memory."""
    before = _memory()
    began = time.process_time()
    engine.open()
    engine.search(asked.short[0])
    figures = {"opening": (time.process_time() - began) * 1000}
    for words in asked.long:
        engine.search(words)
    for ask in (engine.search, engine.facets, engine.filtered, engine.newest, engine.passages):
        for words in asked.short:
            ask(words)
    for offered, ask_one in ((asked.prefixes, "complete"), ([typed for typed, _ in asked.misspelt], "spell")):
        for one in offered if hasattr(engine, ask_one) else ():
            getattr(engine, ask_one)(one)
    return figures | {"memory MB": _memory() - before, "process MB": _memory()}


def _spelt(spell: Callable[[str], str | None], asked: Questions) -> Figures:
    spell(asked.misspelt[0][0])
    right = 0
    each = []
    for typed, meant in asked.misspelt:
        began = time.thread_time()
        right += spell(typed) == meant
        each.append((time.thread_time() - began) * 1000)
    return _points("spelling", each) | {"spelling, right first": right / len(asked.misspelt)}


def _timed(name: str, act: Callable[[Any], object], all_asked: Iterable[Any]) -> Figures:
    each = []
    for one in all_asked:
        began = time.thread_time()
        act(one)
        each.append((time.thread_time() - began) * 1000)
    return _points(name, each)


def _points(name: str, each: list[float]) -> Figures:
    ordered = sorted(each)
    return {f"{name} p50": ordered[len(ordered) // 2], f"{name} p95": ordered[int(len(ordered) * 0.95)]}


def _memory() -> float:
    """Return what this process holds now, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1024 / 1024
