"""Observations: every indicator of the catalogue, every student group, many years, in as many districts as it takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any

import yaml
from sqlalchemy import select

from app.lib.figure_rows import Row
from app.models import District
from app.services import definitions, figures
from app.work import Work
from bench.people import other_code
from config import ROOT

DEMO = ROOT / "app" / "demo"
YEARS = range(2002, 2026)
SOURCE = "Invented figures to measure with"
MIDDLE = {"percent": 55.0, "points": -20.0, "count": 900.0, "index": 700.0}


@dataclass(frozen=True, slots=True)
class Series:
    """What there are figures of."""

    units: dict[str, str]  # indicator: unit
    groups: list[str]

    def of(self, random: Random, cds: str) -> Iterator[Row]:
        """Return the figures of one district, each year near the one before."""
        for indicator, unit in self.units.items():
            for group in self.groups:
                at = MIDDLE[unit] * random.uniform(0.5, 1.3)
                for year in YEARS:
                    at += random.uniform(-0.03, 0.033) * abs(MIDDLE[unit])
                    yield _row(random, indicator, unit, cds, group, year, at)


def load(work: Work, random: Random, wanted: int) -> int:
    """Write the catalogue and ``wanted`` figures; return how many there are.

    Those of the partnership's districts come first and some are restated; other districts fill up the rest, as a
    file of the whole state does.
    """
    catalogue, groups = define(work)
    series = Series({entry["id"]: entry["unit"] for entry in catalogue}, [group["id"] for group in groups])
    own = [code for code in work.session.scalars(select(District.cds_code).order_by(District.id)) if code]
    count = 0
    for code in own:
        count += _insert(work, islice(series.of(random, code), wanted - count))
        again = [row for row in series.of(random, code) if random.random() < 0.05]
        count += _insert(work, again[: wanted - count])
    number = 100
    while count < wanted:
        other = District(name=f"Other {number} Unified", short_name=f"Other {number}", cds_code=other_code(number))
        work.session.add(other)
        work.session.flush()
        count += _insert(work, islice(series.of(random, other.cds_code or ""), wanted - count))
        number += 1
    return count


def define(work: Work) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Load the definitions and groups that ship today, and return them."""
    catalogue, groups = _read("indicators.yaml"), _read("groups.yaml")
    definitions.load(work, catalogue, groups)
    return catalogue, groups


def _insert(work: Work, rows: Any) -> int:
    loaded = figures.insert_many(work, "measured.csv", rows)
    return loaded.new + loaded.changed


def _read(name: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = yaml.safe_load((DEMO / name).read_text(encoding="utf-8"))
    return read


def _row(  # noqa: PLR0917
    random: Random, indicator: str, unit: str, cds: str, group: str, year: int, at: float
) -> Row:
    status, value = "reported", Decimal(str(round(_inside(unit, at), 1)))
    chance = random.random()
    if chance < 0.04:
        status = "suppressed"
    elif chance < 0.06:
        status = "not_available"
    elif chance < 0.07:
        status = "small_sample"
    hidden = status in {"suppressed", "not_available"}
    students = Decimal(random.randint(30, 6000))
    return Row(
        indicator, "", cds, group, year, status, None if hidden else value, None, None if hidden else students,
        None, unit, SOURCE, f"{year + 1}", "",
    )  # fmt: skip


def _inside(unit: str, at: float) -> float:
    match unit:
        case "percent":
            return min(max(at, 1.0), 99.0)
        case "points":
            return min(max(at, -180.0), 180.0)
        case "index":
            return min(max(at, 250.0), 980.0)
        case _:
            return float(max(round(at), 1))
