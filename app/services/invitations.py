"""Nobody registers: a manager invites, by a link that works once and ends."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy import select, update

from app.lib import emails, passwords, times, tokens
from app.models import Invitation, Membership, Partnership, Person
from app.models.person import Role
from app.policy import Actor, require_care
from app.services import letters, people, places
from app.services.people import Part
from app.work import Work

ENDS = timedelta(days=14)
LANDS_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is invited, as what.

    Attributes:
        email: where the link is sent, and what they will sign in with.
        part: what they will be in the partnership.
        strand_ids: strands they will work on; a strand lead will lead them.
        lands_on: the page they see first, a path of this site.
    """

    email: str
    part: Part
    strand_ids: Sequence[int] = field(default=())
    lands_on: str = "/"


def invite(work: Work, partnership: Partnership, invited: Invited, at: str) -> Invitation:
    """Invite somebody; an earlier invitation of theirs to this partnership works no more.

    Args:
        work: of a manager, or of a command on the machine.
        partnership: what they are invited to.
        invited: who, as what.
        at: the address of this installation, for the link.

    Raises:
        Denied: if the actor does not manage the partnership.
        ValueError: if it cannot be; the message is for people.
    """
    by = require_care(work.actor, partnership.id)
    email = emails.normalise(invited.email)
    people.check(work, partnership.id, invited.part)
    places.check_strands(work, partnership.id, invited.strand_ids)
    _check_is_new(work, partnership, email)
    _withdraw_earlier(work, partnership.id, email)
    invitation = Invitation(
        token_digest="",
        email=email,
        partnership_id=partnership.id,
        district_id=invited.part.district_id,
        role=invited.part.role,
        is_data_office=invited.part.is_data_office,
        strand_ids=sorted(invited.strand_ids),
        ends_on=invited.part.ends_on,
        lands_on=invited.lands_on[:LANDS_LONGEST],
        invited_by_id=by,
        created_at=work.now,
    )
    work.session.add(invitation)
    _send(work, invitation, partnership, at)
    work.record("person.invited", _thing(invitation), partnership_id=partnership.id, role=invitation.role)
    return invitation


def send_again(work: Work, invitation: Invitation, at: str) -> None:
    """Send a fresh link; the one before works no more.

    Raises:
        Denied: if the actor does not manage the partnership.
    """
    require_care(work.actor, invitation.partnership_id)
    _send(work, invitation, work.session.get_one(Partnership, invitation.partnership_id), at)
    work.record("person.invited", _thing(invitation), partnership_id=invitation.partnership_id, again=True)


def withdraw(work: Work, invitation: Invitation) -> None:
    """Make an invitation work no more.

    Raises:
        Denied: if the actor does not manage the partnership.
    """
    require_care(work.actor, invitation.partnership_id)
    invitation.withdrawn_at = work.now
    work.record("invitation.withdrawn", _thing(invitation), partnership_id=invitation.partnership_id)


def join(work: Work, invitation: Invitation, *, name: str, title: str, password: str) -> Person:
    """Make an account for somebody invited who has none yet.

    Raises:
        ValueError: if the password will not do, or the link was used a moment ago; the message is for people.
    """
    wrong = passwords.problems(password, email=invitation.email, name=name)
    if wrong:
        raise ValueError(wrong)
    _use(work, invitation)
    person = people.add(work, invitation.email, people.Profile(name, title))
    person.password_hash = passwords.hash(password)
    _take_part(work, invitation, person)
    return person


def accept(work: Work, invitation: Invitation, person: Person) -> None:
    """Take up an invitation with the account one has already.

    Raises:
        ValueError: if it is for somebody else, or was used a moment ago; the message is for people.
    """
    if person.email != invitation.email:
        msg = f"This invitation is for {invitation.email}. Sign out, and sign in with that address."
        raise ValueError(msg)
    _use(work, invitation)
    _take_part(work, invitation, person)


def _take_part(work: Work, invitation: Invitation, person: Person) -> None:
    part = Part(invitation.district_id, invitation.role, invitation.is_data_office, work.now.date(), invitation.ends_on)
    joined = replace(work, actor=Actor(person.id))
    people.join(joined, person, invitation.partnership_id, part)
    for strand_id in invitation.strand_ids:
        places.begin_term(
            joined,
            strand_id,
            person.id,
            places.Term(part.district_id, part.role == Role.STRAND_LEAD, work.now.date(), part.ends_on),
        )


def _use(work: Work, invitation: Invitation) -> None:
    used = work.session.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.used_at.is_(None), Invitation.withdrawn_at.is_(None))
        .values(used_at=work.now)
        .execution_options(synchronize_session=False)
    )
    if not used.rowcount:  # type: ignore[attr-defined]
        msg = "This invitation was used already. Sign in with the password that was chosen then."
        raise ValueError(msg)
    if invitation.ends_on is not None and invitation.ends_on < work.now.date():
        msg = "The time this invitation was for has passed. Ask whoever invited you for a new one."
        raise ValueError(msg)


def _send(work: Work, invitation: Invitation, partnership: Partnership, at: str) -> None:
    token = tokens.new()
    invitation.token_digest = tokens.digest(token)
    invitation.expires_at = work.now + ENDS
    work.session.flush()
    inviter = work.session.get(Person, invitation.invited_by_id) if invitation.invited_by_id else None
    letters.write(
        work,
        invitation.email,
        f"{inviter.name} invites you to {partnership.name}" if inviter else f"An invitation to {partnership.name}",
        "Hello,\n\n"
        f"{inviter.name + ' invites you' if inviter else 'you are invited'} to {partnership.name} on Braid, "
        "where the districts of the partnership write down what they try and what comes of it.\n\n"
        f"Come in here:\n\n{at}/join/{token}\n\n"
        f"The link is for you alone. It works once, until {times.day(invitation.expires_at.date())}.\n",
    )


def _check_is_new(work: Work, partnership: Partnership, email: str) -> None:
    person = work.session.scalar(select(Person).where(Person.email == email))
    if person is None:
        return
    membership = work.session.scalar(
        select(Membership).where(Membership.person_id == person.id, Membership.partnership_id == partnership.id)
    )
    if membership is None:
        return  # known elsewhere: nothing is said about that
    if person.departed_at is not None:
        msg = f"{person.name} has this address and is marked as departed. Bring them back instead."
        raise ValueError(msg)
    if membership.is_current(work.now.date()):
        msg = f"{person.name} has this address and is in {partnership.name} already."
        raise ValueError(msg)


def _withdraw_earlier(work: Work, partnership_id: int, email: str) -> None:
    work.session.execute(
        update(Invitation)
        .where(
            Invitation.partnership_id == partnership_id,
            Invitation.email == email,
            Invitation.used_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=work.now)
        .execution_options(synchronize_session=False)
    )


def _thing(invitation: Invitation) -> str:
    return f"invitation:{invitation.id}"
