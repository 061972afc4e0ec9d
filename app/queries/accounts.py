"""Reading how people get in: invitations, sessions, links to a new password, letters."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, raiseload

from app.lib import tokens
from app.models import Invitation, Letter, Membership, PasswordReset, Person, SignIn

LETTERS = 100  # the latest, on the outbox page

_LINK = re.compile(r"https?://\S+")

_INVITED = (
    joinedload(Invitation.partnership),
    joinedload(Invitation.district),
    joinedload(Invitation.invited_by),
    raiseload("*"),
)


def person_called(session: Session, email: str) -> Person | None:
    """Return whoever signs in with ``email``."""
    return session.scalar(select(Person).where(Person.email == address(email)))


def address(email: str) -> str:
    """Return an e-mail address as we keep it."""
    return email.strip().lower()


def invitation(session: Session, token: str, now: datetime) -> Invitation | None:
    """Return the invitation behind a link, its partnership, district and sender loaded, if it still works."""
    query = select(Invitation).where(
        Invitation.token_digest == tokens.digest(token),
        Invitation.used_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.expires_at > now,
    )
    return session.scalars(query.options(*_INVITED)).one_or_none()


def invitations(session: Session, partnership_id: int) -> Sequence[Invitation]:
    """Return the invitations of a partnership that nobody used yet, the latest first, those that ended too."""
    query = (
        select(Invitation)
        .where(
            Invitation.partnership_id == partnership_id,
            Invitation.used_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .order_by(Invitation.created_at.desc(), Invitation.id.desc())
    )
    return session.scalars(query.options(*_INVITED)).all()


def one_invitation(session: Session, partnership_id: int, invitation_id: int) -> Invitation | None:
    """Return one of a partnership's invitations that nobody used yet."""
    query = select(Invitation).where(
        Invitation.id == invitation_id,
        Invitation.partnership_id == partnership_id,
        Invitation.used_at.is_(None),
        Invitation.withdrawn_at.is_(None),
    )
    return session.scalars(query.options(*_INVITED)).one_or_none()


def reset(session: Session, token: str, now: datetime) -> PasswordReset | None:
    """Return what a link to a new password is for, its person loaded, if it still works."""
    query = select(PasswordReset).where(
        PasswordReset.token_digest == tokens.digest(token),
        PasswordReset.used_at.is_(None),
        PasswordReset.expires_at > now,
    )
    found = session.scalars(query.options(joinedload(PasswordReset.person))).one_or_none()
    return None if found is None or found.person.departed_at is not None else found


def browsers(session: Session, person_id: int) -> Sequence[SignIn]:
    """Return where a person is signed in, the latest first."""
    query = select(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    return session.scalars(query.order_by(SignIn.seen_at.desc(), SignIn.id.desc()).options(raiseload("*"))).all()


def letters(session: Session, partnership_id: int, limit: int = LETTERS) -> list[tuple[Letter, bool]]:
    """Return the latest letters of a partnership, each with whether its managers may read it.

    They may read what invites somebody to this partnership. They are told of links to a new password, which let whoever
    reads them be somebody else, and of nothing besides: not of what another partnership writes to the same people.
    """
    theirs = (
        select(Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.partnership_id == partnership_id)
    )
    invited = select(Invitation.email).where(Invitation.partnership_id == partnership_id)
    query = select(Letter).where(func.lower(Letter.recipient).in_(theirs.union(invited)))
    found = session.scalars(query.order_by(Letter.written_at.desc(), Letter.id.desc()).limit(limit)).all()
    held = {letter.id: _digests(letter) for letter in found}
    every = sorted({digest for digests in held.values() for digest in digests})
    joining = select(Invitation.token_digest).where(
        Invitation.partnership_id == partnership_id, Invitation.token_digest.in_(every)
    )
    resetting = (
        select(PasswordReset.token_digest)
        .join(Membership, Membership.person_id == PasswordReset.person_id)
        .where(Membership.partnership_id == partnership_id, PasswordReset.token_digest.in_(every))
    )
    open_to_managers, closed = set(session.scalars(joining)), set(session.scalars(resetting))
    told = []
    for letter in found:
        digests = held[letter.id]
        # every link, not any: a manager can give somebody a name that is a link to join
        if digests and digests <= open_to_managers:
            told.append((letter, True))
        elif digests & closed:
            told.append((letter, False))
    return told


def _digests(letter: Letter) -> set[str]:
    """Return the digests of what the links of a letter end in."""
    return {tokens.digest(link.rpartition("/")[2]) for link in _LINK.findall(letter.text)}
