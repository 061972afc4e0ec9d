"""The results page: spelling, the field's words, names in fields, people and indicators, ways out, and being true."""

import itertools
import threading
import time
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.models import Job, PastSearch
from app.policy import Sharing
from app.queries import freshness, searching
from app.queries.searching import Asked, Results
from app.search import SearchIndex
from app.services import adoptions, indexing, posts
from app.services.adoptions import Trial
from app.work import working
from tests.integration.conftest import Indexed
from tests.pages import get, post
from tests.people import Cast, sign_in


def ask(session: Session, cast: Cast, index: SearchIndex, words: str, **more: object) -> Results:
    asked = Asked.read([("q", words), *((name, str(value)) for name, value in more.items())])
    return searching.found(session, cast.actor(cast.ben), index, asked)


def titles(results: Results) -> list[str]:
    return [one.post.title for one in results.found]


def test_a_typing_error_is_mended_and_can_be_insisted_on(
    client: FlaskClient, session: Session, cast: Cast, indexed: Indexed
) -> None:
    cast.practice(cast.ana, "Ninth-grade placement", shared="partnership", body="Placement by several measures.")
    indexed()
    sign_in(client, cast.ben, session)

    page = get(client, "/search?q=placment")
    insisted = get(client, "/search?q=placment&spelling=exact")

    assert "Showing results for placement. Search instead for placment." in page.words
    assert "/search?q=placment&spelling=exact" in page.links()
    assert "Ninth-grade placement" in page.words
    assert "No post that you can read has these words" in insisted.words


def test_one_wrong_word_among_right_ones(session: Session, cast: Cast, index: SearchIndex, indexed: Indexed) -> None:
    cast.practice(cast.ana, "Number talks", shared="partnership", body="Who speaks in mathematics?")
    cast.practice(cast.ana, "Mathematics placement", shared="partnership")
    indexed()

    results = ask(session, cast, index, "mathematics placment")

    assert titles(results) == ["Mathematics placement"]
    assert results.typed is not None
    assert results.typed.words == "mathematics placment"
    assert results.asked.words == "mathematics placement"


def test_a_word_of_a_hidden_post_is_no_spelling(
    session: Session, cast: Cast, index: SearchIndex, indexed: Indexed
) -> None:
    cast.practice(cast.ana, "Zephyrine plan", body="Zephyrine")
    cast.practice(cast.ana, "Number talks", shared="partnership")
    indexed()

    results = ask(session, cast, index, "zephyrin")

    assert (results.total, results.typed, results.meant) == (0, None, None)


def test_words_that_mean_the_same_are_found_said_and_switched_off(
    client: FlaskClient, session: Session, cast: Cast, indexed: Indexed
) -> None:
    cast.practice(cast.ana, "English learner shadowing", shared="partnership")
    cast.practice(cast.ana, "EL review", shared="partnership")
    indexed()
    sign_in(client, cast.ben, session)

    page = get(client, "/search?q=EL")
    only = get(client, "/search?q=%22EL%22")

    assert "English learner shadowing" in page.words
    assert "Also searched:" in page.words
    assert "Search only for EL." in page.words
    assert "/search?q=%22EL%22" in page.links()
    assert "EL review" in only.words
    assert "English learner shadowing" not in only.words


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ('strand:"English learners"', ["Talks"]),
        ("strand:math", ["Sums"]),
        ("kind:meetings", ["Call"]),
        ("kind:practice district:fresno", ["Talks"]),
        ("author:ben", ["Call", "Sums"]),
        ("-author:ben talks", ["Talks"]),
        ("year:2026-27 kind:practice", ["Sums", "Talks"]),
        ("indicator:graduation", ["Talks"]),
        ("verdict:stopped", ["Talks"]),
        ("state:idea author:ana", ["Talks"]),
    ],
)
def test_fields_take_names(  # noqa: PLR0917
    session: Session, cast: Cast, index: SearchIndex, indexed: Indexed, words: str, found: list[str]
) -> None:
    link = {"id": None, "indicator_id": cast.graduation.id, "expected": "increase", "evidence": "hypothesis"}
    talks = cast.practice(cast.ana, "Talks", shared="partnership", body="talks", indicator_links=[link])
    cast.practice(cast.ben, "Sums", shared="partnership", strand_id=cast.maths.id)
    cast.note(cast.ben, "Call", shared="partnership", strand_id=None)
    trial = Trial(cast.long_beach.id, date(2025, 9, 1), date(2026, 1, 1), "", "", "", "abandon", "No time.")
    adoptions.record(cast.work(cast.ben), talks, trial)
    session.commit()
    indexed()

    results = ask(session, cast, index, words)

    assert sorted(titles(results)) == found
    assert results.notes == ()


