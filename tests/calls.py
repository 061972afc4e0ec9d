"""How much work something is, in calls of functions: the same on a busy machine and on an idle one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Calls:
    """The calls of functions so far, those of C among them."""

    def __init__(self) -> None:
        self.count = 0

    def note(self, _frame: FrameType, event: str, _given: object) -> None:
        """Take notice of one thing that Python does."""
        if event.endswith("call"):
            self.count += 1


@contextmanager
def calls() -> Iterator[Calls]:
    """Count the calls of this thread inside the block."""
    counted, before = Calls(), sys.getprofile()
    sys.setprofile(counted.note)
    try:
        yield counted
    finally:
        sys.setprofile(before)
