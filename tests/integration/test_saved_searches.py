"""Saved searches: kept, renamed, removed, followed; and the inbox that tells what is new."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import InboxItem, Job, Person, SavedSearch
from app.policy import NOBODY, Sharing
from app.queries import saved_searches as kept
from app.search import SearchIndex
from app.services import saved_searches
from app.services.posts import share
from app.services.saved_searches import MOST_KNOWN
from app.work import Work, working
from tests.integration.conftest import Indexed
from tests.pages import get, post
from tests.people import Cast, sign_in

Told = Callable[[], int]


@pytest.fixture
def told(session: Session, cast: Cast, index: SearchIndex, indexed: Indexed) -> Told:
    """Return what indexes, asks the searches that are followed, and says how many rows that wrote."""

    def look() -> int:
        indexed()
        session.expire_all()
        with working(session, NOBODY, cast.now) as work:
            day = cast.now.date()
            return saved_searches.tell(work, lambda saved: kept.matches(session, index, saved, day, MOST_KNOWN))

    return look


def follow(client: FlaskClient, address: str = "q=talks", name: str = "Talks") -> None:
    page = post(client, "/searches", {"address": address, "name": name, "follow": "y"}, follow=True)
    assert f"“{name}” is saved. You will find what is new in your inbox." in page.words


def inbox(session: Session, person: Person) -> list[str]:
    session.expire_all()
    query = select(InboxItem).where(InboxItem.person_id == person.id).order_by(InboxItem.id)
    return [str(item.post_id) for item in session.scalars(query)]


def test_save_rename_remove_and_bring_back(client: FlaskClient, session: Session, cast: Cast, indexed: Indexed) -> None:
    cast.practice(cast.ana, "Number talks", shared="partnership")
    indexed()
    sign_in(client, cast.ben, session)

    form = get(client, "/search?q=talks&kind=practice&page=1&order=newest").form("/searches")
    assert form["address"] == "q=talks&kind=practice"
    assert form["name"] == "talks, Practices"
    assert "“Talk work” is saved." in post(client, "/searches", form.fill({"name": "Talk work"}), follow=True).words
    saved = session.scalars(select(SavedSearch)).one()
    assert "/search?q=talks&kind=practice" in get(client, "/searches").links()
    assert "Saved as Talk work" in get(client, "/search?q=talks&kind=practice").words
    at = f"/searches/{saved.id}"
    assert post(client, f"{at}/name", {"name": " "}).code == 422
    assert "called “Better name” now" in post(client, f"{at}/name", {"name": "Better name"}, follow=True).words
    gone = post(client, f"{at}/removal", follow=True)
    assert "“Better name” is removed." in gone.words
    assert "Undo" in gone.words
    assert "You have saved no search yet" in get(client, "/searches").words
    assert "Better name" in post(client, f"{at}/return", follow=True).words


def test_nothing_to_save_and_no_name(client: FlaskClient, session: Session, cast: Cast, indexed: Indexed) -> None:
    indexed()
    sign_in(client, cast.ben, session)

    assert post(client, "/searches", {"address": "", "name": "x"}, follow=True).heading == "Search"
    wrong = post(client, "/searches", {"address": "q=talks", "name": ""})
    assert (wrong.code, "Give the search a name" in wrong.words) == (422, True)
    assert wrong.form("/searches")["address"] == "q=talks"
    assert session.scalars(select(SavedSearch)).all() == []


def test_somebody_elses_search_is_missing(client: FlaskClient, session: Session, cast: Cast, indexed: Indexed) -> None:
    indexed()
    sign_in(client, cast.ben, session)
    follow(client)
    number = session.scalars(select(SavedSearch.id)).one()

    sign_in(client, cast.ana, session)
    for what in ("name", "removal", "return", "following", "feed", "feed/closing"):
        assert post(client, f"/searches/{number}/{what}", {"name": "Mine now"}).code == 404
    assert "Talks" not in get(client, "/searches").words


def test_followers_are_told_of_what_is_new_once(
    client: FlaskClient, session: Session, cast: Cast, indexed: Indexed, told: Told
) -> None:
    cast.practice(cast.ana, "Old talks", shared="partnership")
    indexed()
    sign_in(client, cast.ben, session)
    follow(client)
    assert told() == 0

    new = cast.practice(cast.ana, "New talks", shared="partnership")
    cast.practice(cast.ana, "Private talks")
    cast.practice(cast.ben, "My own talks", shared="partnership")
    cast.practice(cast.ana, "Something else", shared="partnership")
    assert told() == 1
    assert told() == 0
    assert inbox(session, cast.ben) == [str(new.id)]

    page = get(client, "/inbox")
    assert "New talks new" in page.words
    assert "Found by your search Talks" in page.words
    assert "1 new" in get(client, "/searches").words
    item = session.scalars(select(InboxItem.id)).one()
    assert client.get(f"/inbox/{item}").location.startswith(f"/posts/{new.id}")
    assert "Mark as read" not in get(client, "/inbox").words


def test_a_post_that_comes_to_match_or_to_be_shared_is_new(
    client: FlaskClient, session: Session, cast: Cast, indexed: Indexed, told: Told
) -> None:
    draft = cast.practice(cast.ana, "Talks to come")
    indexed()
    sign_in(client, cast.ben, session)
    follow(client)
    share(cast.work(cast.ana), draft, Sharing.PARTNERSHIP)
    session.commit()

    assert told() == 1
    assert inbox(session, cast.ben) == [str(draft.id)]


def test_what_is_unshared_leaves_the_inbox_and_the_count(
    client: FlaskClient, session: Session, cast: Cast, indexed: Indexed, told: Told
) -> None:
    indexed()
    sign_in(client, cast.ben, session)
    follow(client)
    new = cast.practice(cast.ana, "New talks", shared="partnership")
    assert told() == 1
    assert "1 new" in get(client, "/").words

    share(cast.work(cast.ana), new, Sharing.DRAFT)
    session.commit()
    item = session.scalars(select(InboxItem.id)).one()

    assert "1 new" not in get(client, "/").words
    assert "New talks" not in get(client, "/inbox").words
    assert client.get(f"/inbox/{item}").status_code == 404


def test_marking_as_read(client: FlaskClient, session: Session, cast: Cast, indexed: Indexed, told: Told) -> None:
    indexed()
    sign_in(client, cast.ben, session)
    follow(client)
    for number in range(3):
        cast.practice(cast.ana, f"Talks {number}", shared="partnership")
    assert told() == 3
    first = session.scalars(select(InboxItem.id).order_by(InboxItem.id)).first()

    assert post(client, f"/inbox/{first}/reading", follow=True).words.count("Mark as read") == 2
    assert "Everything is marked as read." in post(client, "/inbox/reading", follow=True).words
    stranger = client.application.test_client()
    sign_in(stranger, cast.ana, session)
    assert post(stranger, f"/inbox/{first}/reading").code == 404


def test_who_stopped_following_removed_it_or_left_is_told_nothing(
    client: FlaskClient, session: Session, cast: Cast, indexed: Indexed, told: Told
) -> None:
    indexed()
    for person in (cast.ben, cast.flo, cast.cy):
        sign_in(client, person, session)
        follow(client)
    numbers = session.scalars(select(SavedSearch.id).order_by(SavedSearch.id)).all()
    sign_in(client, cast.ben, session)
    assert (
        "You will not be told" in post(client, f"/searches/{numbers[0]}/following", {"follow": "no"}, follow=True).words
    )
    sign_in(client, cast.flo, session)
    post(client, f"/searches/{numbers[1]}/removal")
    cast.cy.departed_at = datetime(2026, 11, 1, tzinfo=UTC)
    session.commit()
    cast.practice(cast.ana, "New talks", shared="partnership")

    assert told() == 0


def test_indexing_promises_one_look(client: FlaskClient, session: Session, cast: Cast, indexed: Indexed) -> None:
    indexed()
    work = Work(session, NOBODY, cast.now)
    saved_searches.soon(work)
    session.commit()
    assert session.scalars(select(Job).where(Job.name == "follow")).all() == []

    sign_in(client, cast.ben, session)
    follow(client)
    saved_searches.soon(work)
    saved_searches.soon(work)
    session.commit()
    assert len(session.scalars(select(Job).where(Job.name == "follow")).all()) == 1
