"""Doing what is due, batch by batch, until told to stop."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.models import Job
from app.policy import NOBODY
from app.search import IndexBusy, IndexDamaged
from app.services import jobs
from app.services.jobs import Task
from app.work import Work, working

log = logging.getLogger(__name__)

PAUSE = 0.3  # seconds between two looks when nothing is due
LONGEST_PAUSE = 30.0  # seconds, when the database or the index cannot be used
RENEW = timedelta(seconds=10)  # how old a lease gets before it is taken again
UNAVAILABLE = (OperationalError, IndexBusy)  # nothing is wrong with the job: somebody else is writing


@dataclass
class Lane:
    """One line of tasks, done one batch after the other by one thread, the first named first.

    Attributes:
        open_session: makes a session; each batch has its own.
        tasks: what this lane does; a slow one belongs in a lane of its own.
        holder: the name under which it holds leases.
        clock: tells the time.
    """

    open_session: Callable[[], Session]
    tasks: Sequence[Task]
    holder: str = field(default_factory=jobs.me)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    _held: dict[str, datetime] = field(default_factory=dict)
    _untidy: set[str] = field(default_factory=set)

    def turn(self) -> bool:
        """Do one batch of the first task that is due and free; say whether there was any."""
        due = self.due()
        return any(task.name in due and self._may(task) and self._batch(task) for task in self.tasks)

    def due(self) -> Sequence[str]:
        """Return the names of jobs of this lane that could run now, whoever may run them."""
        with self.open_session() as session:
            return jobs.due(session, self.clock(), [task.name for task in self.tasks])

    def run(self, stop: threading.Event) -> None:
        """Do what is due until ``stop``; the batch that is running is finished."""
        failures = 0
        while not stop.is_set():
            pause = PAUSE
            try:
                pause = 0 if self.turn() or self._tidied() else PAUSE
                failures = 0
            except UNAVAILABLE as error:
                failures += 1
                pause = min(PAUSE * 2**failures, LONGEST_PAUSE)
                log.warning("worker.waits seconds=%.1f error=%s", pause, type(error).__name__)
            if pause:
                stop.wait(pause)

    def _tidied(self) -> bool:
        """Do a bit of upkeep for a task that did something; say whether there may be more."""
        for task in self.tasks:
            if task.name in self._untidy and task.idle is not None and self._may(task):
                try:
                    has_more = task.idle()
                except IndexDamaged as error:  # the next change, or reconciling at night, builds it again
                    log.warning("worker.untidy name=%s error=%s", task.name, type(error).__name__)
                    has_more = False
                if has_more:
                    return True
                self._untidy.discard(task.name)
        return False

    def _may(self, task: Task) -> bool:
        if not task.alone:
            return True
        now = self.clock()
        if task.name in self._held and now - self._held[task.name] < RENEW:
            return True
        with self._working() as work:
            held = jobs.hold(work, task.name, self.holder)
        if held:
            self._held[task.name] = now
        else:
            self._held.pop(task.name, None)
        return held

    def _batch(self, task: Task) -> bool:
        with self._working() as work:
            numbers = [job.id for job in jobs.claim(work, task.name, task.batch)]
        if numbers and task.idle is not None:
            self._untidy.add(task.name)
        if numbers and not self._try(task, numbers):
            for number in numbers if len(numbers) > 1 else ():
                self._may(task)
                self._try(task, [number])
        return bool(numbers)

    def _try(self, task: Task, numbers: Sequence[int]) -> bool:
        """Run a task for some jobs and forget them, in one transaction. One job that fails alone is postponed."""
        try:
            with self._working() as work:
                claimed = list(_still_there(work, numbers))
                if claimed:
                    task.handle(work, jobs.distinct_keys(claimed))
                    jobs.finish(work, claimed)
        except UNAVAILABLE:
            raise
        except Exception as error:
            if len(numbers) > 1:
                return False
            log.debug("job failed", exc_info=True)
            with self._working() as work:
                jobs.postpone(work, numbers, f"{type(error).__name__}: {error}")
        return True

    @contextmanager
    def _working(self) -> Iterator[Work]:
        with self.open_session() as session, working(session, NOBODY, self.clock()) as work:
            yield work


class Worker:
    """Several lanes side by side, so that a slow mail server does not keep a post from being found."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self.lanes = lanes
        self._stop = threading.Event()
        self._died: list[BaseException] = []

    def stop(self) -> None:
        """Finish the batches that are running, and end."""
        self._stop.set()

    def run(self) -> None:
        """Work until ``stop`` is called.

        Raises:
            Exception: whatever ended a lane that should not have ended; the others are stopped first.
        """
        threads = [threading.Thread(target=self._lane, args=(lane,), daemon=True) for lane in self.lanes]
        for thread in threads:
            thread.start()
        while not self._stop.wait(1.0):
            pass
        for thread in threads:
            thread.join()
        self._release()
        if self._died:
            raise self._died[0]

    def run_until_idle(self) -> None:
        """Work until nothing is due. What another process holds the lease for is waited for."""
        while not self._stop.is_set():
            did = [self._exhaust(lane) for lane in self.lanes]
            if not any(did) and not any(lane.due() for lane in self.lanes):
                break
            if not any(did):
                self._stop.wait(PAUSE)
        self._release()

    def _exhaust(self, lane: Lane) -> bool:
        did = False
        while not self._stop.is_set() and lane.turn():
            did = True
        return did

    def _lane(self, lane: Lane) -> None:
        try:
            lane.run(self._stop)
        except BaseException as error:  # noqa: BLE001 - told by run(); a lane must not end unnoticed
            self._died.append(error)
            self._stop.set()

    def _release(self) -> None:
        for lane in self.lanes[:1]:
            with lane.open_session() as session, working(session, NOBODY, lane.clock()) as work:
                jobs.release(work, lane.holder)


def _still_there(work: Work, numbers: Sequence[int]) -> Sequence[Job]:
    query = select(Job).where(Job.id.in_(numbers)).order_by(Job.run_at, Job.id)
    return work.session.scalars(query.with_for_update(skip_locked=True)).all()
