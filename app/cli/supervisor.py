"""Keeping a few processes running, and stopping all of them within seconds."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import FrameType

LOOK = 0.1  # seconds between two looks
PATIENCE = 8.0  # seconds that a child may take to stop
SOON = 5.0  # a child that ends sooner than this after its start cannot work at all
TRIES = 4  # how often a child may do that before we give up
LONGEST_WAIT = 30.0
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    """A process to keep running.

    Attributes:
        name: what it is called when it dies.
        command: what to start.
    """

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0  # when to start it again
    failures: int = field(default=0)  # in a row


class Supervisor:
    """Starts children, starts again those that die, waiting longer each time, and takes them along when it ends."""

    def __init__(self, children: Sequence[Child], environment: Mapping[str, str]) -> None:
        self._children = children
        self._environment = dict(environment)
        self._stops = 0

    def run(self) -> int:
        """Keep the children running until a signal says stop; return the exit code."""
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGTERM, self._stop)
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        code = 0
        try:
            while not self._stops and not code:
                for child in self._children:
                    code = code or self._look_after(child)
                time.sleep(LOOK)
        finally:
            self._end()
        return code

    def _look_after(self, child: Child) -> int:
        now = time.monotonic()
        if child.process is None:
            if now >= child.due:
                child.process = self._start(child)
                child.started = now
            return 0
        if child.process.poll() is None:
            if now - child.started > LONGEST_WAIT:
                child.failures = 0
            return 0
        child.failures = child.failures + 1 if now - child.started < SOON else 1
        if child.failures >= TRIES:
            _say(f"The {child.name} ends as soon as it starts; what it said is above. Nothing runs now.")
            return 1
        wait = min(2.0 ** (child.failures - 1), LONGEST_WAIT)
        _say(f"The {child.name} ended (code {child.process.returncode}); it starts again in {wait:.0f} s.")
        child.process, child.due = None, now + wait
        return 0

    def _start(self, child: Child) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C reaches us alone, and we stop the children in order.
        return subprocess.Popen(  # noqa: S603 - our own commands
            child.command,
            env=self._environment,
            start_new_session=True,
            preexec_fn=partial(_end_with, os.getpid()) if sys.platform == "linux" else None,  # noqa: PLW1509
        )

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stops += 1
        if self._stops > 1:  # somebody is in a hurry
            for process in self._running():
                process.kill()

    def _end(self) -> None:
        for process in self._running():
            process.terminate()
        until = time.monotonic() + PATIENCE
        while self._running() and time.monotonic() < until:
            time.sleep(LOOK)
        for process in self._running():
            process.kill()
            process.wait()

    def _running(self) -> list[subprocess.Popen[bytes]]:
        return [c.process for c in self._children if c.process is not None and c.process.poll() is None]


def _end_with(parent: int) -> None:
    """Ask Linux to stop this child when we are killed, so that a restart finds the port free."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # we were killed in between
        os._exit(1)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201
