"""History, restoring, the trash and sharing, in the browser."""

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


@pytest.fixture
def practice(app: Flask, cast: Cast, session: Session) -> Practice:
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
