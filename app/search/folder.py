"""The folder of an index: numbered indexes side by side, and a file that says which one counts.

``current`` is replaced in one step, so every process sees either the old index or the whole new one.
"""

import os
import shutil
import time
from pathlib import Path

_PREFIX = "index-"
_TICK = 100_000_000  # nanoseconds


class Watch:
    """Tells whether a file or folder may have changed since the last look, for less than looking costs."""

    def __init__(self) -> None:
        self._seen: tuple[int, int] | None = None

    def is_new(self, path: str) -> bool:
        """Say whether to look at ``path`` (again); ask before looking, not after.

        Raises:
            FileNotFoundError: if it is not there.
        """
        found = os.stat(path)  # noqa: PTH116  # asked in every search, and building a Path costs ten times as much
        seen = found.st_ino, found.st_mtime_ns
        if seen == self._seen:
            return False
        # The file system's clock ticks every few milliseconds: what changed just now may change again unseen.
        self._seen = seen if time.time_ns() - found.st_mtime_ns > _TICK else None
        return True


class IndexFolder:
    """Where one index and its successors live. Readable by nobody else: Whoosh's files are pickles."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._watch = Watch()
        self._pointer = str(path / "current")
        self._known: Path | None = None

    def current(self) -> Path | None:
        """Return the folder of the index that counts, or None before the first."""
        try:
            if self._watch.is_new(self._pointer):
                self._known = self.path / Path(self._pointer).read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        return self._known

    def make(self) -> None:
        """Make the outer folder where it is missing, closed to everybody else."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)

    def new(self) -> Path:
        """Make and return an empty folder for another index, and remove what unfinished ones left behind."""
        self.make()
        self._remove_all_but(self.current())
        number = max((int(folder.name.removeprefix(_PREFIX)) for folder in self._folders()), default=0) + 1
        fresh = self.path / f"{_PREFIX}{number:06}"
        fresh.mkdir(mode=0o700)
        return fresh

    def adopt(self, folder: Path) -> None:
        """Let ``folder`` be the index that counts from now on. The one before stays until the next, for its readers."""
        draft = self.path / f"current.{os.getpid()}"
        with draft.open("w", encoding="ascii") as file:
            file.write(folder.name)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path / "current")

    def _folders(self) -> list[Path]:
        return [folder for folder in self.path.glob(f"{_PREFIX}*") if folder.name.removeprefix(_PREFIX).isdigit()]

    def _remove_all_but(self, current: Path | None) -> None:
        for folder in self._folders():
            if folder != current:
                shutil.rmtree(folder, ignore_errors=True)
