"""The definitions that come with Braid: what California publishes of its districts, described and ready to be used."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from app.models import Indicator
from app.services import definitions
from app.work import Work

FOLDER = Path(__file__).parent.parent / "demo"


@lru_cache(maxsize=1)
def codes() -> frozenset[str]:
    """Return the codes of all of them."""
    return frozenset(entry["id"] for entry in _read("indicators.yaml"))


def add(work: Work) -> int:
    """Add those that are not here yet, with the student groups; return how many. What is here stays as it is.

    Raises:
        Denied: if the actor is of no data office and manages nothing.
    """
    here = set(work.session.scalars(select(Indicator.code)))
    missing = [entry for entry in _read("indicators.yaml") if entry["id"] not in here]
    return definitions.load(work, missing, _read("groups.yaml")).indicators


def _read(name: str) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return found
