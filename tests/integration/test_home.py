"""Home: what changed, what do I owe, what is next; and for a stranger, what is public."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select, text
from sqlalchemy.orm import Session

from app.models import Adoption, District, MeetingNote, Membership, Partnership, PastSearch, Person, Post, Reading
from app.models.meeting import CommitmentState
from app.queries import home, meetings, news
from app.queries import posts as found
from app.services import adoptions, comments, commitments
from app.services.adoptions import Trial
from app.work import Work
from tests.conftest import NOW
from tests.people import Cast, sign_in

WEEK = timedelta(days=7)


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    statements: list[str] = []

    def hear(*given: object) -> None:
        statements.append(str(given[2]))

    event.listen(session.get_bind(), "before_cursor_execute", hear)
    yield statements
    event.remove(session.get_bind(), "before_cursor_execute", hear)


def told(session: Session, cast: Cast, person: Person, since: datetime = NOW - WEEK) -> list[tuple[str, str]]:
    groups = news.since(session, cast.actor(person), since)
    return [(one.what, one.post.title) for group in groups for one in group.news]


def owed_note(cast: Cast, title: str = "October call", *, owner: Person | None = None) -> MeetingNote:
    promised: dict[str, Any] = {"text": f"Send the criteria after {title}", "state": "open", "due_on": "2026-11-10"}
    promised |= {"owner_id": (owner or cast.ben).id, "district_id": cast.long_beach.id}
    note = cast.note(cast.ana, title, shared="partnership", commitments=[promised])
    cast.session.expire_all()
    whole = found.one(cast.session, cast.actor(cast.ana), note.id)
    assert isinstance(whole, MeetingNote)
    return whole


def part_of(session: Session, person: Person, place: Partnership) -> Membership:
    mine = select(Membership).where(Membership.person_id == person.id, Membership.partnership_id == place.id)
    return session.scalars(mine).one()


def joins(cast: Cast, person: Person, place: Partnership, district: District) -> None:
    membership = Membership(person_id=person.id, partnership_id=place.id, district_id=district.id, role="member")
    membership.starts_on = NOW.date()
    cast.session.add(membership)
    cast.session.commit()


def main_of(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


def page_of(client: FlaskClient, session: Session, person: Person, address: str = "/") -> str:
    sign_in(client, person, session)
    page = client.get(address)
    assert page.status_code == 200
    return page.text


def test_ben_sees_what_ana_did_and_not_what_he_did(session: Session, cast: Cast) -> None:
    practice = cast.practice(cast.ana, "Number talks", shared="partnership")
    cast.practice(cast.ben, "My own", shared="partnership")
    cast.practice(cast.ana, "Fresno only", shared="district")
    cast.practice(cast.ana, "Her draft")
    comments.add(cast.work(cast.ana), practice, "One more thing.")
    comments.add(cast.work(cast.ben), practice, "I see.")
    session.commit()

    assert told(session, cast, cast.ben) == [("shared", "Number talks"), ("commented", "Number talks")]
    assert told(session, cast, cast.ana) == [("shared", "My own"), ("commented", "Number talks")]
    assert told(session, cast, cast.eve) == []
    assert told(session, cast, cast.ben, since=NOW) == []


def test_comments_under_one_post_are_told_together(session: Session, cast: Cast) -> None:
    practice = cast.practice(cast.ben, "Number talks", shared="partnership")
    for person in (cast.ana, cast.dee, cast.ana):
        comments.add(cast.work(person), practice, "We **do** this too.")
    session.commit()

    [group] = news.since(session, cast.actor(cast.ben), NOW - WEEK)

    assert [{person.name for person in one.people} for one in group.news] == [{"Ana Example", "Dee Example"}]


def test_trials_and_kept_promises_are_news(session: Session, cast: Cast) -> None:
    practice = cast.practice(cast.ana, "Number talks", shared="partnership")
    adoptions.record(
        cast.work(cast.ben), practice, Trial(cast.long_beach.id, starts_on=date(2026, 11, 2), verdict="adapt")
    )
    note = owed_note(cast, owner=cast.ana)
    commitments.set_state(cast.work(cast.ana), note, note.commitments[0], CommitmentState.DONE)
    session.commit()

    assert ("tried", "Number talks") in told(session, cast, cast.ana)
    assert ("closed", "October call") in told(session, cast, cast.ben)
    assert session.scalars(select(Adoption.verdict)).all() == ["adapt"]


def test_seven_at_most_and_by_strand(session: Session, cast: Cast) -> None:
    for number in range(6):
        cast.practice(cast.ana, f"Practice {number}", shared="partnership")
        cast.practice(cast.ana, f"Maths {number}", shared="partnership", strand_id=cast.maths.id)

    groups = news.since(session, cast.actor(cast.ben), NOW - WEEK)

    assert [group.strand.name for group in groups if group.strand] == ["English learners", "Mathematics"]
    assert sum(len(group.news) for group in groups) == 7


def test_what_was_new_stays_new_for_one_visit(app: Flask, client: FlaskClient, session: Session, cast: Cast) -> None:
    membership = part_of(session, cast.ben, cast.partnership)
    membership.home_seen_at = NOW - timedelta(days=2)
    cast.practice(cast.ana, "Number talks", shared="partnership")
    at = [NOW + timedelta(minutes=1)]
    app.extensions["braid.clock"] = lambda: at[0]

    def see() -> str:
        return client.get("/").text.partition('id="posts"')[0]

    assert "shared a practice" in page_of(client, session, cast.ben)
    for _ in range(4):  # looking again and again, for more than an hour in all
        at[0] += timedelta(minutes=20)
        assert "shared a practice" in see()
    at[0] += timedelta(minutes=31)  # coming back later is another visit
    assert "Nothing new since you were last here" in see()
    session.expire_all()
    assert membership.home_seen_at == at[0]


def test_home_is_noted_at_most_every_half_hour(app: Flask, client: FlaskClient, session: Session, cast: Cast) -> None:
    page_of(client, session, cast.ben)
    app.extensions["braid.clock"] = lambda: NOW + timedelta(minutes=20)
    client.get("/")
    session.expire_all()

    assert part_of(session, cast.ben, cast.partnership).home_seen_at == NOW


def test_a_commitment_can_be_closed_from_home(client: FlaskClient, session: Session, cast: Cast) -> None:
    [commitment] = owed_note(cast).commitments
    page = page_of(client, session, cast.ben)
    assert "Send the criteria" in page
    assert f'action="/commitments/{commitment.id}/state"' in page

    answer = client.post(f"/commitments/{commitment.id}/state", data={"state": "done", "next": "/"})

    assert answer.status_code == 303
    session.expire_all()
    assert commitment.state == "done"
    assert "You owe nobody anything just now" in client.get("/").text


def test_the_latest_meeting_of_my_strands_and_what_is_owed(session: Session, cast: Cast) -> None:
    owed_note(cast, "September call")
    later = cast.note(cast.ana, "November call", shared="partnership", met_on="2026-11-12")
    cast.note(cast.ana, "A draft of a note", met_on="2026-11-19")

    rows = meetings.of_strands(session, cast.actor(cast.ben), [cast.learners, cast.maths], NOW.date()).latest

    assert [(row.strand.name, row.note and row.note.id, row.owed) for row in rows] == [
        ("English learners", later.id, 1),
        ("Mathematics", None, 0),
    ]


def test_whoever_names_me_asks_me(session: Session, cast: Cast) -> None:
    named = f"What does [Ben](/people/{cast.ben.id}) think?"
    asked = cast.practice(cast.ana, "Number talks", shared="partnership", body=named)
    cast.practice(cast.ana, "Not for him", shared="district", body=named)
    other = cast.practice(cast.ana, "Exit tickets", shared="partnership")
    work = Work(session, cast.actor(cast.ana), NOW + timedelta(minutes=5))
    said = comments.add(work, other, named)
    comments.add(work, other, f"And `[Ben](/people/{cast.ben.id})` in code, or /people/{cast.ben.id}1, is nobody.")
    session.commit()

    asking = home.asked_of(session, cast.actor(cast.ben), NOW - WEEK)

    assert [(one.post.id, one.comment_id) for one in asking] == [(other.id, said.id), (asked.id, None)]


def test_the_first_day_has_three_steps_and_ends_with_a_post(client: FlaskClient, session: Session, cast: Cast) -> None:
    first = page_of(client, session, cast.flo)
    cast.practice(cast.flo, "Figures in October")
    second = page_of(client, session, cast.flo)

    assert "Three small steps" in first
    assert "Share or note something" in first
    assert "Three small steps" not in second
    assert "1 draft waits for you" in second


def test_home_is_that_of_the_partnership_one_looks_at(client: FlaskClient, session: Session, cast: Cast) -> None:
    owed_note(cast, "October call")
    cast.practice(cast.ben, "A draft of his")
    cast.practice(cast.ana, "Asking him", shared="partnership", body=f"What does [Ben](/people/{cast.ben.id}) think?")
    joins(cast, cast.ben, cast.other_partnership, cast.long_beach)

    here = main_of(page_of(client, session, cast.ben))
    client.post("/partnerships/choice", data={"partnership": cast.other_partnership.id})
    there = main_of(client.get("/").text)
    promised, drafts = (main_of(client.get(address).text) for address in ("/commitments", "/drafts"))

    for words in ("Send the criteria", "1 draft waits for you", "Asking him", "Your strands"):
        assert words in here
        assert words not in there
    assert "Three small steps" not in here, "Ben has written here"
    assert "Welcome to Bay Partnership, Ben Example. Three small steps" in there
    assert "You are not on a strand yet" in there
    assert "You owe nobody anything here just now" in there
    assert "You owe 1 commitment in your other partnership" in there
    assert "New in the last weeks" not in there
    assert "Nothing has happened in the last weeks" in there, "his visits are those of the other partnership"
    assert "October call</a> in Fresno–Long Beach" in promised
    assert "in Fresno–Long Beach</span>" in drafts


def test_a_visit_to_one_partnership_is_none_to_the_other(client: FlaskClient, session: Session, cast: Cast) -> None:
    joins(cast, cast.ben, cast.other_partnership, cast.long_beach)
    part_of(session, cast.ben, cast.partnership).home_seen_at = NOW - timedelta(days=2)
    cast.practice(cast.ana, "Number talks", shared="partnership")

    def look(place: Partnership) -> str:
        client.post("/partnerships/choice", data={"partnership": place.id})
        return client.get("/").text

    assert "Since you were last here" in page_of(client, session, cast.ben)
    assert "last here" not in look(cast.other_partnership)
    assert "Since you were last here" in look(cast.partnership), "the same visit goes on"


def test_an_observer_is_offered_nothing_they_cannot_do(client: FlaskClient, session: Session, cast: Cast) -> None:
    cast.practice(cast.ana, "Number talks", shared="partnership")
    owed_note(cast)

    whole = page_of(client, session, cast.cy)
    page = main_of(whole)

    assert "Number talks" in page
    assert "/posts/new" not in whole
    assert "Note a meeting" not in page
    assert 'name="state"' not in page


def test_a_note_of_a_day_to_come_is_the_next_meeting(client: FlaskClient, session: Session, cast: Cast) -> None:
    assert "No next meeting is written down" in page_of(client, session, cast.ben)
    cast.note(cast.ana, "November call", shared="partnership", met_on="2026-11-12")
    cast.note(cast.ana, "January call", shared="partnership", met_on="2027-01-14")
    cast.note(cast.ana, "December call", shared="partnership", met_on="2026-12-03")
    cast.note(cast.ana, "Fresno alone", shared="district", met_on="2026-12-01")
    cast.note(cast.ana, "Her draft", met_on="2026-11-25")

    found = meetings.of_strands(session, cast.actor(cast.ben), [cast.learners], NOW.date())
    planned = main_of(page_of(client, session, cast.ben)).partition("Next meetings")[2].partition("Latest")[0]

    assert [note.title for note in found.planned] == ["December call", "January call"]
    assert [row.note and row.note.title for row in found.latest] == ["November call"]
    assert "December call" in planned
    assert "3 December 2026" in planned
    assert "Fresno alone" not in planned


def test_what_i_opened_and_what_most_opened(app: Flask, client: FlaskClient, session: Session, cast: Cast) -> None:
    both = cast.practice(cast.ana, "Both districts", shared="partnership")
    once = cast.practice(cast.ana, "Read by one", shared="partnership")
    fresno = cast.practice(cast.ana, "Fresno only", shared="district")
    at = [NOW]
    app.extensions["braid.clock"] = lambda: at[0]

    def opens(person: Person, *posts: Post) -> None:
        sign_in(client, person, session)
        for post in posts:
            at[0] += timedelta(minutes=1)
            assert client.get(f"/posts/{post.id}").status_code == 200

    def listed(person: Person, view: str) -> list[str]:
        sign_in(client, person, session)
        below = client.get(f"/?view={view}").text.partition('id="posts"')[2]
        return sorted((one.title for one in (both, once, fresno) if one.title in below), key=below.index)

    assert "You have not opened a post yet" in page_of(client, session, cast.ben, "/?view=viewed")
    assert "No post has been opened by two people" in page_of(client, session, cast.ben, "/?view=most")
    opens(cast.ana, fresno, both)
    opens(cast.dee, fresno)
    opens(cast.ben, once, both)
    assert listed(cast.ana, "viewed") == ["Both districts", "Fresno only"]
    assert listed(cast.ben, "viewed") == ["Both districts", "Read by one"]
    assert listed(cast.ben, "most") == ["Both districts"], "one reader alone is nobody’s business"
    assert sorted(listed(cast.ana, "most")) == ["Both districts", "Fresno only"]
    opens(cast.ben, once)  # again within half an hour is the same reading, and the list keeps its order
    assert listed(cast.ben, "viewed") == ["Both districts", "Read by one"]
    at[0] += timedelta(days=91)
    assert listed(cast.ana, "most") == []


def test_a_page_does_not_wait_for_whoever_writes(client: FlaskClient, session: Session, cast: Cast) -> None:
    practice = cast.practice(cast.ana, "Number talks", shared="partnership")
    sign_in(client, cast.ben, session)
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    if engine.dialect.name != "sqlite":
        pytest.skip("only SQLite has one writer at a time")
    with engine.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        began = time.monotonic()
        assert client.get(f"/posts/{practice.id}").status_code == 200
        assert client.get("/").status_code == 200
        assert client.get("/search?q=nothing+like+it").status_code == 200
        took = time.monotonic() - began
        other.rollback()

    assert took < 5
    assert session.scalars(select(Reading)).all() == []
    assert session.scalars(select(PastSearch)).all() == []
    assert session.execute(text("PRAGMA busy_timeout")).scalar() == 10000


def test_the_tabs_are_my_strands_everything_and_my_drafts(client: FlaskClient, session: Session, cast: Cast) -> None:
    cast.practice(cast.ana, "For learners", shared="partnership")
    cast.practice(cast.ben, "For maths", shared="partnership", strand_id=cast.maths.id)
    cast.practice(cast.ana, "My draft")
    sign_in(client, cast.ana, session)

    def listed(view: str) -> list[str]:
        below = client.get(f"/?view={view}").text.partition('id="posts"')[2]
        return [title for title in ("For learners", "For maths", "My draft") if title in below]

    assert listed("strands") == listed("nonsense") == ["For learners"]
    assert listed("new") == ["For learners", "For maths"]
    assert listed("drafts") == ["My draft"]


def test_a_stranger_sees_public_posts_and_nothing_else(client: FlaskClient, cast: Cast) -> None:
    friendly = client.get("/")
    cast.practice(cast.ana, "Open door", shared="public")
    cast.practice(cast.ana, "Both districts", shared="partnership")
    owed_note(cast)

    page = client.get("/").text

    assert friendly.status_code == 200
    assert "Nothing has been made public here yet" in friendly.text
    assert "Open door" in page
    assert "Sign in" in page
    assert "Both districts" not in page
    assert "Send the criteria" not in page
    assert "Mathematics" not in page


def test_whose_time_is_over_reads_whom_to_ask(client: FlaskClient, session: Session, cast: Cast) -> None:
    cast.practice(cast.ana, "Both districts", shared="partnership")
    membership = session.scalars(select(Membership).where(Membership.person_id == cast.cy.id)).one()
    membership.ends_on = NOW.date() - timedelta(days=1)
    session.commit()

    page = page_of(client, session, cast.cy)

    assert "ended on" in page
    assert "19 November 2026" in page
    assert "Dee Example" in page
    assert "Both districts" not in page


def test_as_many_statements_for_a_full_home_as_for_a_small_one(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    def count() -> int:
        client.get("/")
        with counted(session) as statements:
            assert client.get("/").status_code == 200
        return len(statements)

    def fill(count: int) -> None:
        for number in range(count):
            owed_note(cast, f"Call {number}")
            named = f"[Ben](/people/{cast.ben.id})"
            practice = cast.practice(cast.ana, f"Practice {number}", shared="partnership", body=named)
            comments.add(cast.work(cast.ana), found.one(session, cast.actor(cast.ana), practice.id) or practice, named)
            cast.practice(cast.ben, f"Draft {number}")
        session.commit()

    sign_in(client, cast.ben, session)
    fill(1)
    small = count()
    fill(15)

    assert count() == small
