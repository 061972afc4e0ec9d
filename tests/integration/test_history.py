"""History, restoring, the trash and sharing, in the browser."""

import itertools
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models import Person, Practice
from tests.pages import get, post
from tests.people import Cast, sign_in


def client_of(app: Flask, person: Person, session: Session) -> FlaskClient:
    client = app.test_client()
    sign_in(client, person, session)
    return client


def tick(app: Flask, cast: Cast) -> None:
    """Let a minute pass before each request."""
    moments = itertools.count(1)
    app.extensions["braid.clock"] = lambda: cast.now + timedelta(minutes=next(moments))


@pytest.fixture
def practice(app: Flask, cast: Cast, session: Session) -> Practice:
    tick(app, cast)
    one = cast.practice(by=cast.ana, shared="partnership", body="Ten minutes a day.")
    path = f"/posts/{one.id}/edit"
    ana = client_of(app, cast.ana, session)
    form = get(ana, path).form(path)
    assert post(ana, path, form.fill({"body": "Twenty minutes a day.", "problem": "Silence"})).code == 303
    return one


def test_the_history_says_who_and_what(app: Flask, cast: Cast, session: Session, practice: Practice) -> None:
    ben = client_of(app, cast.ben, session)
    page = get(ben, f"/posts/{practice.id}/history")
    assert page.code == 200
    assert "Ana Example" in page.words
    page = get(ben, f"/posts/{practice.id}/history/2")
    assert "".join(page.root.find(".//del").itertext()).strip() == "Ten"  # type: ignore[union-attr]
    assert "Twenty" in ["".join(ins.itertext()).strip() for ins in page.root.iter("ins")]
    assert "Silence" in page.words
    assert get(ben, f"/posts/{practice.id}/history/1").code == 200
    assert get(ben, f"/posts/{practice.id}/history/9").code == 404
    assert get(client_of(app, cast.eve, session), f"/posts/{practice.id}/history").code == 404


def test_an_earlier_version_comes_back(app: Flask, cast: Cast, session: Session, practice: Practice) -> None:
    ana, ben = client_of(app, cast.ana, session), client_of(app, cast.flo, session)
    path = f"/posts/{practice.id}/history/1/restoration"
    assert path in get(ana, f"/posts/{practice.id}/history/1").actions()
    assert path not in get(ben, f"/posts/{practice.id}/history/1").actions()
    assert post(ben, path).code == 403
    page = post(ana, path, follow=True)
    assert "This version is the current one again." in page.words
    assert "Ten minutes a day." in page.words
    assert get(ana, f"/posts/{practice.id}/history/3").code == 200
    assert post(ana, f"/posts/{practice.id}/history/9/restoration").code == 404


def test_what_was_taken_out_before_a_post_was_shared_stays_out(app: Flask, cast: Cast, session: Session) -> None:
    tick(app, cast)
    one = cast.practice(by=cast.ana, body="Names of three children.", title="Pairs")
    number = one.id
    ana, ben, flo = (client_of(app, person, session) for person in (cast.ana, cast.ben, cast.flo))

    def say(words: str) -> None:
        path = f"/posts/{number}/edit"
        assert post(ana, path, get(ana, path).form(path).fill({"body": words})).code == 303

    say("For our strand.")
    assert post(ana, f"/posts/{number}/sharing", {"sharing": "strand"}).code == 303
    say("For everybody.")
    assert post(ana, f"/posts/{number}/sharing", {"sharing": "partnership"}).code == 303
    say("For everybody, and better.")

    def reads(client: FlaskClient) -> list[int]:
        return [n for n in range(1, 5) if get(client, f"/posts/{number}/history/{n}").code == 200]

    assert reads(ana) == [1, 2, 3, 4]
    assert reads(ben) == [2, 3, 4]  # of the strand
    assert reads(flo) == [3, 4]
    page = get(flo, f"/posts/{number}/history")
    assert "It begins where it was first shared with you." in page.words
    assert "It begins" not in get(ana, f"/posts/{number}/history").words
    assert "For our strand" not in get(flo, f"/posts/{number}/history/3").html
    assert "three children" not in get(ben, f"/posts/{number}/history/2").html
    assert post(ben, f"/posts/{number}/history/1/restoration").code == 404
