"""Starting Braid's own commands on a folder of our own, whatever is set outside."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from config import ROOT


def environment(folder: Path, database_url: str = "") -> dict[str, str]:
    """Return the environment of a command that works on ``folder``, and on its SQLite unless a database is named."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("BRAID_")}
    ours = {"BRAID_DATA": str(folder), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    return outside | ours | ({"BRAID_DATABASE_URL": database_url} if database_url else {})


def braid(environment: Mapping[str, str], *command: str) -> None:
    """Run a command to its end, quietly.

    Raises:
        CalledProcessError: if it failed; what it said is above.
    """
    whole = [sys.executable, "-m", "app.cli", *command]
    subprocess.run(whole, cwd=ROOT, env=dict(environment), check=True, stdout=subprocess.DEVNULL)