def test_a_name_nobody_has_is_said_and_the_rest_is_searched(
    session: Session, cast: Cast, index: SearchIndex, indexed: Indexed
) -> None:
    cast.practice(cast.ana, "Number talks", shared="partnership")
    indexed()

    results = ask(session, cast, index, "talks strand:robotics year:soon kind:poem")

    assert titles(results) == ["Number talks"]
    assert any("No strand that you can see is called “robotics”" in note for note in results.notes)
    assert any("“soon” is not a school year" in note for note in results.notes)
    assert any("No kind of post is called “poem”" in note for note in results.notes)


def test_a_strand_of_another_partnership_has_no_name_here(
    session: Session, cast: Cast, index: SearchIndex, indexed: Indexed
) -> None:
    indexed()

    seen = searching.found(session, cast.actor(cast.eve), index, Asked("strand:mathematics"))
    guessed = searching.found(session, cast.actor(cast.eve), index, Asked(f"strand:{cast.maths.id}"))

    assert any("No strand that you can see" in note for note in seen.notes)
    assert any("No strand that you can see" in note for note in guessed.notes)


def test_people_and_indicators_are_named_above_the_posts(
    client: FlaskClient, session: Session, cast: Cast, indexed: Indexed
) -> None:
    cast.flo.expertise = "Cohort data and graduation checks"
    cast.graduation.abbreviations = ["ACGR"]
    session.commit()
    indexed()
    sign_in(client, cast.ben, session)

    assert "Ana Example" in get(client, "/search?q=ana").words
    assert "Gus Example (departed)" in get(client, "/search?q=gus%20example").words
    assert "Eve Example" not in get(client, "/search?q=eve").words
    assert "Four-year graduation rate" in get(client, "/search?q=acgr").words
    page = get(client, "/search?q=graduation")
    assert "Flo Example" in page.words
    assert "Four-year graduation rate" in page.words
    assert "Flo Example" not in get(app_client(client), "/search?q=graduation").words


def app_client(client: FlaskClient) -> FlaskClient:
    return client.application.test_client()


def test_nothing_found_offers_what_to_drop_whom_to_ask_and_to_be_told(
    client: FlaskClient, session: Session, cast: Cast, indexed: Indexed
) -> None:
    cast.practice(cast.ana, "Number talks", shared="partnership")
    indexed()
    sign_in(client, cast.ana, session)

    page = get(client, "/search?q=talks+kind:meetings")
    assert "Without “kind:meetings” – 1 post" in page.words

    page = get(client, "/search?q=xylophones")
    assert "Ben Example leads English learners in Long Beach" in page.words
    assert "Ana Example leads" not in page.words
    form = page.form("/searches")
    told = post(client, "/searches", form, follow=True)
    assert "“xylophones” is saved. You will find what is new in your inbox." in told.words


def test_past_searches_are_offered_to_their_owner_and_forgotten(
    app: Flask, client: FlaskClient, session: Session, cast: Cast, indexed: Indexed
) -> None:
    indexed()
    seconds = itertools.count()
    app.extensions["braid.clock"] = lambda: cast.now + timedelta(seconds=next(seconds))
    sign_in(client, cast.ana, session)
    for number in range(25):
        get(client, f"/search?q=search+{number}")
    get(client, "/search?q=search+7")
    get(client, "/search?q=search+7&page=2")

    kept = session.scalars(select(PastSearch.words).order_by(PastSearch.id)).all()
    page = get(client, "/search")

    assert len(kept) == 20
    assert "search 7" in page.words
    assert "search 1 " not in page.words
    other = app_client(client)
    sign_in(other, cast.ben, session)
    assert "search 7" not in get(other, "/search").words
    assert "forgotten" in post(client, "/search/past/clearing", follow=True).words
    assert session.scalars(select(PastSearch)).all() == []


