"""Who is who: the directory, one person, strands and districts, as each of the cast sees them."""

from datetime import UTC, datetime
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.models import Membership, Person
from tests.pages import words_of
from tests.people import BEGAN, Cast, sign_in

PAGES = (
    "/people",
    "/people?departed=y&q=e",
    "/people/{ana}",
    "/people/{gus}",
    "/strands",
    "/strands/{learners}",
    "/districts",
    "/districts/{fresno}",
)


def paths(cast: Cast) -> list[str]:
    return [
        path.format(ana=cast.ana.id, gus=cast.gus.id, learners=cast.learners.id, fresno=cast.fresno.id)
        for path in PAGES
    ]


def test_members_and_observers_see_everybody(client: FlaskClient, cast: Cast, session: Session) -> None:
    cast.practice(cast.ana, shared="partnership")
    for person in (cast.ben, cast.cy, cast.dee):
        sign_in(client, person, session)
        assert {path: client.get(path).status_code for path in paths(cast)} == dict.fromkeys(paths(cast), 200)


def test_strangers_are_sent_to_sign_in_and_the_other_partnership_finds_nothing(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    wanted = paths(cast)
    assert {client.get(path, headers={"Accept": "text/html"}).status_code for path in wanted} == {303}
    sign_in(client, cast.eve, session)
    hidden = [path for path in wanted if path[-1].isdigit()]
    assert {path: client.get(path).status_code for path in hidden} == dict.fromkeys(hidden, 404)
    assert "Ana Example" not in client.get("/people?departed=y").text


def test_somebody_whose_time_has_passed_finds_nothing(client: FlaskClient, cast: Cast, session: Session) -> None:
    session.query(Membership).filter_by(person_id=cast.cy.id).update({"ends_on": cast.now.date().replace(day=1)})
    session.commit()
    sign_in(client, cast.cy, session)
    assert {client.get(path).status_code for path in paths(cast)} == {404}
    assert client.get("/profile").status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=ben", ["Ben"]),
        ("q=director+AN", ["Ana"]),
        ("q=number+talks", ["Ana"]),
        ("q=%25", []),
        ("q=gus", []),
        ("q=gus&departed=y", ["Ana", "Gus"]),
        ("strand={maths}", ["Ben"]),
        ("district={long_beach}", ["Ben", "Flo"]),
        ("district=nonsense&strand=&page=-3", ["Ana", "Ben", "Cy", "Dee", "Flo"]),
        ("page=99", ["Ana", "Ben", "Cy", "Dee", "Flo"]),
    ],
)
def test_the_directory_finds_people(
    client: FlaskClient, cast: Cast, session: Session, query: str, found: list[str]
) -> None:
    cast.ana.expertise = "Number talks, hiring"
    sign_in(client, cast.dee, session)
    page = client.get("/people?" + query.format(maths=cast.maths.id, long_beach=cast.long_beach.id)).text
    main = page[page.index("<main") : page.index("</main>")]
    assert [name for name in ("Ana", "Ben", "Cy", "Dee", "Flo", "Gus") if f"{name} Example" in main] == found


def test_the_page_of_somebody_who_left_says_who_to_ask(client: FlaskClient, cast: Cast, session: Session) -> None:
    sign_in(client, cast.ben, session)
    page = " ".join(client.get(f"/people/{cast.gus.id}").text.split())
    assert "Gus Example left on 30 June 2024." in page
    assert f'Ask <span class="mark-person"><a href="/people/{cast.ana.id}">Ana Example</a>' in page
    assert cast.gus.email not in page


def test_a_person_shows_only_what_the_reader_may_read(client: FlaskClient, cast: Cast, session: Session) -> None:
    cast.practice(cast.ana, "Shared with all", shared="partnership")
    cast.practice(cast.ana, "Only in Fresno", shared="district")
    cast.practice(cast.ana, "A draft")
    sign_in(client, cast.ben, session)
    page = client.get(f"/people/{cast.ana.id}").text
    assert ("Shared with all" in page, "Only in Fresno" in page, "A draft" in page) == (True, False, False)


