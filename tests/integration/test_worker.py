"""Jobs are done after the commit, in batches, safely, and a bad one harms only itself."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.models import Job, Lease
from app.policy import NOBODY
from app.search import IndexDamaged
from app.services import jobs
from app.services.jobs import Task
from app.services.worker import Lane, Worker
from app.work import Work, working
from tests.conftest import NOW, empty


@pytest.fixture
def rooms(engine: Engine) -> Iterator[Callable[[], Session]]:
    yield lambda: Session(engine)
    empty(engine)


def promise(rooms: Callable[[], Session], *keys: str, name: str = "ring", at: datetime = NOW) -> None:
    with rooms() as session:
        session.add_all(Job(name=name, key=key, run_at=at) for key in keys)
        session.commit()


def left(rooms: Callable[[], Session]) -> list[tuple[str, int]]:
    with rooms() as session:
        return [(row.key, row.attempts) for row in session.execute(select(Job.key, Job.attempts).order_by(Job.id))]


def lane(rooms: Callable[[], Session], *tasks: Task, **more: Any) -> Lane:
    return Lane(rooms, tasks, **({"clock": lambda: NOW} | more))


def test_a_batch_merges_what_was_promised_twice(rooms: Callable[[], Session]) -> None:
    promise(rooms, "post:1", "post:2", "post:1")
    rung: list[Sequence[str]] = []

    assert lane(rooms, Task("ring", lambda _, keys: rung.append(keys))).turn()

    assert rung == [["post:1", "post:2"]]
    assert left(rooms) == []


def test_nothing_due_is_nothing_done(rooms: Callable[[], Session]) -> None:
    promise(rooms, "post:1", at=NOW + timedelta(minutes=1))
    rung: list[Sequence[str]] = []

    assert not lane(rooms, Task("ring", lambda _, keys: rung.append(keys))).turn()

    assert rung == []
    assert left(rooms) == [("post:1", 0)]


def test_a_job_that_cannot_be_done_does_not_hold_up_its_batch(rooms: Callable[[], Session]) -> None:
    promise(rooms, "post:1", "post:2", "post:3")
    rung: list[str] = []

    def ring(_: Work, keys: Sequence[str]) -> None:
        if "post:2" in keys:
            msg = "post 2 is poison"
            raise ValueError(msg)
        rung.extend(keys)

    assert lane(rooms, Task("ring", ring)).turn()

    assert rung == ["post:1", "post:3"]
    assert left(rooms) == [("post:2", 1)]
    with rooms() as session:
        job = session.scalars(select(Job)).one()
        assert job.last_error == "ValueError: post 2 is poison"
        assert job.run_at == NOW + timedelta(seconds=5)


def test_a_job_is_given_up_after_eight_times(rooms: Callable[[], Session]) -> None:
    promise(rooms, "post:1")
    clock = [NOW]

    def fail(_: Work, __: Sequence[str]) -> None:
        raise LookupError

    tired = lane(rooms, Task("ring", fail), clock=lambda: clock[0])
    turns = 0
    while tired.turn():
        turns += 1
        clock[0] += timedelta(hours=1)

    assert turns == jobs.ATTEMPTS
    with rooms() as session:
        assert session.scalars(select(Job.given_up_at)).one() is not None
    with rooms() as session, working(session, NOBODY, clock[0]) as work:
        assert jobs.take_up_again(work) == 1
    assert tired.due() == ["ring"]


def test_when_the_database_is_locked_nothing_counts_as_a_failure(rooms: Callable[[], Session]) -> None:
    promise(rooms, "post:1")

    def locked(_: Work, __: Sequence[str]) -> None:
        statement = "update"
        raise OperationalError(statement, {}, Exception("database is locked"))

    with pytest.raises(OperationalError):
        lane(rooms, Task("ring", locked)).turn()

    assert left(rooms) == [("post:1", 0)]


def test_a_lane_waits_out_a_locked_database(rooms: Callable[[], Session]) -> None:
    promise(rooms, "post:1")
    stop = threading.Event()
    tries: list[int] = []

    def locked_once(_: Work, __: Sequence[str]) -> None:
        tries.append(1)
        if len(tries) == 1:
            statement = "update"
            raise OperationalError(statement, {}, Exception("database is locked"))
        stop.set()

    lane(rooms, Task("ring", locked_once)).run(stop)

    assert len(tries) == 2
    assert left(rooms) == []


def test_only_the_holder_of_the_lease_runs_what_must_run_alone(rooms: Callable[[], Session]) -> None:
    promise(rooms, "post:1")
    task = Task("ring", lambda _, __: None, alone=True)
    with rooms() as session, working(session, NOBODY, NOW) as work:
        assert jobs.hold(work, "ring", "elsewhere:1")

    assert not lane(rooms, task, holder="elsewhere:2").turn()
    assert left(rooms) == [("post:1", 0)]

    later = NOW + jobs.LEASE + timedelta(seconds=1)
    assert lane(rooms, task, holder="elsewhere:2", clock=lambda: later).turn()
    assert left(rooms) == []


def test_the_lease_of_a_process_that_died_here_is_free_at_once(rooms: Callable[[], Session]) -> None:
    promise(rooms, "post:1")
    host = jobs.me().rpartition(":")[0]
    with rooms() as session, working(session, NOBODY, NOW) as work:
        assert jobs.hold(work, "ring", f"{host}:{2**22 + 1}")  # above every process number that Linux gives

    assert lane(rooms, Task("ring", lambda _, __: None, alone=True)).turn()

    assert left(rooms) == []


def test_until_idle_ends_and_gives_its_leases_back(rooms: Callable[[], Session]) -> None:
    promise(rooms, *[f"post:{number}" for number in range(250)])
    promise(rooms, "letter:1", name="post")
    rung: list[str] = []
    quick = lane(rooms, Task("ring", lambda _, keys: rung.extend(keys), alone=True))
    slow = lane(rooms, Task("post", lambda _, keys: rung.extend(keys)))

    Worker([quick, slow]).run_until_idle()

    assert len(rung) == 251
    assert left(rooms) == []
    with rooms() as session:
        assert session.scalars(select(Lease)).all() == []


def test_a_stop_finishes_the_batch_that_is_running(rooms: Callable[[], Session]) -> None:
    promise(rooms, "post:1")
    began = threading.Event()

    def slowly(_: Work, __: Sequence[str]) -> None:
        began.set()
        time.sleep(0.3)

    worker = Worker([lane(rooms, Task("ring", slowly))])
    thread = threading.Thread(target=worker.run)
    thread.start()
    assert began.wait(5)
    worker.stop()
    thread.join(10)

    assert not thread.is_alive()
    assert left(rooms) == []


def test_what_is_promised_is_done_within_two_seconds(rooms: Callable[[], Session]) -> None:
    done = threading.Event()
    worker = Worker([Lane(rooms, [Task("ring", lambda _, __: done.set())])])
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        time.sleep(0.5)
        promise(rooms, "post:1", at=datetime.now(UTC))
        assert done.wait(2)
    finally:
        worker.stop()
        thread.join(10)


def test_a_lane_that_ends_unexpectedly_ends_the_worker(rooms: Callable[[], Session]) -> None:
    def broken() -> Session:
        msg = "no database"
        raise RuntimeError(msg)

    ring = Task("ring", lambda _, __: None)
    with pytest.raises(RuntimeError, match="no database"):
        Worker([lane(rooms, ring), Lane(broken, [ring])]).run()


def test_what_comes_every_night_waits_only_once(rooms: Callable[[], Session]) -> None:
    for _ in range(2):
        with rooms() as session, working(session, NOBODY, NOW) as work:
            jobs.schedule(work, "upkeep", "nightly", NOW + timedelta(hours=5))

    assert left(rooms) == [("nightly", 0)]


def test_upkeep_is_done_bit_by_bit_once_nothing_is_due(engine: Engine) -> None:
    left = [True, True, False]
    lane = Lane(
        lambda: Session(engine), [Task("tidy-up", lambda _work, _keys: None, idle=lambda: left.pop(0))], holder="me"
    )
    with Session(engine) as session:
        session.add(Job(name="tidy-up", key="x", run_at=datetime(2020, 1, 1, tzinfo=UTC)))
        session.commit()
    stop = threading.Event()
    running = threading.Thread(target=lane.run, args=(stop,))
    running.start()
    until = time.monotonic() + 30
    while left and time.monotonic() < until:
        time.sleep(0.02)
    stop.set()
    running.join()
    assert left == []


def test_a_damaged_index_does_not_end_the_line(engine: Engine) -> None:
    tried: list[str] = []

    def damaged() -> bool:
        tried.append("tidied")
        raise IndexDamaged

    task = Task("tidy-up", lambda _work, keys: tried.extend(keys), idle=damaged)
    lane = Lane(lambda: Session(engine), [task], holder="me")
    stop = threading.Event()
    running = threading.Thread(target=lane.run, args=(stop,))
    running.start()
    until = time.monotonic() + 30
    for key in ("x", "y"):
        with Session(engine) as session:
            session.add(Job(name="tidy-up", key=key, run_at=datetime(2020, 1, 1, tzinfo=UTC)))
            session.commit()
        done = len(tried) + 2
        while len(tried) < done and time.monotonic() < until:
            time.sleep(0.02)
    stop.set()
    running.join()
    assert tried == ["x", "tidied", "y", "tidied"]
