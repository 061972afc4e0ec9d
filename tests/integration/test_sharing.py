"""Sharing is an act: in the browser, with the way back."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import contents
from app.models import Person
from app.policy import Denied
from app.services import posts
from tests.pages import get, post
from tests.people import Cast, sign_in


def client_of(app: Flask, person: Person, session: Session) -> FlaskClient:
    client = app.test_client()
    sign_in(client, person, session)
    return client


@pytest.mark.parametrize(
    ("sharing", "readers"),
    [
        ("district", "cy dee"),
        ("strand", "ben cy dee"),
        ("partnership", "ben cy dee flo"),
        ("public", "ben cy dee eve flo"),
    ],
)
def test_sharing_opens_it_to_exactly_these(
    app: Flask, cast: Cast, session: Session, sharing: str, readers: str
) -> None:
    one = cast.practice(by=cast.ana)
    ana = client_of(app, cast.ana, session)
    page = get(ana, f"/posts/{one.id}/sharing")
    assert page.code == 200
    page = post(ana, f"/posts/{one.id}/sharing", {"sharing": sharing}, follow=True)
    assert "Shared." in page.words
    codes = {
        name: get(client_of(app, getattr(cast, name), session), f"/posts/{one.id}").code
        for name in ("ben", "cy", "dee", "eve", "flo")
    }
    assert {name for name, code in codes.items() if code == 200} == set(readers.split())
    assert {code for name, code in codes.items() if name not in readers.split()} <= {404}

    undo = next(action for action in page.actions() if "sharing=draft" in action)
    assert "Taken back." in post(ana, undo, follow=True).words
    assert get(client_of(app, cast.ben, session), f"/posts/{one.id}").code == 404


def test_a_public_page_needs_no_sign_in_and_shows_nothing_else(app: Flask, cast: Cast) -> None:
    one = cast.practice(
        by=cast.ana,
        shared="public",
        contacts=[cast.ben.id],
        indicator_links=[
            {"id": None, "indicator_id": cast.graduation.id, "expected": "increase", "evidence": "hypothesis"}
        ],
    )
    anyone = app.test_client()
    page = get(anyone, f"/posts/{one.id}-whatever")
    assert page.code == 200
    assert page.heading == "Number talks"
    for hidden in ("Comments", "History", "English learners team", "My drafts"):
        assert hidden not in page.words
    for link in page.links():
        if link.startswith("/"):
            assert get(anyone, link).code in {200, 303}, link


def test_who_decides(app: Flask, cast: Cast, session: Session) -> None:
    one = cast.practice(by=cast.ana, shared="partnership")
    path = f"/posts/{one.id}/sharing"
    for person in (cast.flo, cast.cy):
        page = post(client_of(app, person, session), path, {"sharing": "public"})
        assert page.code == 403
        assert "can decide who sees “Number talks”" in page.words
    assert post(client_of(app, cast.eve, session), path, {"sharing": "public"}).code == 404
    ana = client_of(app, cast.ana, session)
    assert post(ana, path, {"sharing": "everybody"}).code == 400
    assert post(ana, path).code == 400


def test_a_post_without_a_strand_cannot_go_to_a_strand(app: Flask, cast: Cast, session: Session) -> None:
    one = cast.practice(by=cast.ana, strand_id=None)
    ana = client_of(app, cast.ana, session)
    page = post(ana, f"/posts/{one.id}/sharing", {"sharing": "strand"}, follow=True)
    assert "Choose a strand for this post before you share it with a strand’s team." in page.words


def test_whoever_only_edits_cannot_move_a_post_to_those_of_another_strand(
    app: Flask, cast: Cast, session: Session
) -> None:
    note = cast.note(by=cast.dee, strand_id=cast.maths.id, shared="strand", body="For the team.")
    content = contents.read(note) | {"strand_id": cast.learners.id}
    with pytest.raises(Denied, match="can move “October call” to another strand"):
        posts.save(cast.work(cast.ben), note, content, base=note.revision)
    path = f"/posts/{note.id}/edit"
    ben = client_of(app, cast.ben, session)  # works on mathematics, leads English learners
    page = get(ben, path)
    assert "Only its author, a lead of its strand or a manager can move it." in page.words

    moved = page.form(path).fill({"strand_id": str(cast.learners.id), "body": "For the team, in March."})
    assert post(ben, path, moved).code == 303

    session.expire_all()
    assert (note.strand_id, note.body) == (cast.maths.id, "For the team, in March.")
    assert get(client_of(app, cast.ana, session), f"/posts/{note.id}").code == 404
    dee = client_of(app, cast.dee, session)
    assert post(dee, path, get(dee, path).form(path).fill({"strand_id": str(cast.learners.id)})).code == 303
    assert get(client_of(app, cast.ana, session), f"/posts/{note.id}").code == 200


def test_restoring_leaves_a_post_in_its_strand_where_one_may_not_move_it(cast: Cast, session: Session) -> None:
    note = cast.note(by=cast.dee, strand_id=cast.learners.id, shared="strand", body="First.")
    posts.save(
        cast.work(cast.dee),
        note,
        contents.read(note) | {"strand_id": cast.maths.id, "body": "Second."},
        base=note.revision,
    )
    posts.restore(cast.work(cast.ben), note, 1)
    assert (note.strand_id, note.body) == (cast.maths.id, "First.")
    posts.restore(cast.work(cast.dee), note, 1)
    assert note.strand_id == cast.learners.id
    session.rollback()
