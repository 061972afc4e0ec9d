"""Searching: what one may read is found, narrowed, paged and marked, and everything is in the address."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.policy import NOBODY, Sharing
from app.queries import searching
from app.queries.searching import Asked, Results
from app.search import IndexDamaged, SearchIndex
from app.services import indexing
from app.services.posts import share, trash
from tests.people import Cast, sign_in

Indexed = Callable[[], None]


@pytest.fixture
def indexed(engine: Engine, index: SearchIndex, app: Flask) -> Indexed:
    """Return what brings the index up to date."""

    def bring() -> None:
        with Session(engine) as session:
            indexing.rebuild(session, index, app.extensions["braid.renderer"])

    return bring


def ask(session: Session, cast: Cast, index: SearchIndex, **asked: Any) -> Results:
    return searching.found(session, cast.actor(cast.ben), index, Asked(**asked))


def titles(results: Results) -> list[str]:
    return [one.post.title for one in results.found]


def test_ben_finds_what_ana_shared_and_not_her_draft(
    client: FlaskClient, session: Session, cast: Cast, indexed: Indexed
) -> None:
    cast.practice(cast.ana, "Number talks with partners", shared="partnership", body="Give **feedback** at once.")
    cast.practice(cast.ana, "Feedback nobody should see yet")
    indexed()
    sign_in(client, cast.ben, session)

    page = client.get("/search?q=feedback")

    assert page.status_code == 200
    assert "<title>Search: feedback – Braid</title>" in page.text
    assert "<mark>feedback</mark>" in page.text
    assert "Number talks with partners" in page.text
    assert "nobody should see" not in page.text
    assert "<strong>1 post</strong>" in page.text


def test_a_stranger_sees_public_posts_only(client: FlaskClient, cast: Cast, indexed: Indexed) -> None:
    cast.practice(cast.ana, "Open door", shared="public")
    cast.practice(cast.ana, "Both districts", shared="partnership")
    indexed()

    page = client.get("/search").text

    assert "Open door" in page
    assert "Both districts" not in page
    assert "<strong>1 post</strong>" in page
    assert "Mathematics" not in page


def test_what_left_the_database_is_not_shown_before_the_index_knows(
    session: Session, cast: Cast, index: SearchIndex, indexed: Indexed
) -> None:
    kept = cast.practice(cast.ana, "Kept", shared="partnership")
    gone = cast.practice(cast.ana, "Gone", shared="partnership")
    hidden = cast.practice(cast.ana, "Hidden again", shared="partnership")
    indexed()
    trash(cast.work(cast.ana), gone)
    share(cast.work(cast.ana), hidden, Sharing.DRAFT)
    session.commit()

    assert titles(ask(session, cast, index)) == [kept.title]


def test_facets_count_and_keep_the_alternatives(
    session: Session, cast: Cast, index: SearchIndex, indexed: Indexed
) -> None:
    cast.practice(cast.ana, "Feedback one", shared="partnership", state="testing")
    cast.practice(cast.ben, "Feedback two", shared="partnership", strand_id=cast.maths.id)
    cast.note(cast.ana, "Feedback call", shared="partnership")
    indexed()

    results = ask(session, cast, index, words="feedback", chosen={"kind": ("practice",)})
    facets = {facet.name: {value.label: value.count for value in facet.values} for facet in results.facets}

    assert results.total == 2
    assert facets["kind"] == {"Practices": 2, "Meetings": 1}
    assert facets["strand"] == {"English learners": 1, "Mathematics": 1}
    assert facets["district"] == {"Fresno": 1, "Long Beach": 1}
    assert facets["state"] == {"Idea": 1, "Testing": 1}
    assert [chip.label for chip in results.chips] == ["Practices"]
    assert results.chips[0].without.chosen == {}


def test_several_values_of_one_facet_are_any_of_them_and_stay_in_the_address(
    client: FlaskClient, session: Session, cast: Cast, indexed: Indexed
) -> None:
    cast.practice(cast.ana, "Feedback one", shared="partnership")
    cast.note(cast.ana, "Feedback call", shared="partnership")
    cast.plan(cast.ana, "Feedback plan", shared="partnership")
    indexed()
    sign_in(client, cast.ben, session)

    page = client.get("/search?q=feedback&kind=practice&kind=meeting-note&order=newest").text

    assert "<mark>Feedback</mark> one" in page
    assert "<mark>Feedback</mark> call" in page
    assert "<mark>Feedback</mark> plan" not in page
    assert 'href="/search?q=feedback&amp;kind=meeting-note&amp;order=newest"' in page


def test_pages_are_numbered_and_one_past_the_end_is_the_last(
    client: FlaskClient, session: Session, cast: Cast, indexed: Indexed
) -> None:
    for number in range(45):
        cast.practice(cast.ana, f"Number talk {number}", shared="partnership")
    indexed()
    sign_in(client, cast.ben, session)

    first, last = client.get("/search?q=talk"), client.get("/search?q=talk&page=99")

    assert first.text.count('class="hit"') == 20
    assert last.text.count('class="hit"') == 5
    assert "page 3 of 3" in last.text
    for page in ("0", "-1", "x", "9" * 5000):
        assert client.get(f"/search?q=talk&page={page}").status_code == 200


def test_nothing_found_says_what_to_drop(session: Session, cast: Cast, index: SearchIndex, indexed: Indexed) -> None:
    cast.practice(cast.ana, "Number talks", shared="partnership")
    cast.note(cast.ben, "October call", shared="partnership")
    indexed()

    results = ask(session, cast, index, words="talks", chosen={"kind": ("meeting-note",)})

    assert (results.total, titles(results)) == (0, [])
    assert [(drop.label, drop.count) for drop in results.drops] == [
        ("without “Meetings”", 1),
        ("without the words “talks”", 1),
    ]


def test_nothing_found_says_which_words_to_drop(
    session: Session, cast: Cast, index: SearchIndex, indexed: Indexed
) -> None:
    cast.practice(cast.ana, "Number talks", shared="partnership", strand_id=cast.maths.id)
    cast.practice(cast.ana, "Open door", shared="partnership", strand_id=cast.maths.id)
    indexed()

    one = ask(session, cast, index, words="xylophones strand:Mathematics")
    both = ask(session, cast, index, words="xylophones zithers strand:Mathematics -talks")

    assert [(drop.label, drop.asked.words, drop.count) for drop in one.drops] == [
        ("without “xylophones”", "strand:Mathematics", 2)
    ]
    assert [(drop.label, drop.asked.words, drop.count) for drop in both.drops] == [
        ("without “xylophones zithers”", "strand:Mathematics -talks", 1)
    ]


def test_a_wrong_word_beside_a_name_is_searched_for_as_it_was_meant(
    session: Session, cast: Cast, index: SearchIndex, indexed: Indexed
) -> None:
    cast.practice(cast.ana, "Mathematics placement", shared="partnership", strand_id=cast.maths.id)
    cast.practice(cast.ana, "Number talks", shared="partnership", strand_id=cast.maths.id)
    indexed()

    results = ask(session, cast, index, words='mathematics placment strand:"math" author:ana')

    assert titles(results) == ["Mathematics placement"]
    assert results.asked.words == 'mathematics placement strand:"math" author:ana'
    assert results.typed is not None
    assert results.typed.words == 'mathematics placment strand:"math" author:ana'


def test_a_strand_that_one_may_not_know_of_does_not_exist(
    session: Session, cast: Cast, index: SearchIndex, indexed: Indexed
) -> None:
    cast.practice(cast.ana, "Open door", shared="public")
    indexed()

    seen = searching.found(session, NOBODY, index, Asked(chosen={"strand": (str(cast.maths.id),)}))
    known = searching.found(session, NOBODY, index, Asked(chosen={"strand": (str(cast.learners.id),)}))

    assert (seen.asked.chosen, seen.chips, titles(seen)) == ({}, [], ["Open door"])
    assert [chip.label for chip in known.chips] == ["English learners"]


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "a " * 50_000,
        "q=" + "(" * 3000,
        "q=%00%ff*%20AND%20OR%20NOT%20%22",
        "q=kind:&strand=x&district=-1&year=99999999999&state=%00&verdict=&author=1e5&page=%F0%9F%98%80",
        "q=%3Cscript%3Ealert(1)%3C/script%3E&tag=%3Cb%3E",
        "q=*e*&indicator=007&kind=practice&kind=nothing",
    ],
)
def test_hostile_questions_get_a_page(
    client: FlaskClient, session: Session, cast: Cast, indexed: Indexed, query: str
) -> None:
    cast.practice(cast.ana, shared="partnership")
    indexed()
    sign_in(client, cast.ben, session)

    page = client.get(f"/search?{query}")

    assert page.status_code == 200
    assert len(page.text) < 80_000
    assert "<script>alert" not in page.text
    assert "<b>" not in page.text


def test_a_damaged_index_is_said_in_a_sentence(
    client: FlaskClient, session: Session, cast: Cast, index: SearchIndex, tmp_path: Path
) -> None:
    assert ask(session, cast, index).total == 0
    index.close()
    for file in (tmp_path / "index").rglob("*"):
        if file.is_file():
            file.write_bytes(b"torn")
    sign_in(client, cast.ben, session)

    with pytest.raises(IndexDamaged):
        ask(session, cast, index)
    page = client.get("/search?q=feedback")

    assert page.status_code == 503
    assert "Search is being put together again" in page.text


def test_as_many_statements_for_one_result_as_for_twenty(
    session: Session, cast: Cast, index: SearchIndex, indexed: Indexed
) -> None:
    def count() -> int:
        indexed()
        actor = cast.actor(cast.ben)
        session.expire_all()
        statements: list[str] = []
        hear = lambda *given: statements.append(given[2])  # noqa: E731
        event.listen(session.get_bind(), "before_cursor_execute", hear)
        searching.found(session, actor, index, Asked(words="talks"))
        event.remove(session.get_bind(), "before_cursor_execute", hear)
        return len(statements)

    cast.practice(cast.ana, "Number talks", shared="partnership", tags=["talk"])
    one = count()
    for number in range(25):
        cast.practice(cast.ben, f"Talks {number}", shared="partnership", strand_id=cast.maths.id)

    assert count() == one


def test_an_address_says_the_same_question_again() -> None:
    typed = "q= number talks &kind=practice&kind=strand-plan&year=2026&order=newest&page=3"

    asked = Asked.read(parse_qsl(f"{typed}&kind=nonsense&year=26&unknown=x"))

    assert asked.chosen == {"kind": ("practice", "strand-plan"), "year": ("2026",)}
    again = [(k, v) for k, vs in asked.pairs().items() for v in (vs if isinstance(vs, list) else [vs])]
    assert Asked.read(again) == asked
    assert asked.without("kind", "practice").page == 1
