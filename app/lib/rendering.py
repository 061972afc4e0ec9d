"""Markdown to safe HTML within a time limit.

Python-Markdown takes minutes over some crafted texts, and a thread cannot be stopped. So the work is done in a child
process that is stopped and started again when it takes too long.
"""

import json
import os
import re
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path
from queue import LifoQueue
from typing import BinaryIO, cast

from app.lib.markdown_safety import text_of
from app.lib.pipes import receive, send

LONGEST = 200_000  # characters; a long page has 20,000
DEEPEST = 200  # brackets that stand open at once; a text that means something has three
_BRACKETS = re.compile(r"[\[\]]|\n\n")
_START_LIMIT = 20.0  # seconds; half a second is usual
_GRACE = 3.0  # seconds after which a child whose parent has gone stops by itself
_APP = Path(__file__).parents[1]

# The child needs app.lib and nothing else: an empty "app" in place of ours saves it from loading the whole of Braid.
_CHILD = """
import sys, types
app = types.ModuleType("app")
app.__path__ = [sys.argv[1]]
sys.modules["app"] = app
from app.lib.rendering_child import serve
serve(float(sys.argv[2]))
"""


@dataclass(frozen=True)
class Rendered:
    """A text as a page shows it.

    Attributes:
        html: safe to put into a page as it is.
        is_plain: whether it is shown as it was typed, because it was too long or took too long.
    """

    html: str
    is_plain: bool

    @property
    def text(self) -> str:
        """The words without markup."""
        return text_of(self.html)


def plain(source: str) -> Rendered:
    """Return ``source`` as it was typed, with nothing in it that acts."""
    words = escape(source.replace("\0", "\ufffd"), quote=False).encode("utf-8", "replace").decode()
    return Rendered(f'<pre class="plain">{words}</pre>', is_plain=True)


def _is_too_deep(source: str) -> bool:
    """Say whether so many brackets stand open at once that it would take too long: no need to try."""
    depth = 0
    for bracket in _BRACKETS.findall(source):
        depth = depth + 1 if bracket == "[" else 0 if bracket == "\n\n" else max(0, depth - 1)
        if depth > DEEPEST:
            return True
    return False


class Renderer:
    """Renders Markdown in children that may be stopped; any thread may ask, before or after a fork.

    Args:
        limit: seconds that one text may take.
        children: how many texts may be rendered at the same time; a child starts when it is first needed.
    """

    def __init__(self, limit: float = 2.0, children: int = 2) -> None:
        self._limit = limit
        self._count = children
        self._lock = threading.Lock()
        self._owner = 0  # the process that the children belong to
        self._idle: LifoQueue[_Child] = LifoQueue()
        self._end = weakref.finalize(self, _stop, ())

    def render(self, source: str, *, within: str = "") -> Rendered:
        """Return ``source`` as safe HTML, or as plain text if it is too long or takes too long.

        Args:
            source: Markdown.
            within: goes into every id, for pages that show several texts: "comment-12".
        """
        if len(source) > LONGEST or _is_too_deep(source):
            return plain(source)
        idle = self._children()
        child = idle.get()  # the one used last, so that a quiet site keeps one child only
        try:
            html = child.ask(json.dumps({"source": source, "within": within}).encode())
        finally:
            idle.put(child)
        return plain(source) if html is None else Rendered(html, is_plain=False)

    def close(self) -> None:
        """Stop the children; asking again starts them again."""
        with self._lock:
            self._owner = 0
            self._end()

    def _children(self) -> "LifoQueue[_Child]":
        """Return the children of this very process: after a fork there are two, which must not share one pipe."""
        with self._lock:
            if self._owner != os.getpid():
                made = [_Child(self._limit) for _ in range(self._count)]
                self._idle = LifoQueue()
                for child in made:
                    self._idle.put(child)
                self._end.detach()
                self._end = weakref.finalize(self, _stop, made)
                self._owner = os.getpid()
            return self._idle


class _Child:
    """One process, started when it is first asked."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, question: bytes) -> str | None:
        """Return the answer, or nothing if there was none or it took too long; a child that has gone is replaced."""
        was_started = self.process is not None
        process = self.process or self._start()
        try:
            answer = _exchange(process, question, self.limit)
        except TimeoutError:
            self.stop()
            return None
        except (OSError, EOFError):
            self.stop()
            return self.ask(question) if was_started else None
        return cast("str | None", json.loads(answer))

    def _start(self) -> subprocess.Popen[bytes]:
        """Start the process and wait until it can answer.

        Raises:
            EOFError: if it ends at once; what it had to say is on standard error.
        """
        command = [sys.executable, "-P", "-c", _CHILD, str(_APP), str(self.limit + _GRACE)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - all ours
        self.process = process
        _exchange(process, b"", _START_LIMIT)
        return process

    def stop(self) -> None:
        """End the process."""
        process, self.process = self.process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):
                cast("BinaryIO", stream).close()
        process.wait()


def _exchange(process: subprocess.Popen[bytes], question: bytes, limit: float) -> bytes:
    """Send a question and return the answer; after ``limit`` seconds the process is ended.

    Raises:
        TimeoutError: if it was.
        OSError, EOFError: if it had ended by itself.
    """
    is_late = threading.Event()

    def end() -> None:
        is_late.set()
        process.kill()

    timer = threading.Timer(limit, end)
    timer.daemon = True
    timer.start()
    try:
        send(cast("BinaryIO", process.stdin), question)
        return receive(cast("BinaryIO", process.stdout))
    except (OSError, EOFError) as problem:
        if is_late.is_set():
            raise TimeoutError from problem
        raise
    finally:
        timer.cancel()


def _stop(children: Iterable[_Child]) -> None:
    for child in children:
        child.stop()
