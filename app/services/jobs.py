"""Doing what committed changes promised: claimed, safe to run twice, tried again, given up loudly."""

import logging
import os
import socket
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models import Job, Lease
from app.work import Work

log = logging.getLogger(__name__)

BATCH = 100
LEASE = timedelta(seconds=30)
ATTEMPTS = 8
FIRST_WAIT = timedelta(seconds=5)  # doubled after every failure: 5 s, 10 s, ... about ten minutes in all

Handler = Callable[[Work, Sequence[str]], None]


@dataclass(frozen=True, slots=True)
class Task:
    """What a name of job does. ``handle`` gets the keys of a batch, each once.

    Attributes:
        name: the name in job rows.
        handle: the service function; reads the present, so it may run twice.
        alone: whether only one process in the whole installation may run it at a time (by lease).
        batch: how many jobs to take at once; a stop waits for the batch.
        idle: upkeep to do bit by bit after it did something, while nothing is due; says whether there may be more.
    """

    name: str
    handle: Handler
    alone: bool = False
    batch: int = BATCH
    idle: Callable[[], bool] | None = None


def me() -> str:
    """Return a name for this process that no other has."""
    return f"{socket.gethostname()}:{os.getpid()}"


def due(session: Session, now: datetime, names: Iterable[str] | None = None) -> Sequence[str]:
    """Return the names of jobs that could run now, of ``names`` if given."""
    query = select(Job.name).where(Job.run_at <= now, Job.given_up_at.is_(None))
    if names is not None:
        query = query.where(Job.name.in_(sorted(names)))
    return session.scalars(query.distinct().order_by(Job.name)).all()


def claim(work: Work, name: str, most: int = BATCH) -> list[Job]:
    """Lock up to a batch of jobs of one name, so that no other process takes them before this work commits."""
    query = (
        select(Job)
        .where(Job.name == name, Job.run_at <= work.now, Job.given_up_at.is_(None))
        .order_by(Job.run_at, Job.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    return list(work.session.scalars(query))


def finish(work: Work, jobs: Sequence[Job]) -> None:
    """Forget jobs that are done."""
    work.session.execute(
        delete(Job).where(Job.id.in_([job.id for job in jobs])), execution_options={"synchronize_session": False}
    )


def postpone(work: Work, jobs: Sequence[int], error: str) -> None:
    """Try failed jobs again later, each time waiting longer; after the last time, give up and say so."""
    for job in work.session.scalars(select(Job).where(Job.id.in_(jobs))):
        job.attempts += 1
        job.last_error = error[:500]
        if job.attempts >= ATTEMPTS:
            job.given_up_at = work.now
            log.error("job.given_up name=%s key=%s attempts=%d error=%s", job.name, job.key, job.attempts, error)
        else:
            job.run_at = work.now + FIRST_WAIT * 2 ** (job.attempts - 1)
            log.warning("job.failed name=%s key=%s attempts=%d error=%s", job.name, job.key, job.attempts, error)


def schedule(work: Work, name: str, key: str, at: datetime) -> None:
    """Let a job run at a time to come, unless one of that name is already waiting."""
    waits = select(Job.id).where(Job.name == name, Job.run_at > work.now, Job.given_up_at.is_(None)).limit(1)
    if work.session.scalar(waits) is None:
        work.session.add(Job(name=name, key=key, run_at=at))


def hold(work: Work, name: str, holder: str) -> bool:
    """Take or renew the lease called ``name``; say whether ``holder`` has it now.

    A lease whose process on this machine has died is free at once, so that a restart need not wait.
    """
    held = work.session.scalar(select(Lease.holder).where(Lease.name == name))
    free = (Lease.holder == holder) | (Lease.until < work.now)
    if held is not None and _has_died(held):
        free |= Lease.holder == held
    taken = work.session.execute(
        update(Lease)
        .where(Lease.name == name, free)
        .values(holder=holder, until=work.now + LEASE)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount:  # type: ignore[attr-defined]
        return True
    if work.session.get(Lease, name) is not None:
        return False
    try:
        with work.session.begin_nested():
            work.session.add(Lease(name=name, holder=holder, until=work.now + LEASE))
    except IntegrityError:  # another process was a moment faster
        return False
    return True


def release(work: Work, holder: str) -> None:
    """Give back every lease of ``holder``, so that a restart need not wait for them to run out."""
    work.session.execute(delete(Lease).where(Lease.holder == holder))


def take_up_again(work: Work) -> int:
    """Let jobs that were given up be tried once more from the beginning; return how many."""
    again = update(Job).where(Job.given_up_at.is_not(None)).values(given_up_at=None, attempts=0, run_at=work.now)
    return work.session.execute(again.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined,no-any-return]


def waiting(session: Session) -> Mapping[str, int]:
    """Return how many jobs of each name wait, those given up included."""
    return dict(session.execute(select(Job.name, func.count()).group_by(Job.name)).all())


def ready(session: Session, now: datetime) -> int:
    """Return how many jobs a worker could do now; those of next night are not among them."""
    due_now = select(func.count()).select_from(Job).where(Job.run_at <= now, Job.given_up_at.is_(None))
    return session.scalar(due_now) or 0


def distinct_keys(jobs: Sequence[Job]) -> list[str]:
    """Return the keys of ``jobs``, each once, in order."""
    return list(dict.fromkeys(job.key for job in jobs))


def _has_died(holder: str) -> bool:
    """Say whether ``holder`` was a process of this machine that is no more."""
    host, _, process = holder.rpartition(":")
    if host != socket.gethostname() or os.name == "nt":
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, ValueError):
        return False
    return False
