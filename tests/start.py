"""Runs the tests on everything that is here: all cores, Chromium, PostgreSQL. `./test` starts this.

What is added to `./test` goes to pytest. The exit code is pytest's, of the first round that failed.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

from tests.postgres import programs

DATABASE = "BRAID_TEST_DATABASE_URL"
MOST_PROCESSES = 8
INTERRUPTED = 2
ASK_A_DATABASE = ("tests/integration", "tests/guards")
OWN_WAY = ("-n", "--numprocesses", "--dist", "--pdb", "--collect-only", "--co")


def processes(cores: int, wishes: Sequence[str]) -> list[str]:
    """Return pytest's options for using all cores, unless ``wishes`` say otherwise."""
    if cores == 1 or any(wish.startswith(OWN_WAY) for wish in wishes):
        return []
    # in the order of the folders, so that the browser's files, the slowest, come first and nobody waits for them
    return ["-n", str(min(cores, MOST_PROCESSES)), "--dist", "loadfile", "--no-loadscope-reorder"]


def rounds(
    env: Mapping[str, str], wishes: Sequence[str], *, has_postgres: bool
) -> list[tuple[dict[str, str], list[str]]]:
    """Return the environment and options of each round.

    Where there is a PostgreSQL, everything that asks a database runs on it too, first and without the browser; a part
    of the suite runs once.
    """
    planned = [(dict(env), list(wishes))]
    if has_postgres and not wishes and DATABASE not in env:
        planned.insert(0, ({**env, DATABASE: "postgresql"}, ["-m", "not browser", *ASK_A_DATABASE]))
    return planned


def found(name: str, place: object, tests: str, package: str) -> str:
    """Return the sentence about a program that some tests need."""
    if place:
        return f"{name}: found at {place}; {tests}."
    return f"{name}: not found. Where it is, {tests}. On Debian: sudo apt install {package}"


def chromium() -> str | None:
    """Return where Chromium is, if it is."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def say(sentence: str) -> None:
    """Print one line before pytest prints its own."""
    print(sentence, flush=True)  # noqa: T201 - this is a command


def main(wishes: Sequence[str]) -> int:
    """Say what is here, run every round, and return the exit code."""
    postgres = programs()
    say(found("Chromium", chromium(), "the browser tests run", "chromium"))
    say(found("PostgreSQL", postgres, "the tests that ask a database run on it too", "postgresql"))
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is pytest's, which cleans up after itself
    results: list[int] = []
    for env, options in rounds(os.environ, wishes, has_postgres=postgres is not None):
        say(f"Testing on {'PostgreSQL' if env.get(DATABASE) == 'postgresql' else 'SQLite'} …")
        pytest = [sys.executable, "-m", "pytest", *processes(cores, options), *options]
        results.append(subprocess.run(pytest, env=env, check=False).returncode)
        if results[-1] == INTERRUPTED:
            break
    return next(filter(None, results), 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
