"""How quickly posts and figures come in through ``braid import``."""

import csv
import json
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench import surroundings
from bench.figures import YEARS
from bench.people import CODES, PASSWORD
from bench.words import Words
from config import ROOT

MANAGER = "manager@braid.example"
POSTS = 5000
PROMISED = 200  # posts a second


def rates(scratch: Path, *, posts: int = POSTS) -> str:
    """Import posts and figures into a new installation; return how many a second, and what was left to the worker."""
    folder = scratch / "loading"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    districts = [f"{name}:{code}" for name, code in zip(("North Unified", "South Unified"), CODES, strict=True)]
    _braid(
        folder, "init", "--partnership", "Measured", "--manager", MANAGER, "--password-file", str(folder / "password"),
        *(word for district in districts for word in ("--district", district)),
    )  # fmt: skip
    _braid(folder, "demo")  # the catalogue of indicators comes with it
    lines = folder / "posts.jsonl"
    _write_posts(lines, posts)
    first = _braid(folder, "import", "posts", str(lines), "--as", MANAGER, "--share", "partnership")
    again = _braid(folder, "import", "posts", str(lines), "--as", MANAGER, "--share", "partnership")
    table = folder / "figures.csv"
    rows = _write_figures(table)
    figures = _braid(folder, "import", "figures", str(table), "--as", MANAGER)
    same = _braid(folder, "import", "figures", str(table), "--as", MANAGER)
    verdict = "as promised" if posts / first >= PROMISED else f"UNDER the promised {PROMISED}"
    return (
        f"import posts    {posts:,} in {first:.1f} s: {posts / first:,.0f} a second ({verdict}); "
        f"again, unchanged: {posts / again:,.0f} a second\n"
        f"import figures  {rows:,} rows in {figures:.1f} s: {rows / figures:,.0f} a second; "
        f"again, unchanged: {rows / same:,.0f} a second"
    )


def _braid(folder: Path, *command: str) -> float:
    """Run a command to its end; return how many seconds it took, its start included."""
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "app.cli", *command],
        cwd=ROOT,
        env=surroundings.environment(folder),
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.monotonic() - began


def _write_posts(path: Path, count: int) -> None:
    words = Words.of_the_demonstration(random.Random(1))
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            post = {
                "key": f"measured-{number}",
                "kind": "practice",
                "title": words.phrase(),
                "body": words.body(["What people do", "How we know"], []),
                "created": f"{2009 + number % 17}-0{number % 9 + 1}-1{number % 10}",
                "tags": ["measured"],
            }
            file.write(json.dumps(post, ensure_ascii=False) + "\n")


def _write_figures(path: Path) -> int:
    source = ROOT / "app" / "demo" / "figures.csv"
    with source.open(encoding="utf-8", newline="") as file:
        known = list(csv.DictReader(line for line in file if not line.startswith("#")))
    series = sorted({(row["indicator"], row["version"], row["cds"], row["group"]) for row in known})
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["indicator", "version", "cds", "group", "year", "value", "denominator", "status", "source"])
        for part in range(5):
            for indicator, version, cds, group in series:
                for year in YEARS:
                    row = [indicator, version, cds, group, f"{year}-{(year + 1) % 100:02}", 50 + year % 9, 400]
                    writer.writerow([*row, "reported", f"Invented source {part}"])
                    count += 1
    return count
