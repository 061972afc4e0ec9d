"""A web process that leaves new requests to processes with less to do."""

import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

HEAD_START = 0.002  # seconds, for each request that is being answered here
MOST = 5  # requests that count


class Considerate(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's worker with threads, which takes a request the later the more it is answering.

    All web processes wait at one door. Without this whoever wakes first takes the next request, even one that answers
    three while the other one has none: of four readers of long posts on two processors the slowest twentieth waited
    115 to 159 ms, and 91 to 106 ms with it (docs/decisions/0007).
    """

    def accept(self, listener: Any) -> None:
        """Take what waits at the door, unless somebody else took it meanwhile."""
        time.sleep(HEAD_START * min(self.nr_conns, MOST))
        super().accept(listener)
