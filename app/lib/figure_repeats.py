"""Telling rows that say what an earlier row of the same file says, at sixteen bytes a row."""

from array import array
from collections.abc import Sequence

import numpy as np

Key = tuple[int, int, str, int, int]  # version, place, group, year, source

_SHIFT = 1 << 40  # Python gives -1 and -2 the same hash; what a file brings has numbers below zero


class Repeats:
    """Keeps what tells each figure of a file from the others."""

    def __init__(self) -> None:
        """Begin with no row."""
        self._keys: array[int] = array("q")
        self._rows: array[int] = array("q")

    def add(self, row: int, key: Key) -> None:
        """Take note of the figure in a row."""
        version, place, group, year, source = key
        self._keys.append(hash((version + _SHIFT, place + _SHIFT, group, year, source + _SHIFT)))
        self._rows.append(row)

    def found(self, most: int) -> Sequence[tuple[int, int]]:
        """Return rows that say what an earlier one says, each with that one; not more than ``most``."""
        if len(self._keys) < 2:  # noqa: PLR2004
            return []
        keys = np.frombuffer(self._keys, dtype=np.int64)
        order = np.argsort(keys, kind="stable")
        again = np.flatnonzero(keys[order][1:] == keys[order][:-1]) + 1
        return sorted((self._rows[order[at]], self._rows[order[at - 1]]) for at in again[:most])
