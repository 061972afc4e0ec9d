"""Lists of what was recognised in a file, kept on disk: any page of millions of entries is read without the others."""

import marshal
import zlib
from array import array
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, Self

PAGE = 50  # entries written, and shown, together
KINDS = ("refused", "changed", "new", "same")

Kept = tuple[str, int | None]  # status and value, as the database keeps them


class Entry(NamedTuple):
    """One figure of a file, or the sentence that refuses a row."""

    row: int
    sentence: str = ""
    indicator: str = ""
    cds: str = ""
    name: str = ""  # of the place, where the file says it
    group: str = ""
    year: int = 0
    now: Kept = ("", None)
    before: Kept = ("", None)


class Lists:
    """Writes the lists of one file into a folder; use it as a context manager."""

    def __init__(self, folder: Path) -> None:
        """Begin empty lists in ``folder``."""
        self._open = ExitStack()
        self._files = {kind: self._open.enter_context(_rows(folder, kind).open("wb")) for kind in KINDS}
        self._places = {kind: self._open.enter_context(_index(folder, kind).open("wb")) for kind in KINDS}
        self._waiting: dict[str, list[tuple[object, ...]]] = {kind: [] for kind in KINDS}
        self.add: dict[str, Callable[[Entry], None]] = {kind: self._adder(kind) for kind in KINDS}

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Write what is left, and close the files."""
        for kind in KINDS:
            self._write(kind)
        self._open.close()

    def _adder(self, kind: str) -> Callable[[Entry], None]:
        waiting = self._waiting[kind]

        def add(entry: Entry) -> None:
            waiting.append(tuple(entry))
            if len(waiting) == PAGE:
                self._write(kind)

        return add

    def _write(self, kind: str) -> None:
        waiting, out = self._waiting[kind], self._files[kind]
        if waiting:
            array("Q", [out.tell()]).tofile(self._places[kind])
            out.write(zlib.compress(marshal.dumps(waiting), 1))  # a fifth of its size
            waiting.clear()


def page(folder: Path, kind: str, number: int) -> Sequence[Entry]:
    """Return the entries of one page, counted from 1; none where there is no such page."""
    width = array("Q").itemsize
    try:
        with _index(folder, kind).open("rb") as index, _rows(folder, kind).open("rb") as rows:
            index.seek((number - 1) * width)
            found = index.read(width)
            if len(found) < width:
                return []
            begins, after = array("Q", found)[0], index.read(width)
            rows.seek(begins)
            packed = rows.read(array("Q", after)[0] - begins if after else -1)
            return [Entry(*words) for words in marshal.loads(zlib.decompress(packed))]  # noqa: S302 - our own file
    except FileNotFoundError:
        return []


def _rows(folder: Path, kind: str) -> Path:
    return folder / f"list-{kind}"


def _index(folder: Path, kind: str) -> Path:
    return folder / f"list-{kind}.at"
