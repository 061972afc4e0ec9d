"""What a command tells people to type next: something that works when it is pasted where they read it."""

import os
import re
import shlex
import shutil
import sys
from pathlib import Path

_TO_TYPE = re.compile(r"(?<=: )braid (?=[a-z])")
_SHOWN = re.compile(r"(?<![\w/.-])braid (?=[a-z])")


def called() -> str:
    """Return how somebody calls ``braid`` from here: by its name where the shell finds it, else by its path."""
    ours = Path(sys.executable).with_name("braid")
    found = shutil.which("braid")
    if found is not None and (not ours.exists() or Path(found).samefile(ours)):
        return "braid"
    if os.name == "nt" or not ours.exists():
        return f"{shlex.quote(sys.executable)} -m app.cli"
    near = ours.relative_to(Path.cwd()) if ours.is_relative_to(Path.cwd()) else ours
    return shlex.quote(str(near))


def pasteable(sentence: str) -> str:
    """Return a sentence in which every command can be pasted, on the same data folder as now.

    Where the database is set as well, all settings stand together somewhere, and one of them alone would mislead.
    """
    data = os.environ.get("BRAID_DATA") if "BRAID_DATABASE_URL" not in os.environ else None
    where = f"BRAID_DATA={shlex.quote(data)} " if data else ""
    return _TO_TYPE.sub(lambda _: f"{where}{called()} ", sentence)


def example(epilog: str | None) -> str | None:
    """Return the example of a command’s help, calling the command as somebody does from here."""
    return epilog and _SHOWN.sub(lambda _: f"{called()} ", epilog)
