"""``python -m bench.search FOLDER…``: four engines on the same documents, in one run, each in a process of its own."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from bench.machine import _counting, _processor
from bench.search.documents import Questions, documents, questions
from bench.search.engines import ENGINES
from bench.search.measuring import Figures, measured, opened
from config import ROOT

TARGETS = (  # figure, other engine, most as a share of its, from how many documents, up to
    ("short, warm p50", "fts5", 1.0, 10_000, 99_999),
    ("short, warm p50", "fts5", 0.5, 100_000, 1_000_000),
    ("short, warm p50", "tantivy", 4.0, 10_000, 1_000_000),
    ("long, warm p95", "fts5", 0.25, 10_000, 1_000_000),
    ("filter p50", "fts5", 0.25, 100_000, 1_000_000),
    ("facets p50", "fts5", 0.25, 100_000, 1_000_000),
    ("newest p50", "fts5", 0.25, 100_000, 1_000_000),
)
LIMITS = (  # figure, least, most, at how many documents
    ("spelling p95", 0.0, 5.0, 10_000),
    ("spelling, right first", 0.9, 1.0, 10_000),
    ("one update p95", 0.0, 60.0, 10_000),
    ("process MB", 0.0, 300.0, 10_000),
)


def main() -> int:
    """Measure; 1 if a target was missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER", help="texts: corpus.jsonl or Markdown")
    parser.add_argument("--count", type=int, action="append", help="documents; may be given several times")
    parser.add_argument("--engine", choices=list(ENGINES), action="append")
    parser.add_argument("--questions", type=int, default=100, help="how many of each sort")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()) / "braid-search")
    parser.add_argument("--again", action="store_true", help="ask what an earlier run built in the same scratch folder")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--one", choices=["built", "opened"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(_one(given)))
        return 0
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(f"{_processor()}, {os.cpu_count()} cores, load {load:.1f}, counting to five million {_counting():.2f} s")
    missed: list[str] = []
    everything = {}
    for count in given.count or [1_000, 10_000, 100_000]:
        found = {name: _apart(name, count, given) for name in given.engine or ENGINES}
        print(f"\n{count:,} documents, milliseconds of processor time\n{_table(found)}", flush=True)
        missed += _missed(found, count)
        everything[count] = found
    print("\n" + ("\n".join(missed) or "Every target was reached."))
    if given.json:
        given.json.write_text(json.dumps(everything, indent=1), encoding="utf-8")
    return 1 if missed else 0


def _one(given: argparse.Namespace) -> Figures:
    """Measure one engine in this process."""
    folder = given.scratch / f"{given.engine[0]}-{given.count[0]}"
    engine, questionnaire = ENGINES[given.engine[0]](folder), given.scratch / f"questions-{given.count[0]}.json"
    if given.one == "opened":
        return opened(engine, Questions(**json.loads(questionnaire.read_text(encoding="utf-8"))))
    made = documents(given.folders, given.count[0], given.seed)
    asked = questions(given.folders, made, given.seed, given.questions)
    built = given.again and folder.exists()
    if not built:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    questionnaire.write_text(json.dumps(asdict(asked)), encoding="utf-8")
    return measured(engine, made, asked, built=built)


def _apart(name: str, count: int, given: argparse.Namespace) -> Figures:
    """Measure one engine: built in a process of its own, then opened in another, whose memory is that of searching."""
    began = time.monotonic()
    command = [sys.executable, "-W", "ignore", "-m", "bench.search", *map(str, given.folders)]
    command += ["--questions", str(given.questions)]
    command += ["--engine", name, "--count", str(count), "--seed", str(given.seed), "--scratch", str(given.scratch)]
    command += ["--again"] if given.again else []
    figures: Figures = {}
    for step in ("built", "opened"):
        ran = subprocess.run([*command, "--one", step], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        figures |= json.loads(ran.stdout)
    print(
        f"{name}, {count:,}: {time.monotonic() - began:.0f} s\n{_table({name: figures})}", file=sys.stderr, flush=True
    )
    return figures


def _table(found: dict[str, Figures]) -> str:
    names = list(dict.fromkeys(name for figures in found.values() for name in figures))
    lines = [f"{'':<26}" + "".join(f"{engine:>12}" for engine in found)]
    for name in names:
        cells = (f"{figures[name]:>12.2f}" if name in figures else f"{'–':>12}" for figures in found.values())
        lines.append(f"{name:<26}" + "".join(cells))
    return "\n".join(lines)


def _missed(found: dict[str, Figures], count: int) -> list[str]:
    ours = found.get("braid", {})
    wrong = []
    for name, other, share, least, most in TARGETS:
        theirs = found.get(other, {})
        if least <= count <= most and name in ours and name in theirs:
            ratio = ours[name] / theirs[name]
            said = f"{count:,}: {name} is {ratio:.2f} × {other}’s (wanted: {share})"
            print(said + ("" if ratio <= share else "  MISSED"))
            wrong += [said] if ratio > share else []
    for name, least_value, most_value, at in LIMITS:
        if count == at and name in ours and not least_value <= ours[name] <= most_value:
            wrong.append(f"{count:,}: {name} is {ours[name]:.2f} (wanted: {least_value} to {most_value})")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
