"""Getting in and out: sessions, passwords, profiles."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lib import passwords, tokens
from app.models import Event, Job, Letter, Membership, Partnership, PasswordReset, Person, SignIn
from app.policy import NOBODY
from app.services import accounts, demonstration
from app.work import working
from tests.conftest import NOW
from tests.people import BEGAN, PASSWORD, Cast, sign_in

NEW = "seven quiet llamas hum"


def come_in(client: FlaskClient, person: Person, password: str = PASSWORD, where: str = "/sign-in") -> int:
    return client.post(where, data={"email": person.email, "password": password}).status_code


def test_signing_in_leads_where_one_wanted_to_go(client: FlaskClient, cast: Cast, session: Session) -> None:
    answer = client.get("/people?q=ben", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/people?q%3Dben")

    answer = client.post(answer.location, data={"email": f" {cast.ana.email.upper()} ", "password": PASSWORD})

    assert (answer.status_code, answer.location) == (303, "/people?q=ben")
    assert client.get("/people").status_code == 200
    signed_in = session.scalars(select(SignIn)).one()
    assert (signed_in.person_id, signed_in.partnership_id) == (cast.ana.id, cast.partnership.id)
    event = session.scalars(select(Event).where(Event.action == "person.signed_in")).one()
    assert (event.actor_id, event.partnership_id) == (cast.ana.id, cast.partnership.id)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_elsewhere(client: FlaskClient, cast: Cast, target: str) -> None:
    answer = client.post(
        "/sign-in", query_string={"next": target}, data={"email": cast.ana.email, "password": PASSWORD}
    )
    assert (answer.status_code, answer.location) == (303, "/")


def test_the_form_says_what_is_missing_and_keeps_the_address(client: FlaskClient) -> None:
    answer = client.post("/sign-in", data={"email": "ana@fresno.example", "password": ""})
    assert answer.status_code == 422
    assert "Write your password." in answer.text
    assert 'value="ana@fresno.example"' in answer.text


def test_every_sign_in_has_a_token_of_its_own(client: FlaskClient, cast: Cast) -> None:
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    come_in(client, cast.ana)
    with client.session_transaction() as cookie:
        first = cookie["_user_id"]
        assert "planted" not in cookie
        assert not cookie.permanent
    other = client.application.test_client()
    other.post("/sign-in", data={"email": cast.ana.email, "password": PASSWORD, "remember": "y"})
    with other.session_transaction() as cookie:
        assert cookie["_user_id"] != first
        assert cookie.permanent


def test_only_the_digest_of_a_token_is_kept(client: FlaskClient, cast: Cast, session: Session) -> None:
    come_in(client, cast.ana)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    assert session.scalars(select(SignIn.token_digest)).all() == [tokens.digest(token)]


def test_signing_out_ends_the_session_wherever_its_cookie_is(client: FlaskClient, cast: Cast) -> None:
    come_in(client, cast.ana)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    assert client.post("/sign-out").status_code == 303

    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert client.get("/profile", headers={"Accept": "text/html"}).status_code == 303


def test_signing_out_everywhere(client: FlaskClient, cast: Cast) -> None:
    other = client.application.test_client()
    come_in(client, cast.ana)
    come_in(other, cast.ana)

    assert client.post("/sign-out-everywhere").status_code == 303

    assert [one.get("/profile").status_code for one in (client, other)] == [401, 401]


def test_one_browser_of_ones_own_can_be_signed_out_but_nobody_elses(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    other, bens = client.application.test_client(), client.application.test_client()
    come_in(client, cast.ana)
    come_in(other, cast.ana)
    come_in(bens, cast.ben)
    _, second, third = session.scalars(select(SignIn.id).order_by(SignIn.id)).all()

    assert client.post(f"/profile/browsers/{second}/sign-out").status_code == 303
    assert client.post(f"/profile/browsers/{third}/sign-out").status_code == 404

    assert other.get("/profile").status_code == 401
    assert bens.get("/profile").status_code == 200


def test_a_departed_person_is_out_at_the_next_request(client: FlaskClient, cast: Cast, session: Session) -> None:
    come_in(client, cast.ana)
    cast.ana.departed_at = cast.now
    session.commit()
    assert client.get("/profile").status_code == 401
    assert come_in(client, cast.ana) == 422


def test_seeing_a_browser_is_noted_every_ten_minutes(
    app: Flask, client: FlaskClient, cast: Cast, session: Session
) -> None:
    sign_in(client, cast.ana, session)
    app.extensions["braid.clock"] = lambda: cast.now + timedelta(minutes=9)
    assert client.get("/profile").status_code == 200
    assert session.scalars(select(SignIn.seen_at)).one() == cast.now
    app.extensions["braid.clock"] = lambda: cast.now + timedelta(minutes=11)
    assert client.get("/profile").status_code == 200
    session.expire_all()
    assert session.scalars(select(SignIn.seen_at)).one() == cast.now + timedelta(minutes=11)


def test_a_browser_not_seen_for_a_month_has_to_sign_in(
    app: Flask, client: FlaskClient, cast: Cast, session: Session
) -> None:
    sign_in(client, cast.ana, session)
    app.extensions["braid.clock"] = lambda: cast.now + timedelta(days=31)
    assert client.get("/profile").status_code == 401


def test_the_profile_is_ones_own_to_change(client: FlaskClient, cast: Cast, session: Session) -> None:
    come_in(client, cast.ana)
    page = client.get("/profile").text
    assert "Fresno" in page
    assert "English learners" in page
    given = {"name": "Ana Ruiz", "title": "Chief", "expertise": "number talks", "time_zone": "America/Denver"}

    assert client.post("/profile", data=given).status_code == 303

    session.expire_all()
    assert (cast.ana.name, cast.ana.title, cast.ana.time_zone) == ("Ana Ruiz", "Chief", "America/Denver")
    answer = client.post("/profile", data=given | {"name": "", "title": "Kept <title>"})
    assert answer.status_code == 422
    assert "Tell the others your name." in answer.text
    assert "Kept &lt;title&gt;" in answer.text
    assert client.post("/profile", data=given | {"time_zone": "Mars/Olympus"}).status_code == 422


def test_changing_the_password_signs_the_other_browsers_out(client: FlaskClient, cast: Cast) -> None:
    other = client.application.test_client()
    come_in(client, cast.ana)
    come_in(other, cast.ana)

    assert client.post("/profile/password", data={"old": PASSWORD, "new": NEW}).status_code == 303

    assert client.get("/profile").status_code == 200
    assert other.get("/profile").status_code == 401
    assert come_in(other, cast.ana) == 422
    assert come_in(other, cast.ana, NEW) == 303


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("not mine at all", NEW, "That is not your password now."),
        (PASSWORD, "short", "Use at least 12 characters."),
        (PASSWORD, "password1234", "one of the first passwords anyone would try"),
    ],
)
def test_a_password_that_will_not_do(client: FlaskClient, cast: Cast, old: str, new: str, says: str) -> None:
    come_in(client, cast.ana)
    answer = client.post("/profile/password", data={"old": old, "new": new})
    assert answer.status_code == 422
    assert says in answer.text


def test_guessing_the_password_from_the_profile_is_slowed_too(client: FlaskClient, cast: Cast) -> None:
    come_in(client, cast.ana)
    tries = [client.post("/profile/password", data={"old": f"guess {n}", "new": NEW}).status_code for n in range(6)]
    assert tries == [422] * 5 + [429]


def run_resets(session: Session, cast: Cast) -> list[Letter]:
    """Do what asking for a new password promised, as the worker does."""
    keys = session.scalars(select(Job.key).where(Job.name == "reset")).all()
    with working(session, NOBODY, cast.now) as work:
        accounts.send_resets(work, keys, "https://braid.example")
    return list(session.scalars(select(Letter).order_by(Letter.id)))


def link_in(letter: Letter) -> str:
    return next(line for line in letter.text.splitlines() if line.startswith("https://braid.example")).removeprefix(
        "https://braid.example"
    )


def test_a_forgotten_password_is_chosen_anew_through_a_link(client: FlaskClient, cast: Cast, session: Session) -> None:
    other = client.application.test_client()
    come_in(other, cast.ana)
    client.post("/forgotten-password", data={"email": cast.ana.email.upper()})
    (letter,) = run_resets(session, cast)
    link = link_in(letter)
    assert letter.recipient == cast.ana.email
    assert client.get(link).status_code == 200
    assert client.post(link, data={"password": "short"}).status_code == 422

    assert client.post(link, data={"password": NEW}).status_code == 303

    assert other.get("/profile").status_code == 401
    assert client.get(link).status_code == 410
    assert client.post(link, data={"password": NEW + " again"}).status_code == 410
    assert come_in(client, cast.ana, NEW) == 303
    assert tokens.digest(link.rpartition("/")[2]) == session.scalars(select(PasswordReset.token_digest)).one()


def test_asking_for_a_new_password_says_and_does_the_same_for_everybody(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    pages = []
    for email in (cast.ana.email, "nobody@fresno.example", cast.gus.email):
        answer = client.post("/forgotten-password", data={"email": email}, follow_redirects=True)
        pages.append(re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text))

    assert len(set(pages)) == 1
    assert "If that address belongs to an account" in pages[0]
    assert len(session.scalars(select(Job).where(Job.name == "reset")).all()) == 3
    assert [letter.recipient for letter in run_resets(session, cast)] == [cast.ana.email]


def test_without_a_mail_server_the_page_says_whom_to_ask(client: FlaskClient, session: Session) -> None:
    page = client.get("/forgotten-password").text

    assert "This Braid has no mail server, so it cannot send you a link. Ask whoever runs it" in page
    assert "<form" not in page.partition("<main")[2]
    session.add(Partnership(name=demonstration.called(), began_on=BEGAN, created_at=NOW))
    session.commit()
    page = client.get("/forgotten-password").text
    assert "Write the letter" in page
    assert "for a manager of the demonstration" in page


def test_with_a_mail_server_the_page_sends_a_link(app: Flask, client: FlaskClient) -> None:
    app.config["BRAID"] = app.config["BRAID"].model_copy(update={"mail_url": "smtp://mail.example"})

    page = client.get("/forgotten-password").text
    answer = client.post("/forgotten-password", data={"email": "ana@fresno.example"}, follow_redirects=True).text

    assert "Send the link" in page
    assert "no mail server" not in page
    assert "is on its way" in answer


def test_a_link_to_a_new_password_ends_after_an_hour(
    app: Flask, client: FlaskClient, cast: Cast, session: Session
) -> None:
    client.post("/forgotten-password", data={"email": cast.ana.email})
    (letter,) = run_resets(session, cast)
    app.extensions["braid.clock"] = lambda: cast.now + timedelta(hours=1)
    answer = client.get(link_in(letter))
    assert answer.status_code == 410
    assert "This link has ended or was used already. Ask for a new one." in answer.text


def test_nobody_is_flooded_with_letters(client: FlaskClient, cast: Cast, session: Session) -> None:
    for _ in range(5):
        client.post("/forgotten-password", data={"email": cast.ana.email})
        run_resets(session, cast)
    assert len(session.scalars(select(Letter)).all()) == 3


def test_old_hashes_are_made_again_at_sign_in(
    client: FlaskClient, cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = cast.ana.password_hash
    monkeypatch.setattr(passwords, "needs_rehash", lambda _: True)
    come_in(client, cast.ana)
    session.expire_all()
    assert cast.ana.password_hash != before
    assert passwords.verify(cast.ana.password_hash, PASSWORD)


def test_somebody_of_two_partnerships_goes_from_one_to_the_other(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    session.add(
        Membership(
            person_id=cast.ana.id,
            partnership_id=cast.other_partnership.id,
            district_id=session.scalars(
                select(Membership.district_id).where(Membership.person_id == cast.eve.id)
            ).one(),
            role="member",
            starts_on=cast.now.date(),
        )
    )
    session.commit()
    come_in(client, cast.ana)
    assert "Ben Example" in client.get("/people").text

    assert client.post("/partnerships/choice", data={"partnership": cast.other_partnership.id}).status_code == 303

    assert "Eve Example" in client.get("/people").text
    assert "Ben Example" not in client.get("/people").text
    bens = client.application.test_client()
    come_in(bens, cast.ben)
    assert bens.post("/partnerships/choice", data={"partnership": cast.other_partnership.id}).status_code == 404
