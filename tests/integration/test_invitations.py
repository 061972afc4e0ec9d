"""Nobody registers: a manager invites, and the link works once."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lib import passwords, tokens
from app.models import Event, Invitation, Letter, Membership, Person, StrandTerm
from app.policy import Denied
from app.services import invitations
from app.services.invitations import Invited
from app.services.people import Part
from tests.people import PASSWORD, Cast, sign_in

AT = "https://braid.example"
HIS = {"name": "Hal Newcomer", "title": "Coach", "password": "seven quiet llamas hum"}


def invite(cast: Cast, email: str = "hal@fresno.example", role: str = "member", **more: object) -> str:
    """Let Dee invite somebody; return the path of the link in the letter."""
    work = cast.work(cast.dee)
    ends_on = date(2027, 6, 30) if role == "observer" else None
    part = Part(cast.fresno.id, role, ends_on=ends_on)
    invitations.invite(work, cast.partnership, Invited(email, part, **more), AT)  # type: ignore[arg-type]
    cast.session.commit()
    return link(cast.session)


def link(session: Session, at: str = AT) -> str:
    letter = session.scalars(select(Letter).order_by(Letter.id.desc()).limit(1)).one()
    return next(line for line in letter.text.splitlines() if line.startswith(at)).removeprefix(at)


def test_somebody_invited_chooses_a_password_and_lands_where_the_invitation_says(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    sign_in(client, cast.dee, session)
    given = {
        "email": "Hal@Fresno.example",
        "district_id": cast.fresno.id,
        "role": "strand_lead",
        "strand_ids": [cast.maths.id],
        "lands_on": "http://localhost/strands/1?tab=a",
    }
    assert client.post("/administration/invitations/new", data=given).status_code == 303
    letter = session.scalars(select(Letter)).one()
    assert letter.recipient == "hal@fresno.example"
    path = next(line for line in letter.text.splitlines() if "/join/" in line).partition("/join/")[2]
    newcomer = client.application.test_client()
    assert "Welcome to Fresno–Long Beach" in newcomer.get(f"/join/{path}").text

    answer = newcomer.post(f"/join/{path}", data=HIS)

    assert (answer.status_code, answer.location) == (303, "/strands/1?tab=a")
    assert newcomer.get("/profile").status_code == 200
    hal = session.scalars(select(Person).where(Person.email == "hal@fresno.example")).one()
    assert passwords.verify(hal.password_hash, HIS["password"])
    membership = session.scalars(select(Membership).where(Membership.person_id == hal.id)).one()
    assert (membership.role, membership.district_id) == ("strand_lead", cast.fresno.id)
    term = session.scalars(select(StrandTerm).where(StrandTerm.person_id == hal.id)).one()
    assert (term.strand_id, term.is_lead) == (cast.maths.id, True)
    told = session.scalars(select(Event.action).order_by(Event.id)).all()
    assert told == ["person.invited", "person.joined", "term.added", "person.signed_in"]


def test_the_link_works_once(client: FlaskClient, cast: Cast, session: Session) -> None:
    path = invite(cast)
    assert client.post(path, data=HIS).status_code == 303
    other = client.application.test_client()
    assert other.get(path).status_code == 410
    assert other.post(path, data=HIS | {"name": "Somebody else"}).status_code == 410
    assert len(session.scalars(select(Person).where(Person.email == "hal@fresno.example")).all()) == 1


def test_only_the_digest_of_the_link_is_kept(cast: Cast, session: Session) -> None:
    path = invite(cast)
    kept = session.scalars(select(Invitation.token_digest)).one()
    assert kept == tokens.digest(path.removeprefix("/join/"))
    assert kept not in path


def test_the_link_ends_after_a_fortnight(app: Flask, client: FlaskClient, cast: Cast) -> None:
    path = invite(cast)
    app.extensions["braid.clock"] = lambda: cast.now + timedelta(days=13, hours=23)
    assert client.get(path).status_code == 200
    later = app.test_client()
    app.extensions["braid.clock"] = lambda: cast.now + timedelta(days=14)
    answer = later.get(path)
    assert answer.status_code == 410
    assert "Ask whoever invited you to send it again." in answer.text


def test_a_password_that_will_not_do_leaves_the_invitation_open(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    path = invite(cast)
    answer = client.post(path, data=HIS | {"password": "hal the newcomer rides"})
    assert answer.status_code == 422
    assert "Leave “newcomer” out" in answer.text
    assert 'value="Hal Newcomer"' in answer.text
    assert session.scalars(select(Person).where(Person.email == "hal@fresno.example")).all() == []
    assert client.post(path, data=HIS).status_code == 303


def test_sending_again_makes_a_new_link_and_withdrawing_ends_it(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    first = invite(cast)
    (number,) = session.scalars(select(Invitation.id)).all()
    sign_in(client, cast.dee, session)
    assert "hal@fresno.example" in client.get("/administration/invitations").text

    assert client.post(f"/administration/invitations/{number}/again").status_code == 303

    newcomer = client.application.test_client()
    second = link(session, "http://127.0.0.1:8000")
    assert newcomer.get(first).status_code == 410
    assert newcomer.get(second).status_code == 200
    assert client.post(f"/administration/invitations/{number}/withdrawal").status_code == 303
    assert newcomer.get(second).status_code == 410
    assert client.post(f"/administration/invitations/{number}/again").status_code == 404


def test_a_second_invitation_replaces_the_first(client: FlaskClient, cast: Cast) -> None:
    first, second = invite(cast), invite(cast, role="observer")
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200


def test_somebody_known_elsewhere_joins_with_the_account_they_have(
    client: FlaskClient, cast: Cast, session: Session
) -> None:
    path = invite(cast, cast.eve.email)
    page = client.get(path).text
    assert "You have an account already." in page
    assert f"/sign-in?next={path}" in page
    assert client.post(path, data=HIS).status_code == 403
    client.post("/sign-in", data={"email": cast.eve.email, "password": PASSWORD})

    assert client.post(path).status_code == 303

    part = select(Membership).where(
        Membership.person_id == cast.eve.id, Membership.partnership_id == cast.partnership.id
    )
    assert session.scalars(part).one().role == "member"
    assert "Ben Example" in client.get("/people").text


def test_an_invitation_is_for_nobody_else(client: FlaskClient, cast: Cast, session: Session) -> None:
    path = invite(cast, cast.eve.email)
    sign_in(client, cast.ben, session)
    assert "you are signed in as Ben Example" in client.get(path).text
    assert client.post(path).status_code == 403
    assert session.scalars(select(Invitation.used_at)).one() is None


@pytest.mark.parametrize(
    ("email", "says"),
    [
        ("ben@longbeach.example", "Ben Example has this address and is in Fresno–Long Beach already."),
        ("gus@fresno.example", "Gus Example has this address and is marked as departed."),
        ("no address", "is not an e-mail address"),
    ],
)
def test_who_cannot_be_invited(client: FlaskClient, cast: Cast, session: Session, email: str, says: str) -> None:
    sign_in(client, cast.dee, session)
    data = {"email": email, "district_id": cast.fresno.id, "role": "member"}
    answer = client.post("/administration/invitations/new", data=data)
    assert answer.status_code == 422
    assert says in answer.text
    assert session.scalars(select(Invitation)).all() == []


def test_observers_need_a_day_on_which_it_ends(client: FlaskClient, cast: Cast, session: Session) -> None:
    sign_in(client, cast.dee, session)
    data = {"email": "o@x.org", "district_id": cast.fresno.id, "role": "observer"}
    answer = client.post("/administration/invitations/new", data=data)
    assert answer.status_code == 422
    assert "Choose the day it ends." in answer.text
    assert client.post("/administration/invitations/new", data=data | {"ends_on": "2027-01-31"}).status_code == 303


def test_only_managers_of_the_partnership_invite(cast: Cast) -> None:
    part = Part(cast.fresno.id, "member")
    for person in (cast.ana, cast.cy, cast.eve):
        with pytest.raises(Denied):
            invitations.invite(cast.work(person), cast.partnership, Invited("x@y.org", part), AT)


def test_a_page_of_another_site_is_never_landed_on(client: FlaskClient, cast: Cast, session: Session) -> None:
    sign_in(client, cast.dee, session)
    data = {"email": "h@x.org", "district_id": cast.fresno.id, "role": "member", "lands_on": "https://evil.example/a"}
    client.post("/administration/invitations/new", data=data)
    assert session.scalars(select(Invitation.lands_on)).one() == "/"
