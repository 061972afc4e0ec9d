"""E-mail: written in the same transaction as what it tells about, sent by a job."""

import logging
from collections.abc import Sequence

from sqlalchemy import select

from app.mail import MailError, Outgoing, PostOffice
from app.models import Letter
from app.work import Work

log = logging.getLogger(__name__)


def write(work: Work, to: str, subject: str, text: str) -> Letter:
    """Write an e-mail, to be sent once this work is committed."""
    letter = Letter(recipient=to, subject=subject, text=text, written_at=work.now)
    work.session.add(letter)
    work.session.flush()
    work.promise("mail", _key(letter))
    return letter


def send(work: Work, keys: Sequence[str], office: PostOffice) -> None:
    """Send the letters that ``keys`` name. Safe to run twice: what was sent is not sent again.

    One letter that is not taken holds up no other: what went out stays sent, the rest is promised again.

    Raises:
        MailError: if none of them could be sent, so that all of them wait.
    """
    ids = [int(key.removeprefix("letter:")) for key in keys]
    waiting = select(Letter).where(Letter.id.in_(ids), Letter.sent_at.is_(None)).order_by(Letter.id).with_for_update()
    failed: list[tuple[Letter, MailError]] = []
    went = 0
    for letter in work.session.scalars(waiting).all():
        try:
            office.deliver(_outgoing(letter))
        except MailError as error:
            log.warning("mail.failed key=%s error=%s", _key(letter), error)
            failed.append((letter, error))
            continue
        letter.sent_at = work.now
        if not office.keeps_text:
            letter.text = ""
        went += 1
    if failed and not went:
        raise failed[0][1]
    for letter, _ in failed:
        work.promise("mail", _key(letter))


def _key(letter: Letter) -> str:
    return f"letter:{letter.id}"


def _outgoing(letter: Letter) -> Outgoing:
    return Outgoing(_key(letter), letter.recipient, letter.subject, letter.text, letter.written_at)