def test_a_strand_shows_its_team_plan_and_what_is_owed(client: FlaskClient, cast: Cast, session: Session) -> None:
    cast.plan(cast.ana, "The year of listening", shared="strand")
    cast.note(
        cast.ana,
        shared="strand",
        commitments=[
            {
                "id": None,
                "text": "Send the rubric",
                "owner_id": cast.ana.id,
                "district_id": cast.fresno.id,
                "owed_to_id": cast.long_beach.id,
                "due_on": "2026-12-01",
                "state": "open",
            }
        ],
    )
    sign_in(client, cast.ben, session)
    page = client.get(f"/strands/{cast.learners.id}").text
    for words in (
        "In exchange: one district adopts from the other",
        "The plan for 2026-27",
        "The year of listening",
        "Send the rubric",
        "Ana Example",
        "October call",
    ):
        assert words in page
    sign_in(client, cast.flo, session)
    assert "The year of listening" not in client.get(f"/strands/{cast.learners.id}").text


def test_the_directory_costs_the_same_for_one_person_or_fifty(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    sign_in(client, cast.dee, session)
    few = statements(client, "/people")
    for number in range(60):
        person = Person(name=f"Person {number:02}", email=f"p{number}@fresno.example", created_at=cast.now)
        session.add(person)
        session.flush()
        session.add(
            Membership(
                person_id=person.id,
                partnership_id=cast.partnership.id,
                district_id=cast.fresno.id,
                role="member",
                starts_on=BEGAN,
            )
        )
    session.commit()
    assert statements(client, "/people") == few
    page = client.get("/people").text
    assert "65 people" in page
    assert 'href="/people?page=2"' in page
    assert "Person 59" in client.get("/people?page=2").text


def statements(client: FlaskClient, path: str) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return len(seen)


def test_names_of_people_are_never_html(client: FlaskClient, cast: Cast, session: Session) -> None:
    cast.ana.name = "<script>alert(1)</script>"
    cast.ana.departed_at = datetime(2026, 11, 1, tzinfo=UTC)
    sign_in(client, cast.dee, session)
    for path in (f"/people/{cast.ana.id}", "/people?departed=y", f"/administration/people/{cast.ana.id}"):
        page = client.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_pages_are_well_made(client: FlaskClient, cast: Cast, session: Session) -> None:
    cast.plan(cast.ana, shared="partnership")
    sign_in(client, cast.dee, session)
    member, strand = f"/administration/people/{cast.ben.id}", f"/administration/strands/{cast.learners.id}"
    for path in (
        *paths(cast),
        "/profile",
        "/outbox",
        "/administration",
        "/administration/people",
        member,
        f"{member}/departure",
        "/administration/invitations",
        "/administration/invitations/new",
        "/administration/districts/new",
        f"/administration/districts/{cast.fresno.id}",
        "/administration/strands/new",
        strand,
        f"{strand}/terms/new",
        "/administration/partnership",
        "/administration/log",
    ):
        check(client.get(path).text, path)
    stranger = client.application.test_client()
    for path in ("/sign-in", "/forgotten-password", "/join/nothing", "/new-password/nothing"):
        check(stranger.get(path).text, path)


def check(page: str, path: str) -> None:
    """One heading that the title begins with, a label for every field, no id twice, nothing inline."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(page.strip())
    assert isinstance(root, Element)
    assert [error for _, error, _ in parser.errors] == [], path
    (heading,) = root.iter("h1")
    assert words_of(root.find(".//title")).startswith(words_of(heading)), path
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), (path, sorted({one for one in ids if ids.count(one) > 1}, key=str))
    labelled = {label.get("for") for label in root.iter("label")}
    for field in [*root.iter("input"), *root.iter("select"), *root.iter("textarea")]:
        assert field.get("type") == "hidden" or field.get("id") in labelled or field.get("aria-label"), (
            path,
            field.attrib,
        )
    assert not [element for element in root.iter() if element.get("style") or element.get("onclick")], path
