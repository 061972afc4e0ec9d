"""Feeds of saved searches: exactly what their owner may read today, for whoever knows the address."""

from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Membership, SavedSearch
from app.policy import Sharing
from app.services.posts import share
from tests.integration.conftest import Indexed
from tests.pages import get, post
from tests.people import Cast, sign_in

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def address(client: FlaskClient, session: Session, cast: Cast, indexed: Indexed) -> str:
    """Return the address of Ben's feed of talks."""
    cast.practice(cast.ana, "Number talks & more", shared="partnership", body="A \x0b body <b>with</b> marks.")
    indexed()
    sign_in(client, cast.ben, session)
    post(client, "/searches", {"address": "q=talks", "name": "Talks <all>"})
    return opened(client, session)


def opened(client: FlaskClient, session: Session) -> str:
    number = session.scalars(select(SavedSearch.id)).one()
    page = post(client, f"/searches/{number}/feed", follow=True)
    field = next(one for one in page.root.iter("input") if one.get("id") == "feed-address")
    assert "feed-address" not in get(client, "/searches").html
    return "/feeds/" + (field.get("value") or "").partition("/feeds/")[2]


def entries(client: FlaskClient, address: str) -> list[str]:
    answer = client.application.test_client().get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    root = ET.fromstring(answer.data)  # noqa: S314
    assert root.findtext(f"{ATOM}title") == "Braid: Talks <all>"
    for entry in root.iter(f"{ATOM}entry"):
        for name in ("id", "updated", "title"):
            assert entry.findtext(f"{ATOM}{name}")
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert "/posts/" in link.attrib["href"]
    return [entry.findtext(f"{ATOM}title") or "" for entry in root.iter(f"{ATOM}entry")]


def test_it_gives_what_its_owner_may_read(
    client: FlaskClient, session: Session, cast: Cast, indexed: Indexed, address: str
) -> None:
    kept = session.scalars(select(SavedSearch)).one()
    assert kept.token_digest is not None
    assert kept.token_digest not in address
    cast.practice(cast.ana, "Talks in a draft")
    cast.practice(cast.ben, "Talks in my own draft")
    team = cast.practice(cast.ana, "Talks of the team", shared="strand")
    indexed()
    assert sorted(entries(client, address)) == ["Number talks & more", "Talks of the team"]

    share(cast.work(cast.ana), team, Sharing.DRAFT)
    session.commit()
    assert entries(client, address) == ["Number talks & more"]


def test_a_new_address_ends_the_old_one_and_closing_ends_both(
    client: FlaskClient, session: Session, address: str
) -> None:
    new = opened(client, session)
    assert client.get(address).status_code == 404
    assert entries(client, new) == ["Number talks & more"]

    number = session.scalars(select(SavedSearch.id)).one()
    assert "gives nothing any more" in post(client, f"/searches/{number}/feed/closing", follow=True).words
    assert client.get(new).status_code == 404


def test_removing_the_search_or_leaving_ends_it(
    client: FlaskClient, session: Session, cast: Cast, address: str
) -> None:
    saved = session.scalars(select(SavedSearch)).one()
    post(client, f"/searches/{saved.id}/removal")
    assert client.get(address).status_code == 404
    post(client, f"/searches/{saved.id}/return")
    assert len(entries(client, address)) == 1

    membership = session.scalars(select(Membership).where(Membership.person_id == cast.ben.id)).one()
    membership.ends_on = date(2026, 11, 19)
    session.commit()
    assert client.get(address).status_code == 404

    membership.ends_on = None
    cast.ben.departed_at = datetime(2026, 11, 19, tzinfo=UTC)
    session.commit()
    assert client.get(address).status_code == 404


def test_a_guess_is_nothing(client: FlaskClient) -> None:
    for token in ("x", "x" * 5000, "%00", "é"):
        assert client.get(f"/feeds/{token}.atom").status_code == 404
