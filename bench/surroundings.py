"""Starting Braid's own commands on a folder of our own, whatever is set outside."""

import os
from pathlib import Path

from config import ROOT


def environment(folder: Path, database_url: str = "") -> dict[str, str]:
    """Return the environment of a command that works on ``folder``, and on its SQLite unless a database is named."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("BRAID_")}
    ours = {"BRAID_DATA": str(folder), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    return outside | ours | ({"BRAID_DATABASE_URL": database_url} if database_url else {})
