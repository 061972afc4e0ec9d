"""A bounded memory of one process: what was asked for longest ago is forgotten first."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any


class Memory:
    """Values by key, together never heavier than ``limit``. Several threads may use it at once."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.weight = 0
        self._held: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Any:
        """Return what is kept under ``key``, or None."""
        with self._lock:
            held = self._held.get(key)
            if held is None:
                return None
            self._held.move_to_end(key)
            return held[0]

    def put(self, key: Hashable, value: Any, weight: int = 1) -> None:
        """Keep ``value``, unless it alone is heavier than the limit."""
        with self._lock:
            _, before = self._held.pop(key, (None, 0))
            self.weight -= before
            if weight > self.limit:
                return
            self._held[key] = (value, weight)
            self.weight += weight
            while self.weight > self.limit:
                _, (_, forgotten) = self._held.popitem(last=False)
                self.weight -= forgotten
