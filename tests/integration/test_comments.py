"""Talking under a post, in the browser."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Comment, Person
from tests.pages import get, post
from tests.people import Cast, sign_in

As = Callable[[Person], FlaskClient]


@pytest.fixture
def signed_in(app: Flask, session: Session) -> As:
    def make(person: Person) -> FlaskClient:
        client = app.test_client()
        sign_in(client, person, session)
        return client

    return make


def said(cast: Cast) -> list[Comment]:
    cast.session.rollback()
    cast.session.expire_all()
    return list(cast.session.scalars(select(Comment).order_by(Comment.id)))


def test_saying_and_answering(cast: Cast, signed_in: As) -> None:
    one = cast.practice(by=cast.ana, shared="partnership")
    ben, ana = signed_in(cast.ben), signed_in(cast.ana)
    page = post(ben, f"/posts/{one.id}/comments", {"body": "Does it work in *grade 9*?"}, follow=True)
    assert "Does it work in grade 9?" in page.words
    first = said(cast)[0]
    page = post(ana, f"/posts/{one.id}/comments", {"body": "It does.", "reply_to": str(first.id)}, follow=True)
    assert "It does." in page.words
    assert [comment.reply_to_id for comment in said(cast)] == [None, first.id]
    replies = [ol for ol in page.root.iter("ol") if ol.get("class") == "replies"]
    assert len(replies) == 1


def test_an_empty_or_endless_comment_is_refused_with_what_was_typed(cast: Cast, signed_in: As) -> None:
    one = cast.practice(by=cast.ana, shared="partnership")
    ben = signed_in(cast.ben)
    page = post(ben, f"/posts/{one.id}/comments", {"body": ""})
    assert page.code == 422
    assert "Write something before you send it." in page.words
    page = post(ben, f"/posts/{one.id}/comments", {"body": "word " * 2001})
    assert page.code == 422
    assert "Keep it under 10,000 characters." in page.words
    assert page.form(f"/posts/{one.id}/comments")["body"].strip() == ("word " * 2001).strip()
    assert said(cast) == []


def test_changing_removing_and_bringing_back(cast: Cast, signed_in: As) -> None:
    one = cast.practice(by=cast.ana, shared="partnership")
    ben = signed_in(cast.ben)
    post(ben, f"/posts/{one.id}/comments", {"body": "First thought"})
    number = said(cast)[0].id
    path = f"/comments/{number}/edit"
    form = get(ben, path).form(path)
    assert form["body"].strip() == "First thought"
    page = post(ben, path, form.fill({"body": "Second thought"}), follow=True)
    assert "Second thought" in page.words
    assert "changed" in page.words
    page = post(ben, path, {"body": ""})
    assert page.code == 422

    page = post(ben, f"/comments/{number}/removal", follow=True)
    assert "Comment removed." in page.words
    assert "This comment was removed." in page.words
    assert "Second thought" not in page.words
    undo = f"/comments/{number}/restoration"
    assert undo in page.actions()
    assert "Second thought" in post(ben, undo, follow=True).words


def test_others_words_are_theirs(cast: Cast, signed_in: As) -> None:
    one = cast.practice(by=cast.ana, shared="partnership")
    post(signed_in(cast.ben), f"/posts/{one.id}/comments", {"body": "Mine"})
    number = said(cast)[0].id
    flo = signed_in(cast.flo)
    for path in (f"/comments/{number}/edit", f"/comments/{number}/removal"):
        page = post(flo, path, {"body": "Hers"})
        assert page.code == 403
        assert "Only whoever said it" in page.words
    assert post(signed_in(cast.dee), f"/comments/{number}/removal").code == 303  # managers may
    assert said(cast)[0].body == "Mine"


def test_observers_read_and_strangers_find_nothing(cast: Cast, signed_in: As) -> None:
    one = cast.practice(by=cast.ana, shared="partnership")
    post(signed_in(cast.ben), f"/posts/{one.id}/comments", {"body": "Ours"})
    number = said(cast)[0].id
    cy, eve = signed_in(cast.cy), signed_in(cast.eve)
    page = post(cy, f"/posts/{one.id}/comments", {"body": "Mine too"})
    assert page.code == 403
    assert "Observers can read “Number talks” but not comment on it." in page.words
    assert "say" not in [form.get("id") for form in get(cy, f"/posts/{one.id}").root.iter("form")]
    for path in (f"/posts/{one.id}/comments", f"/comments/{number}/edit", f"/comments/{number}/removal"):
        assert post(eve, path, {"body": "Mine too"}).code == 404
    assert len(said(cast)) == 1


def test_an_answer_to_a_comment_elsewhere_stands_alone(cast: Cast, signed_in: As) -> None:
    one, other = (cast.practice(by=cast.ana, title=title, shared="partnership") for title in ("One", "Other"))
    ben = signed_in(cast.ben)
    post(ben, f"/posts/{one.id}/comments", {"body": "Here"})
    number = said(cast)[0].id
    assert post(ben, f"/posts/{other.id}/comments", {"body": "There", "reply_to": str(number)}).code == 303
    assert post(ben, f"/posts/{other.id}/comments", {"body": "There", "reply_to": "9" * 30}).code == 303
    assert {comment.reply_to_id for comment in said(cast)} == {None}