def test_what_is_no_longer_shared_is_not_counted_before_the_index_knows(
    session: Session, cast: Cast, index: SearchIndex, indexed: Indexed
) -> None:
    kept = cast.practice(cast.ana, "Kept talks", shared="partnership")
    hidden = cast.practice(cast.ana, "Hidden talks", shared="partnership", strand_id=cast.maths.id)
    gone = cast.practice(cast.ana, "Talks in the trash", shared="partnership", strand_id=cast.maths.id)
    indexed()
    posts.share(cast.work(cast.ana), hidden, Sharing.DRAFT)
    posts.trash(cast.work(cast.ana), gone)
    session.commit()

    results = ask(session, cast, index, "talks")
    facets = {facet.name: {value.label: value.count for value in facet.values} for facet in results.facets}

    assert (results.total, titles(results)) == (1, [kept.title])
    assert facets["strand"] == {"English learners": 1}
    assert searching.found(session, cast.actor(cast.ana), index, Asked("talks")).total == 2


def test_what_the_database_denies_is_not_counted_even_without_a_job(
    session: Session, cast: Cast, index: SearchIndex, indexed: Indexed
) -> None:
    cast.practice(cast.ana, "Kept talks", shared="partnership")
    hidden = cast.practice(cast.ana, "Hidden talks", shared="partnership")
    indexed()
    posts.share(cast.work(cast.ana), hidden, Sharing.DRAFT)
    session.commit()
    session.query(Job).delete()
    session.commit()

    results = ask(session, cast, index, "talks")

    assert (results.total, titles(results)) == (1, ["Kept talks"])


def test_a_save_is_found_on_the_next_page_of_whoever_saved_it(  # noqa: PLR0917
    app: Flask,
    client: FlaskClient,
    session: Session,
    cast: Cast,
    engine: Engine,
    index: SearchIndex,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(freshness, "LONGEST_WAIT", 20)  # a busy machine may be slow; it ends as soon as it is indexed
    sign_in(client, cast.ana, session)
    form = get(client, "/posts/new?kind=practice").form("kind=practice")
    form.fill({"title": "Kaleidoscope lessons", "body": "Look again.", "then": "keep"})

    def worker() -> None:
        time.sleep(0.25)
        with Session(engine) as own, working(own, cast.actor(cast.ana), cast.now) as work:
            waiting = own.scalars(select(Job).where(Job.name == "index")).all()
            indexing.update(work, [job.key for job in waiting], index, app.extensions["braid.renderer"])
            for job in waiting:
                own.delete(job)

    assert client.post("/posts/new?kind=practice", data=form).status_code == 303
    thread = threading.Thread(target=worker)
    thread.start()
    page = get(client, "/search?q=kaleidoscope")
    thread.join()

    assert "Kaleidoscope lessons" in page.words


def test_a_search_waits_once_and_not_for_long(client: FlaskClient, session: Session, cast: Cast) -> None:
    sign_in(client, cast.ana, session)
    form = get(client, "/posts/new?kind=practice").form("kind=practice")
    assert client.post("/posts/new?kind=practice", data=form.fill({"title": "Slow"})).status_code == 303

    began = time.monotonic()
    assert get(client, "/search?q=slow").code == 200
    waited = time.monotonic() - began
    began = time.monotonic()
    assert get(client, "/search?q=slow").code == 200
    again = time.monotonic() - began

    assert freshness.LONGEST_WAIT <= waited < freshness.LONGEST_WAIT + 20
    assert again < waited


def test_earlier_posts_stand_beside_a_post_with_why_they_stopped(
    client: FlaskClient, session: Session, cast: Cast, indexed: Indexed
) -> None:
    words = "Teachers sort student mathematics arguments on cards and talk about them in pairs."
    earlier = cast.practice(cast.ana, "Sorting arguments", shared="partnership", body=words)
    hidden = cast.practice(cast.ana, "Sorting arguments, private", body=words)
    later = cast.practice(cast.ben, "Argument sorting again", shared="partnership", body=words)
    earlier.created_at = hidden.created_at = cast.now.replace(year=2012)
    trial = Trial(cast.long_beach.id, date(2011, 9, 1), date(2012, 3, 1), "", "", "", "abandon", "Nobody had time.")
    adoptions.record(cast.work(cast.ben), earlier, trial)
    for number in range(6):
        cast.note(cast.ana, f"Call {number}", shared="partnership", body="Buses, dates and snacks.")
    session.commit()
    indexed()
    sign_in(client, cast.ben, session)

    page = get(client, f"/posts/{later.id}")
    draft = client.get("/related", query_string={"title": "Sorting arguments on cards", "text": words})
    strangers = app_client(client).get("/related", query_string={"title": "Sorting", "text": words})

    assert "Earlier posts like it" in page.words
    assert "Long Beach stopped in 2012: Nobody had time." in page.words
    assert "private" not in page.words
    assert "Sorting arguments" in draft.text
    assert "private" not in draft.text
    assert strangers.status_code in {303, 401}
