"""Letters reach a real mail server, once, or say why not."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.mail import MailError, Outbox, Smtp, open_post
from app.models import District, Job, Letter, Partnership, Person
from app.policy import NOBODY
from app.services import accounts, demonstration, invitations, letters
from app.services.invitations import Invited
from app.services.people import Part
from app.work import Work, working
from tests.pages import get
from tests.people import Cast, sign_in

AT = "https://braid.example"
OPENSSL = shutil.which("openssl")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@dataclass
class Postbox:
    """What a mail server took."""

    taken: list[Message] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: object, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return "550 There is nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: object, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.taken.append(message_from_bytes(envelope.content, policy=default))
        self.encrypted.append(
            server.transport is not None and server.transport.get_extra_info("sslcontext") is not None
        )
        return "250 OK"


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def server(postbox: Postbox) -> Iterator[Controller]:
    controller = Controller(postbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


def office(server: Controller) -> Smtp:
    found = open_post(f"smtp://127.0.0.1:{server.port}", "Braid <braid@fresno.example>")
    assert isinstance(found, Smtp)
    return found


def write(session: Session, cast: Cast, to: str, text: str = "Hello,\n\nhttps://braid.example/join/abc\n") -> str:
    with working(session, NOBODY, cast.now) as work:
        letter = letters.write(work, to, "Ana Example invites you – “Fresno”", text)
    return f"letter:{letter.id}"


def test_a_letter_arrives_as_it_was_written(session: Session, cast: Cast, server: Controller, postbox: Postbox) -> None:
    key = write(session, cast, cast.ben.email)
    assert session.execute(select(Job.name, Job.key)).all() == [("mail", key)]

    with working(session, NOBODY, cast.now) as work:
        letters.send(work, [key], office(server))

    (message,) = postbox.taken
    assert message["To"] == cast.ben.email
    assert message["From"] == "Braid <braid@fresno.example>"
    assert message["Subject"] == "Ana Example invites you – “Fresno”"
    assert message["Message-ID"].endswith("@fresno.example>")
    assert "https://braid.example/join/abc" in message.get_payload()
    letter = session.scalars(select(Letter)).one()
    assert (letter.sent_at, letter.text) == (cast.now, "")


def test_a_letter_is_sent_once(session: Session, cast: Cast, server: Controller, postbox: Postbox) -> None:
    key = write(session, cast, cast.ben.email)
    for _ in range(2):
        with working(session, NOBODY, cast.now) as work:
            letters.send(work, [key, "letter:9999"], office(server))
    assert len(postbox.taken) == 1


def test_one_refused_address_holds_up_no_other(
    session: Session, cast: Cast, server: Controller, postbox: Postbox
) -> None:
    bad, good = write(session, cast, "nobody@fresno.example"), write(session, cast, cast.ben.email)
    with working(session, NOBODY, cast.now) as work:
        letters.send(work, [bad, good], office(server))
    assert [message["To"] for message in postbox.taken] == [cast.ben.email]
    assert session.scalars(select(Job.key).order_by(Job.id)).all() == [bad, good, bad]

    with (
        pytest.raises(MailError, match=r"does not take mail for nobody@fresno\.example: 550 There is nobody"),
        working(session, NOBODY, cast.now) as work,
    ):
        letters.send(work, [bad], office(server))


def test_no_server_is_said_in_a_sentence(session: Session, cast: Cast) -> None:
    gone = open_post(f"smtp://127.0.0.1:{free_port()}")
    key = write(session, cast, cast.ben.email)
    with (
        pytest.raises(MailError, match=r"No mail server answers at 127\.0\.0\.1:\d+\. Check BRAID_MAIL_URL\."),
        working(session, NOBODY, cast.now) as work,
    ):
        letters.send(work, [key], gone)
    session.expire_all()
    assert session.scalars(select(Letter.sent_at)).one() is None


@pytest.mark.skipif(OPENSSL is None, reason="needs the openssl command to make a certificate")
def test_the_line_is_encrypted_when_the_server_offers_it(
    session: Session, cast: Cast, postbox: Postbox, tmp_path: Path
) -> None:
    certificate, key_file = tmp_path / "c.pem", tmp_path / "k.pem"
    names = ("-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1")
    kept = ("-out", str(certificate), "-keyout", str(key_file))
    command = [OPENSSL or "", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, *kept]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key_file)

    def allow(*_: object) -> AuthResult:
        return AuthResult(success=True)

    controller = Controller(
        postbox, hostname="127.0.0.1", port=free_port(), tls_context=context, require_starttls=True, authenticator=allow
    )
    controller.start()
    try:
        port = controller.port
        key = write(session, cast, cast.ben.email)
        stranger = Smtp("127.0.0.1", port, encrypted=False, user="braid", password="hush")
        with (
            pytest.raises(MailError, match=r"certificate of 127\.0\.0\.1 cannot be trusted"),
            working(session, NOBODY, cast.now) as work,
        ):
            letters.send(work, [key], stranger)
        trusted = ssl.create_default_context(cafile=str(certificate))
        known = Smtp("127.0.0.1", port, encrypted=False, user="braid", password="hush", trusted=trusted)
        with working(session, NOBODY, cast.now) as work:
            letters.send(work, [key], known)
    finally:
        controller.stop()
    assert postbox.encrypted == [True]


def invite(cast: Cast, manager: Person, place: Partnership, district: District, email: str) -> str:
    """Let a manager invite somebody; return the link."""
    part = Part(district.id, "member")
    invitations.invite(cast.work(manager), place, Invited(email, part), AT)
    return link_of(cast.session)


def ask_reset(cast: Cast, person: Person) -> str:
    """Ask for a new password, and do what that promised, as the worker does; return the link."""
    work = Work(cast.session, NOBODY, cast.now)
    accounts.ask_reset(work, person.email)
    keys = cast.session.scalars(select(Job.key).where(Job.name == "reset").order_by(Job.id.desc()).limit(1)).all()
    accounts.send_resets(work, keys, AT)
    return link_of(cast.session)


def link_of(session: Session) -> str:
    session.commit()
    text = session.scalars(select(Letter.text).order_by(Letter.id.desc()).limit(1)).one()
    return next(word for word in reversed(text.split()) if word.startswith(AT))


def test_the_outbox_keeps_invitations_for_managers_to_read(client: FlaskClient, session: Session, cast: Cast) -> None:
    ours = invite(cast, cast.dee, cast.partnership, cast.fresno, "hal@fresno.example")
    bay = session.scalars(select(District).where(District.short_name == "Oakland")).one()
    theirs = invite(cast, cast.eve, cast.other_partnership, bay, cast.ben.email)
    keys = session.scalars(select(Job.key).where(Job.name == "mail")).all()
    with working(session, NOBODY, cast.now) as work:
        letters.send(work, keys, Outbox())
    sign_in(client, cast.dee, session)

    page = client.get("/outbox").text

    assert f'<a href="{ours}">{ours}</a>' in page
    assert theirs not in page
    assert "Bay Partnership" not in page
    member = client.application.test_client()
    sign_in(member, cast.ana, session)
    assert member.get("/outbox").status_code == 403


def test_the_outbox_shows_nobody_a_link_to_a_new_password(client: FlaskClient, session: Session, cast: Cast) -> None:
    joining = invite(cast, cast.dee, cast.partnership, cast.fresno, "hal@fresno.example")
    cast.ben.name = f"{joining} Ben"  # a manager may put a name right, and every letter says hello
    links = [ask_reset(cast, person) for person in (cast.ben, cast.dee, cast.eve)]
    assert all(link.startswith(f"{AT}/new-password/") for link in links)
    sign_in(client, cast.dee, session)

    page = get(client, "/outbox")

    assert [link for link in links if link.removeprefix(AT) in page.html or link.rpartition("/")[2] in page.html] == []
    assert f"The link in it is for {cast.ben.email} alone" in page.words
    assert f"The link in it is for {cast.dee.email} alone" in page.words
    assert cast.eve.email not in page.words


def test_the_outbox_lets_one_try_a_new_password_as_somebody_invented(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    cast.ben.email = min(demonstration.invented())
    link = ask_reset(cast, cast.ben)
    cast.partnership.notice = "The people are invented."  # which any manager may say of their partnership
    anybody = ask_reset(cast, cast.ana)
    sign_in(client, cast.dee, session)

    page = client.get("/outbox").text

    assert f'<a href="{link}">{link}</a>' in page
    assert anybody not in page
