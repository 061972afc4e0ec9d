"""Looked for and not found: the words, once three people looked, and never who."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import UnfoundSearch
from app.services import upkeep
from app.work import Work
from tests.integration.conftest import Indexed
from tests.pages import get
from tests.people import Cast, sign_in


def look(app: Flask, session: Session, cast: Cast, words: str, *names: str) -> None:
    for name in names:
        client = app.test_client()
        sign_in(client, getattr(cast, name), session)
        assert client.get("/search", query_string={"q": words}).status_code == 200


def test_three_people_make_it_known_and_two_do_not(
    app: Flask, client: FlaskClient, session: Session, cast: Cast, indexed: Indexed
) -> None:
    cast.practice(cast.ana, "Number talks", shared="partnership")
    indexed()
    look(app, session, cast, "Kindergarten  Xylophones", "ana", "ben", "flo")
    look(app, session, cast, "kindergarten xylophones", "ben", "ben")
    look(app, session, cast, "divorce", "ana", "ben", "ben", "ben")
    look(app, session, cast, "number talks", "ana", "ben", "flo")
    look(app, session, cast, "secret bees", "ana", "ben", "eve")

    sign_in(client, cast.dee, session)
    page = get(client, "/administration/unfound")

    assert "kindergarten xylophones" in page.words
    assert page.words.count("xylophones") == 2  # the words, and what to call them instead
    for hidden in ("divorce", "number talks", "secret bees", "Ana Example", "Ben Example"):
        assert hidden not in page.words
    sign_in(client, cast.eve, session)
    assert "xylophones" not in get(client, "/administration/unfound").words


def test_a_filter_or_a_typing_error_is_not_something_missing(
    app: Flask, session: Session, cast: Cast, indexed: Indexed
) -> None:
    cast.practice(cast.ana, "Number talks", shared="partnership")
    indexed()
    for name in ("ana", "ben", "flo"):
        client = app.test_client()
        sign_in(client, getattr(cast, name), session)
        get(client, "/search?q=talks&kind=meeting-note")
        get(client, "/search?q=talks+kind:plan")
        get(client, "/search?q=nubmer")

    assert session.scalars(select(UnfoundSearch)).all() == []


def test_it_is_forgotten_after_half_a_year(app: Flask, session: Session, cast: Cast, indexed: Indexed) -> None:
    indexed()
    look(app, session, cast, "xylophones", "ana")
    later = cast.now.replace(year=cast.now.year + 1)

    upkeep.forget(Work(session, cast.actor(cast.ana), later))
    session.commit()

    assert session.scalars(select(UnfoundSearch)).all() == []
