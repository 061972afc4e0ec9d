"""Sending e-mail: over SMTP, or into a local outbox that sends nothing."""

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Protocol
from urllib.parse import unquote, urlsplit

PATIENCE = 20.0  # seconds we wait for a mail server
SENDER = "Braid <braid@localhost>"
HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class MailError(RuntimeError):
    """A letter could not be sent; the message is a sentence for whoever runs Braid."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One e-mail, ready to go. ``key`` makes its Message-ID, so a letter sent twice is recognised as one."""

    key: str
    recipient: str
    subject: str
    text: str
    written_at: datetime


class PostOffice(Protocol):
    """Whatever takes letters."""

    @property
    def keeps_text(self) -> bool:
        """Whether what was sent stays readable here: true where nothing leaves the machine."""

    def deliver(self, letter: Outgoing) -> None:
        """Hand over one letter.

        Raises:
            MailError: if it was not taken.
        """


@dataclass(frozen=True, slots=True)
class Outbox:
    """Sends nothing: letters stay in their table, where a page shows them."""

    keeps_text: bool = True

    def deliver(self, letter: Outgoing) -> None:
        """Leave the letter where it is."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server.

    Attributes:
        host: its name, which its certificate must carry where the line is encrypted.
        port: 587 or 25, or 465 where the line is encrypted from the start.
        encrypted: whether it is encrypted from the start; else it is as soon as the server offers it.
        user: who we are to it; empty for a server that does not ask.
        password: of that user.
        sender: who letters come from.
        trusted: whose certificates we believe.
    """

    host: str
    port: int
    encrypted: bool
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = SENDER
    trusted: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    keeps_text: bool = False

    def deliver(self, letter: Outgoing) -> None:
        """Send one letter.

        Raises:
            MailError: if the server cannot be reached or does not take it.
        """
        message = self._written(letter)
        try:
            with self._connected() as server:
                self._introduce(server)
                server.send_message(message)
        except OSError as error:  # smtplib's own errors are OSErrors too
            raise MailError(self._reason(error, letter.recipient)) from None

    def _reason(self, error: OSError, recipient: str) -> str:
        match error:
            case smtplib.SMTPRecipientsRefused():
                code, words = next(iter(error.recipients.values()), (0, b""))
                return f"{self.host} does not take mail for {recipient}: {code} {_text(words)}"
            case smtplib.SMTPAuthenticationError():
                return f"{self.host} refused the user name or password in BRAID_MAIL_URL. It said: {_words(error)}"
            case ssl.SSLError():
                return f"The certificate of {self.host} cannot be trusted. Use the name that it was made for. ({error})"
            case smtplib.SMTPException():
                return f"{self.host} did not take the letter to {recipient}: {_words(error)}"
            case _:
                return f"No mail server answers at {self.host}:{self.port}. Check BRAID_MAIL_URL. ({error})"

    def _written(self, letter: Outgoing) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.sender
        message["To"] = letter.recipient
        message["Subject"] = " ".join(letter.subject.split())
        message["Date"] = format_datetime(letter.written_at)
        domain = parseaddr(self.sender)[1].partition("@")[2] or "braid"
        message["Message-ID"] = f"<{letter.key.replace(':', '-')}.{int(letter.written_at.timestamp())}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        return message

    def _connected(self) -> smtplib.SMTP:
        if self.encrypted:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=PATIENCE, context=self.trusted)
        return smtplib.SMTP(self.host, self.port, timeout=PATIENCE)

    def _introduce(self, server: smtplib.SMTP) -> None:
        """Encrypt the line if it can be, then say who we are; never say a password where others can listen."""
        server.ehlo()
        safe = self.encrypted
        if not safe and server.has_extn("starttls"):
            server.starttls(context=self.trusted)
            server.ehlo()
            safe = True
        if not self.user:
            return
        if not safe and self.host not in HERE:
            msg = f"{self.host} offers no encryption, so it was not told the password. Use smtps:// in BRAID_MAIL_URL."
            raise MailError(msg)
        server.login(self.user, self.password)


def open_post(url: str, sender: str = SENDER) -> PostOffice:
    """Return the post office that a setting names.

    Args:
        url: ``outbox:``, ``smtp://USER:PASSWORD@HOST:PORT`` or ``smtps://…``.
        sender: who letters come from, such as "Braid <braid@example.org>".

    Raises:
        ValueError: for anything else; the message says what to type.
    """
    parts = urlsplit(url)
    if parts.scheme == "outbox":
        return Outbox()
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        msg = f"“{url}” is no mail server. Write smtp://HOST:PORT, smtps://USER:PASSWORD@HOST:PORT, or outbox:"
        raise ValueError(msg)
    encrypted = parts.scheme == "smtps"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    port = parts.port or (465 if encrypted else 587 if user else 25)
    return Smtp(parts.hostname, port, encrypted, user, password, sender)


def _words(error: smtplib.SMTPException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def _text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
