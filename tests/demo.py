"""What ships with the demonstration: its definitions, groups and goals, read once for all tests."""

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from config import ROOT

DEMO = ROOT / "app" / "demo"


def shipped(name: str) -> Any:
    """Return one of its files, as its own to change."""
    return deepcopy(_read(DEMO / f"{name}.yaml"))


@cache
def _read(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))
