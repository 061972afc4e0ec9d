"""A list costs the same number of statements for one row as for fifty."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.db import db
from app.lib import labels
from app.models import Comment, District, Membership, PartnershipDistrict, Person, Post
from app.services import posts
from tests.pages import get
from tests.people import BEGAN, HASH, Cast, sign_in

MANY = 50
LISTS = {
    "/": 45,
    "/posts": 25,
    "/posts?kind=practice": 25,
    "/posts?kind=meeting-note": 25,
    "/drafts": 20,
    "/trash": 20,
    "/commitments": 20,
    "/people": 20,
    "/strands": 20,
    "/strands/{strand}": 30,
    "/districts": 20,
    "/districts/{district}": 25,
    "/indicators": 25,
    "/indicators/{indicator}": 30,
    "/administration": 30,
    "/administration/people": 25,
    "/administration/log": 25,
    "/posts/{note}": 40,
    "/posts/{note}/history": 25,
    "/posts/{note}/edit": 40,
    "/search?q=talks": 25,
}


@contextmanager
def counting(engine: Engine) -> Iterator[list[str]]:
    """Note every statement sent to the database."""
    said: list[str] = []

    def hear(_c: object, _k: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def test_lists_cost_the_same_however_long(app: Flask, cast: Cast, session: Session) -> None:
    note = _one_of_each(cast)
    client = app.test_client()
    sign_in(client, cast.dee, session)
    names = {"strand": cast.learners.id, "district": cast.fresno.id, "indicator": cast.graduation.id, "note": note.id}
    with app.app_context():
        engine = db.engine
    get(client, "/")  # whatever is read once is read
    few = {path: _cost(client, engine, path.format(**names)) for path in LISTS}
    _fifty_of_each(cast, note)
    many = {path: _cost(client, engine, path.format(**names)) for path in LISTS}
    grown = {path: (few[path], many[path]) for path in LISTS if many[path] > few[path]}
    assert not grown, grown
    dear = {path: (many[path], most) for path, most in LISTS.items() if many[path] > most}
    assert not dear, dear


def _cost(client: FlaskClient, engine: Engine, path: str) -> int:
    with counting(engine) as said:
        page = get(client, path)
    assert page.code == 200, f"{path} answered {page.code}"
    return len(said)


def _one_of_each(cast: Cast) -> Post:
    cast.practice(by=cast.dee, shared="partnership", tags=["talks"], student_groups=["all"], contacts=[cast.ben.id])
    cast.practice(by=cast.dee, title="A draft")
    cast.plan(by=cast.ana, shared="partnership")
    cast.note(by=cast.ana, title="September call", shared="partnership", met_on="2026-09-01", **_rows(cast, 1))
    note = cast.note(by=cast.ana, shared="partnership", **_rows(cast, 1))
    gone = cast.practice(by=cast.dee, title="Gone", shared="partnership")
    posts.trash(cast.work(cast.dee), gone)
    _comment(cast, note, 1)
    cast.session.commit()
    return note


def _fifty_of_each(cast: Cast, note: Post) -> None:
    for number in range(MANY):
        title, shared = f"Talks {number}", "partnership"
        cast.practice(
            by=cast.dee,
            title=title,
            shared=shared,
            tags=["talks"],
            contacts=[cast.ben.id],
            body=f"See [the note](/posts/{note.id}).",
            indicator_links=[
                {"id": None, "indicator_id": cast.graduation.id, "expected": "increase", "evidence": "hypothesis"}
            ],
        )
        cast.practice(by=cast.dee, title=f"Draft {number}")
        if number % 5 == 0:
            cast.note(by=cast.ana, title=title, shared=shared, met_on=f"2026-09-{number % 28 + 1:02}", **_rows(cast, 3))
            cast.plan(by=cast.ana, title=title, shared=shared)
            gone = cast.practice(by=cast.dee, title=f"Gone {number}", shared=shared)
            posts.trash(cast.work(cast.dee), gone)
            _comment(cast, note, 5)
            _arrive(cast, number)
    cast.session.commit()
    assert labels.partnership(cast.partnership.id) in note.audiences


def _rows(cast: Cast, many: int) -> dict[str, Any]:
    return {
        "commitments": [
            {
                "id": None,
                "text": f"Promise {n}",
                "owner_id": cast.dee.id,
                "district_id": cast.fresno.id,
                "owed_to_id": cast.long_beach.id,
                "due_on": "2026-11-01",
                "state": "open",
            }
            for n in range(many)
        ],
        "decisions": [{"id": None, "text": f"Decision {n}"} for n in range(many)],
        "attendees": [{"id": None, "district_id": cast.fresno.id, "person_id": cast.ana.id} for n in range(many)],
        "questions": [{"id": None, "text": f"Question {n}"} for n in range(many)],
    }


def _comment(cast: Cast, note: Post, many: int) -> None:
    for number in range(many):
        author = (cast.ana, cast.ben, cast.flo)[number % 3]
        cast.session.add(
            Comment(post_id=note.id, author_id=author.id, body=f"Word {number}", html="<p>Word</p>", said_at=cast.now)
        )
    cast.session.flush()


def _arrive(cast: Cast, number: int) -> None:
    person = Person(
        name=f"New {number}", email=f"n{number}@fresno.example", title="", password_hash=HASH, created_at=cast.now
    )
    district = District(
        name=f"District {number}", short_name=f"D{number}", cds_code=f"10{number + 10000:05}0000000", colour=4
    )
    cast.session.add_all([person, district])
    cast.session.flush()
    cast.session.add(PartnershipDistrict(partnership_id=cast.partnership.id, district_id=district.id))
    cast.session.add(
        Membership(
            person_id=person.id,
            partnership_id=cast.partnership.id,
            district_id=district.id,
            role="member",
            starts_on=BEGAN,
        )
    )
    cast.session.flush()
