"""Writing in the browser: forms of the three kinds, what is wrong with them, two people at once."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import MeetingNote, Membership, Post, Practice, Revision, StrandPlan
from app.queries import posts as found
from tests.pages import get, post, words_of
from tests.people import Cast, sign_in


@pytest.fixture
def ana(client: FlaskClient, cast: Cast, session: Session) -> FlaskClient:
    sign_in(client, cast.ana, session)
    return client


@pytest.fixture
def ben(app: Flask, cast: Cast, session: Session) -> FlaskClient:
    client = app.test_client()
    sign_in(client, cast.ben, session)
    return client


def read(cast: Cast, post_id: int) -> Post:
    cast.session.rollback()
    cast.session.expire_all()
    whole = found.one(cast.session, cast.actor(cast.ana), post_id)
    assert whole is not None
    return whole


def written(cast: Cast) -> Post:
    cast.session.rollback()
    number = cast.session.scalar(select(func.max(Post.id)))
    assert number is not None
    return read(cast, number)


def test_choosing_what_to_write(ana: FlaskClient) -> None:
    page = get(ana, "/posts/new")
    assert page.code == 200
    for kind in ("practice", "meeting-note", "strand-plan"):
        assert any(f"kind={kind}" in link for link in page.links())


def test_a_practice_with_everything(ana: FlaskClient, cast: Cast) -> None:
    form = get(ana, f"/posts/new?kind=practice&strand={cast.learners.id}").form("/posts/new?kind=practice&strand=1")
    assert form["strand_id"] == str(cast.learners.id)
    assert "## What people do" in form["body"]
    form.fill(
        {
            "title": "  Number talks  ",
            "body": "## What people do\r\n\r\nTen minutes a day.",
            "problem": "Who speaks?",
            "serves_grades": "K–5",
            "student_groups": "english_learners",
            "contacts": [str(cast.ana.id), str(cast.ben.id)],
            "state": "testing",
            "core": "Every day.",
            "tags": "Talk, #Discourse, talk",
            "indicator_links-0-indicator_id": str(cast.graduation.id),
            "indicator_links-0-expected": "increase",
            "indicator_links-0-evidence": "tested_locally",
            "then": "keep",
        }
    )
    page = post(ana, "/posts/new?kind=practice", form, follow=True)

    assert page.heading == "Number talks"
    practice = written(cast)
    assert isinstance(practice, Practice)
    assert practice.body == "## What people do\n\nTen minutes a day."
    assert (practice.problem, practice.serves_grades, practice.state) == ("Who speaks?", "K–5", "testing")
    assert (list(practice.student_groups), sorted(practice.contacts)) == (
        ["english_learners"],
        [cast.ana.id, cast.ben.id],
    )
    assert sorted(practice.tags) == ["discourse", "talk"]
    link = practice.indicator_links[0]
    assert (link.indicator_id, link.expected, link.evidence, link.essa_tier) == (
        cast.graduation.id,
        "increase",
        "tested_locally",
        None,
    )
    assert not practice.is_shared
    for words in ("Kept as a draft", "Who speaks?", "Every day.", "Ben Example", "Four-year graduation rate"):
        assert words in page.words


def test_a_meeting_note_with_everything(ana: FlaskClient, cast: Cast) -> None:
    form = get(ana, "/posts/new?kind=meeting-note").form("/posts/new?kind=meeting-note")
    assert form["met_on"] == "2026-11-20"
    form.fill(
        {
            "title": "November call",
            "strand_id": str(cast.learners.id),
            "agenda": "Reclassification",
            "attendees-0-district_id": str(cast.fresno.id),
            "attendees-0-person_id": str(cast.ana.id),
            "attendees-1-district_id": str(cast.long_beach.id),
            "attendees-1-others": "two coaches",
            "decisions-0-text": "Use one checklist",
            "decisions-0-decided_by": "The call",
            "commitments-0-text": "Send the checklist",
            "commitments-0-owner_id": str(cast.ben.id),
            "commitments-0-district_id": str(cast.long_beach.id),
            "commitments-0-owed_to_id": str(cast.fresno.id),
            "commitments-0-due_on": "2026-12-01",
            "commitments-0-state": "open",
            "questions-0-text": "Who pays?",
            "questions-0-answer": "",
        }
    )
    page = post(ana, "/posts/new?kind=meeting-note", form, follow=True)

    note = written(cast)
    assert isinstance(note, MeetingNote)
    assert [(one.person_id, one.others) for one in note.attendees] == [(cast.ana.id, ""), (None, "two coaches")]
    assert [one.text for one in note.decisions] == ["Use one checklist"]
    assert [(one.text, one.owner_id, str(one.due_on), one.state) for one in note.commitments] == [
        ("Send the checklist", cast.ben.id, "2026-12-01", "open")
    ]
    assert [one.text for one in note.questions] == ["Who pays?"]
    for words in ("two coaches", "Use one checklist", "Send the checklist", "Who pays?", "2026-27"):
        assert words in page.words


def test_a_plan_with_everything(ana: FlaskClient, cast: Cast) -> None:
    form = get(ana, "/posts/new?kind=strand-plan").form("/posts/new?kind=strand-plan")
    form.fill(
        {
            "title": "English learners, 2026-27",
            "strand_id": str(cast.learners.id),
            "plan_year": "2026",
            "theory_if": "we talk",
            "theory_then": "they talk",
            "theory_so_that": "they graduate",
            "drivers-0-text": "Discourse",
            "drivers-0-kind": "primary",
            "actions-0-text": "Train coaches",
            "actions-0-owner_id": str(cast.ben.id),
            "actions-0-due_on": "2027-01-15",
            "actions-0-state": "under_way",
            "measures-0-indicator_id": str(cast.graduation.id),
            "measures-0-group_code": "english_learners",
            "measures-0-district_id": str(cast.fresno.id),
            "measures-0-baseline_year": "2024",
            "measures-0-baseline": "71.5",
            "measures-0-target_year": "2027",
            "measures-0-target": "80",
        }
    )
    page = post(ana, "/posts/new?kind=strand-plan", form, follow=True)

    plan = written(cast)
    assert isinstance(plan, StrandPlan)
    assert [(one.text, one.kind) for one in plan.drivers] == [("Discourse", "primary")]
    assert [(one.text, one.state) for one in plan.actions] == [("Train coaches", "under_way")]
    measure = plan.measures[0]
    assert (str(measure.baseline.normalize() if measure.baseline else ""), measure.target_year) == ("71.5", 2027)
    for words in ("we talk", "they graduate", "Discourse", "Train coaches", "71.5", "80"):
        assert words in page.words


@pytest.mark.parametrize(
    ("kind", "wrong", "sentence"),
    [
        ("practice", {"title": "  "}, "Give it a title"),
        ("practice", {"title": "x" * 201}, "Keep the title under 200 characters"),
        ("practice", {"title": "T", "state": "retired"}, "Say why it was retired"),
        ("practice", {"title": "T", "tags": "x" * 41}, "Keep each tag under 40"),
        ("practice", {"title": "T", "strand_id": "999"}, "Not a valid choice"),
        ("meeting-note", {"title": "T", "met_on": "next Tuesday"}, "Write the day as year-month-day"),
        ("meeting-note", {"title": "T", "met_on": ""}, "Fill in “When”"),
        ("meeting-note", {"title": "T", "attendees-0-others": "two coaches"}, "Choose “District”"),
        ("strand-plan", {"title": "T", "plan_year": ""}, "Fill in “School year”"),
        (
            "strand-plan",
            {"title": "T", "measures-0-indicator_id": "1", "measures-0-district_id": "1", "measures-0-target": "many"},
            "Write a number",
        ),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    ana: FlaskClient, cast: Cast, kind: str, wrong: dict[str, str], sentence: str
) -> None:
    form = get(ana, f"/posts/new?kind={kind}").form(f"kind={kind}")
    form["body"] = "A long text that nobody wants to type again."
    for name, value in wrong.items():
        form[name] = value
    page = post(ana, f"/posts/new?kind={kind}", form)

    assert page.code == 422
    assert sentence in page.words
    again = page.form(f"kind={kind}")
    assert again["body"].strip() == form["body"]
    assert {name: again[name] for name in wrong if name != "strand_id"} == {
        name: value for name, value in wrong.items() if name != "strand_id"
    }
    cast.session.rollback()
    assert cast.session.scalar(select(func.count()).select_from(Post)) == 0


def test_a_form_sent_twice_makes_one_post(ana: FlaskClient, cast: Cast) -> None:
    form = get(ana, "/posts/new?kind=practice").form("kind=practice")
    form["title"] = "Once"
    first, second = (post(ana, "/posts/new?kind=practice", form) for _ in range(2))
    assert (first.code, second.code) == (303, 303)
    assert first.answer.location == second.answer.location
    cast.session.rollback()
    assert cast.session.scalar(select(func.count()).select_from(Post)) == 1


def test_rows_are_changed_removed_and_added_in_one_save(ana: FlaskClient, cast: Cast) -> None:
    note = cast.note(by=cast.ana, decisions=[{"id": None, "text": "One"}, {"id": None, "text": "Two"}])
    second = note.decisions[1].id
    path = f"/posts/{note.id}/edit"
    form = get(ana, path).form(path)
    form["decisions-0-remove"] = "y"
    form["decisions-1-text"] = "Two, better"
    form["decisions-2-text"] = "Three"
    assert post(ana, path, form).code == 303
    again = read(cast, note.id)
    assert isinstance(again, MeetingNote)
    assert [(one.text, one.id == second) for one in again.decisions] == [("Two, better", True), ("Three", False)]


def test_opening_and_saving_without_a_change_changes_nothing(ana: FlaskClient, cast: Cast) -> None:
    one = cast.practice(by=cast.ana, student_groups=["english_learners"], contacts=[cast.ben.id], tags=["talk"])
    path = f"/posts/{one.id}/edit"
    assert post(ana, path, get(ana, path).form(path)).code == 303
    assert read(cast, one.id).revision == 1


def test_who_has_left_is_not_offered_and_stays_where_they_were_named(ana: FlaskClient, cast: Cast) -> None:
    gus, cy = cast.gus.id, cast.cy.id
    there = [
        {"id": None, "person_id": one.id, "district_id": place.id, "others": ""}
        for one, place in ((cast.gus, cast.fresno), (cast.ben, cast.long_beach))
    ]
    note = cast.note(by=cast.ana, attendees=there)
    practice = cast.practice(by=cast.ana, contacts=[gus, cast.ben.id])
    membership = cast.session.scalars(select(Membership).where(Membership.person_id == cy)).one()
    membership.ends_on = cast.now.date() - timedelta(days=1)
    cast.session.commit()

    def offered(path: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for field in get(ana, path).root.iter("select"):
            found[field.get("name", "")] = [words_of(option) for option in field.iter("option")]
        return found

    new, old = offered("/posts/new?kind=meeting-note"), offered(f"/posts/{note.id}/edit")

    assert "Ben Example, Long Beach" in new["commitments-0-owner_id"]
    for name, names in new.items():
        assert not any("Gus" in one or "Cy" in one for one in names), name
    assert old["attendees-0-person_id"][-1] == "Gus Example, Fresno (departed)"
    assert not any("Gus" in one for one in old["attendees-1-person_id"])
    assert "Gus" not in get(ana, "/posts/new?kind=practice").words
    assert "Gus Example, Fresno (departed)" in get(ana, f"/posts/{practice.id}/edit").words
    for path in (f"/posts/{note.id}/edit", f"/posts/{practice.id}/edit"):
        form = get(ana, path).form(path)
        form["title"] = "Another title"
        assert post(ana, path, form).code == 303
    again = read(cast, note.id)
    assert isinstance(again, MeetingNote)
    assert [one.person_id for one in again.attendees] == [gus, cast.ben.id]
    other = read(cast, practice.id)
    assert isinstance(other, Practice)
    assert set(other.contacts) == {gus, cast.ben.id}


def test_two_people_who_write_at_different_places_are_joined(ana: FlaskClient, ben: FlaskClient, cast: Cast) -> None:
    note = cast.note(by=cast.ana, shared="strand", body="First.\n\nLast.")
    path = f"/posts/{note.id}/edit"
    hers, his = get(ana, path).form(path), get(ben, path).form(path)
    hers["body"] = "First, by Ana.\n\nLast."
    his["body"] = "First.\n\nLast, by Ben."
    his["decisions-0-text"] = "Meet again"
    assert post(ana, path, hers).code == 303
    page = post(ben, path, his, follow=True)
    assert "together with what others changed" in page.words
    again = read(cast, note.id)
    assert again.body == "First, by Ana.\n\nLast, by Ben."


def test_two_people_who_write_the_same_line_see_both_and_lose_nothing(
    ana: FlaskClient, ben: FlaskClient, cast: Cast
) -> None:
    note = cast.note(by=cast.ana, shared="strand", body="We meet on Monday.")
    path = f"/posts/{note.id}/edit"
    hers, his = get(ana, path).form(path), get(ben, path).form(path)
    hers["body"], his["body"] = "We meet on Tuesday.", "We meet on Friday."
    his["agenda"] = "The calendar"
    assert post(ana, path, hers).code == 303
    page = post(ben, path, his)

    assert page.code == 409
    assert "Ana Example changed the same thing while you were writing" in page.words
    assert "We meet on Tuesday." in page.words
    again = page.form(path)
    assert (again["body"].strip(), again["agenda"].strip()) == ("We meet on Friday.", "The calendar")
    assert read(cast, note.id).body == "We meet on Tuesday."

    again["body"] = "We meet on Tuesday and Friday."
    assert post(ben, path, again).code == 303
    now = read(cast, note.id)
    assert isinstance(now, MeetingNote)
    assert (now.body, now.agenda) == ("We meet on Tuesday and Friday.", "The calendar")


def test_who_may_not_change_it_hears_why(app: Flask, ben: FlaskClient, cast: Cast, session: Session) -> None:
    one = cast.practice(by=cast.ana, shared="partnership", strand_id=cast.maths.id)
    page = get(ben, f"/posts/{one.id}/edit")
    assert page.code == 403
    assert "Only its author, a lead of its strand or a manager can change “Number talks”" in page.words

    observer = app.test_client()
    sign_in(observer, cast.cy, session)
    page = get(observer, "/posts/new?kind=practice")
    assert page.code == 403
    assert "Observers read" in page.words


def test_lists_follow_kind_strand_and_page(ana: FlaskClient, cast: Cast) -> None:
    for number in range(23):
        cast.practice(by=cast.ana, title=f"Practice {number:02}", shared="partnership")
    cast.note(by=cast.ana, shared="partnership")
    page = get(ana, "/posts?kind=practice")
    assert page.heading == "Practices"
    assert "Practice 22" in page.words
    assert "October call" not in page.words
    older = next(link for link in page.links() if "after=" in link)
    rest = get(ana, older)
    assert "Practice 00" in rest.words
    assert "Practice 22" not in rest.words
    assert "Practice 22" not in get(ana, f"/posts?kind=practice&strand={cast.maths.id}").words
    assert get(ana, "/posts?after=rubbish&year=x&strand=y&kind=z").code == 200
    for nowhere in (f"0-{2**63}", f"{10**30}-1", "0--1"):
        assert "Practice 22" in get(ana, f"/posts?after={nowhere}").words, nowhere


def test_a_practice_is_confirmed_as_still_true(ana: FlaskClient, cast: Cast) -> None:
    one = cast.practice(by=cast.ana, shared="partnership")
    page = post(ana, f"/posts/{one.id}/confirmation", follow=True)
    assert "Noted: still true today." in page.words
    again = read(cast, one.id)
    assert isinstance(again, Practice)
    assert again.confirmed_on == cast.now.date()


def test_every_save_keeps_a_copy(ana: FlaskClient, cast: Cast) -> None:
    one = cast.practice(by=cast.ana)
    path = f"/posts/{one.id}/edit"
    for number in (2, 3):
        form = get(ana, path).form(path)
        form["problem"] = f"Problem {number}"
        assert post(ana, path, form).code == 303
    cast.session.rollback()
    numbers = cast.session.scalars(select(Revision.number).where(Revision.post_id == one.id).order_by(Revision.number))
    assert numbers.all() == [1, 2, 3]
