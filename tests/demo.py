"""What ships with the demonstration: its definitions, groups and goals, read once for all tests."""

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.services import definitions
from config import ROOT
from tests.people import Cast

DEMO = ROOT / "app" / "demo"


def shipped(name: str) -> Any:
    """Return one of its files, as its own to change."""
    return deepcopy(_read(DEMO / f"{name}.yaml"))


def define(cast: Cast) -> None:
    """Load its definitions and groups, for good."""
    definitions.load(cast.work(cast.flo), shipped("indicators"), shipped("groups"))
    cast.session.commit()


@cache
def _read(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))
