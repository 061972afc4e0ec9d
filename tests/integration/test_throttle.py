"""Strangers who try passwords have to wait, longer each time, whichever process answers them."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.models import SignIn, SignInFailure
from app.policy import NOBODY
from app.services import accounts
from app.work import working
from tests.people import PASSWORD, Cast

WRONG = "not this one, surely"


class Clock:
    """A clock that tests move."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock(app: Flask, cast: Cast) -> Clock:
    clock = Clock(cast.now)
    app.extensions["braid.clock"] = clock
    return clock


def attempt(client: FlaskClient, email: str, password: str = WRONG, address: str = "10.0.0.1") -> int:
    data = {"email": email, "password": password}
    return client.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": address}).status_code


def test_the_sixth_try_has_to_wait_and_is_told_how_long(client: FlaskClient, cast: Cast, clock: Clock) -> None:
    assert [attempt(client, cast.ana.email) for _ in range(5)] == [422] * 5

    answer = client.post("/sign-in", data={"email": cast.ana.email, "password": PASSWORD})

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "10"
    assert "Wait 10 seconds, then try again." in answer.text
    clock.forward(seconds=10)
    assert attempt(client, cast.ana.email, PASSWORD) == 303


def test_each_further_failure_doubles_the_wait_up_to_a_quarter_of_an_hour(
    session: Session, cast: Cast, clock: Clock
) -> None:
    waits = []
    for _ in range(14):
        while (wait := _admitted(session, cast.ana.email, clock.now)) != timedelta(0):
            waits.append(int(wait.total_seconds()))
            clock.forward(seconds=wait.total_seconds())
    assert waits[:8] == [10, 20, 40, 80, 160, 320, 640, 900]
    assert max(waits) == 900


def test_success_forgets_the_failures_of_the_account(client: FlaskClient, cast: Cast, clock: Clock) -> None:
    for _ in range(4):
        attempt(client, cast.ana.email)
    assert attempt(client, cast.ana.email, PASSWORD) == 303
    clock.forward(seconds=1)
    other = client.application.test_client()
    assert [attempt(other, cast.ana.email) for _ in range(5)] == [422] * 5


def test_failures_of_one_account_do_not_slow_another(client: FlaskClient, cast: Cast, clock: Clock) -> None:
    for _ in range(6):
        attempt(client, cast.ana.email)
    assert attempt(client, cast.ben.email, PASSWORD) == 303
    assert clock.now == cast.now


def test_one_address_that_tries_many_accounts_has_to_wait(client: FlaskClient, clock: Clock) -> None:
    tries = [attempt(client, f"someone{n}@fresno.example") for n in range(21)]
    assert tries == [422] * 20 + [429]
    assert attempt(client, "someone@fresno.example", address="10.9.9.9") == 422
    clock.forward(hours=1, seconds=1)
    assert attempt(client, "someone@fresno.example") == 422


@pytest.mark.usefixtures("clock")
def test_an_account_that_does_not_exist_answers_like_one_that_does(client: FlaskClient, cast: Cast) -> None:
    def page(email: str) -> str:
        answer = client.post("/sign-in", data={"email": email, "password": "wrong"})
        return re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text.replace(email, ""))

    known, unknown, departed = page(cast.ana.email), page("nobody@fresno.example"), page(cast.gus.email)

    assert known == unknown == departed
    assert "That e-mail and password do not go together." in known


def test_tries_at_the_same_moment_see_each_other(engine: Engine, session: Session, cast: Cast) -> None:
    email, moment = cast.ana.email, cast.now

    def one(_: int) -> bool:
        with Session(engine) as own:
            return _admitted(own, email, moment) == timedelta(0)

    with ThreadPoolExecutor(8) as pool:
        admitted = sum(pool.map(one, range(24)))

    assert admitted == 5
    assert session.scalar(select(func.count()).select_from(SignInFailure)) == 5


def test_tidying_forgets_what_no_longer_counts(session: Session, cast: Cast) -> None:
    _admitted(session, cast.ana.email, cast.now)
    with working(session, NOBODY, cast.now + timedelta(hours=2)) as work:
        accounts.tidy(work)
    assert session.scalars(select(SignInFailure)).all() == []
    assert session.scalars(select(SignIn)).all() == []


def _admitted(session: Session, email: str, now: datetime) -> timedelta:
    with working(session, NOBODY, now) as work:
        return accounts.admit(work, email, "10.0.0.1")
