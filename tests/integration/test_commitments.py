"""What was promised, in the browser."""

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models import Commitment, MeetingNote, Person, Post
from tests.pages import get, post
from tests.people import Cast, sign_in


def client_of(app: Flask, person: Person, session: Session) -> FlaskClient:
    client = app.test_client()
    sign_in(client, person, session)
    return client


@pytest.fixture
def note(cast: Cast) -> MeetingNote:
    promised = {
        "id": None,
        "text": "Send the checklist",
        "owner_id": cast.ben.id,
        "district_id": cast.long_beach.id,
        "owed_to_id": cast.fresno.id,
        "due_on": "2026-11-01",
        "state": "open",
    }
    return cast.note(by=cast.ana, shared="strand", commitments=[promised])


def state(cast: Cast, commitment_id: int) -> tuple[str, date | None]:
    cast.session.rollback()
    cast.session.expire_all()
    commitment = cast.session.get(Commitment, commitment_id)
    assert commitment is not None
    return commitment.state, commitment.closed_on


def test_closing_and_taking_it_back(app: Flask, cast: Cast, session: Session, note: MeetingNote) -> None:
    number = note.commitments[0].id
    ben = client_of(app, cast.ben, session)
    page = get(ben, "/commitments")
    assert "Send the checklist" in page.words
    page = post(ben, f"/commitments/{number}/state", {"state": "done"}, follow=True)
    assert state(cast, number) == ("done", cast.now.date())
    undo = next(action for action in page.actions() if f"/commitments/{number}/state?" in action)
    assert "state=open" in undo
    assert post(ben, undo).code == 303
    assert state(cast, number) == ("open", None)


def test_closing_keeps_a_copy_and_leads_back(app: Flask, cast: Cast, session: Session, note: MeetingNote) -> None:
    number, there = note.commitments[0].id, f"/posts/{note.id}-october-call"
    ana = client_of(app, cast.ana, session)
    answer = post(ana, f"/commitments/{number}/state", {"state": "blocked", "next": there}).answer
    assert answer.location == there
    session.rollback()
    session.expire_all()
    again = session.get(Post, note.id)
    assert again is not None
    assert again.revision == 2


def test_who_may_not_and_what_is_nonsense(app: Flask, cast: Cast, session: Session, note: MeetingNote) -> None:
    number = note.commitments[0].id
    path = f"/commitments/{number}/state"
    cy = client_of(app, cast.cy, session)
    page = post(cy, path, {"state": "done"})
    assert page.code == 403
    assert "Only its owner" in page.words
    for stranger in (cast.eve, cast.flo):
        assert post(client_of(app, stranger, session), path, {"state": "done"}).code == 404
    ben = client_of(app, cast.ben, session)
    assert post(ben, path, {"state": "forgotten"}).code == 400
    assert post(ben, "/commitments/999/state", {"state": "done"}).code == 404
    assert state(cast, number) == ("open", None)


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_the_way_back_stays_here(app: Flask, cast: Cast, session: Session, note: MeetingNote, target: str) -> None:
    number = note.commitments[0].id
    ben = client_of(app, cast.ben, session)
    answer = post(ben, f"/commitments/{number}/state", {"state": "late", "next": target}).answer
    assert answer.location == "/commitments"


def test_the_next_note_begins_with_what_is_owed(app: Flask, cast: Cast, session: Session, note: MeetingNote) -> None:
    later = cast.note(by=cast.ana, title="November call", shared="strand", met_on="2026-11-10")
    ana = client_of(app, cast.ana, session)
    page = get(ana, f"/posts/{later.id}")
    assert "Owed from earlier meetings" in page.words
    assert "Send the checklist" in page.words
    assert "Owed from earlier meetings" not in get(ana, f"/posts/{note.id}").words
