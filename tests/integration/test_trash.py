"""Deleting and bringing back, in the browser."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models import Person
from tests.pages import get, post
from tests.people import Cast, sign_in


def client_of(app: Flask, person: Person, session: Session) -> FlaskClient:
    client = app.test_client()
    sign_in(client, person, session)
    return client


def test_deleting_hides_and_one_click_brings_back(app: Flask, cast: Cast, session: Session) -> None:
    one = cast.practice(by=cast.ana, shared="partnership")
    ana, ben = client_of(app, cast.ana, session), client_of(app, cast.flo, session)
    page = post(ana, f"/posts/{one.id}/trash", follow=True)
    undo = f"/trash/{one.id}/restoration"
    assert "“Number talks” is in the trash for 90 days." in page.words
    assert undo in page.actions()
    assert get(ana, f"/posts/{one.id}").code == get(ben, f"/posts/{one.id}").code == 404
    assert "Number talks" in get(ana, "/trash").words
    assert "Number talks" not in get(ben, "/trash").words
    assert post(ben, undo).code == 404
    assert get(ben, f"/posts/{one.id}").code == 404
    page = post(ana, undo, follow=True)
    assert page.heading == "Number talks"
    assert get(ben, f"/posts/{one.id}").code == 200
    assert post(ana, undo).code == 404


def test_only_some_may_delete(app: Flask, cast: Cast, session: Session) -> None:
    one = cast.practice(by=cast.ana, shared="partnership")
    for person in (cast.flo, cast.cy):
        page = post(client_of(app, person, session), f"/posts/{one.id}/trash")
        assert page.code == 403
        assert "can delete “Number talks”" in page.words
    assert post(client_of(app, cast.eve, session), f"/posts/{one.id}/trash").code == 404
    assert post(client_of(app, cast.dee, session), f"/posts/{one.id}/trash").code == 303
    assert "Number talks" in get(client_of(app, cast.ana, session), "/trash").words
