"""People and their parts in partnerships. Nobody is deleted, only departed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, or_, select, update

from app.lib import emails, times
from app.models import Membership, Partnership, PartnershipDistrict, Person, Strand, StrandTerm
from app.models.person import Role
from app.policy import Denied, require_care
from app.services import accounts
from app.work import Work

ROLES = {
    Role.MANAGER: "Manager",
    Role.STRAND_LEAD: "Strand lead",
    Role.MEMBER: "Member",
    Role.OBSERVER: "Observer",
}
HOME_ZONE = "America/Los_Angeles"


@dataclass(frozen=True, slots=True)
class Part:
    """What somebody is in a partnership, from a day (today, if none is given) to a day."""

    district_id: int
    role: str
    is_data_office: bool = False
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """What people say about themselves."""

    name: str
    title: str = ""
    expertise: str = ""
    time_zone: str = HOME_ZONE


def add(work: Work, email: str, profile: Profile) -> Person:
    """Make an account that has no password and no part in anything yet.

    Raises:
        ValueError: if the address is none, or taken; the message is for people.
    """
    address = emails.normalise(email)
    if work.session.scalar(select(Person.id).where(Person.email == address)) is not None:
        msg = f"Somebody has the address {address} already."
        raise ValueError(msg)
    person = Person(email=address, created_at=work.now)
    _describe(person, profile)
    work.session.add(person)
    work.session.flush()
    return person


def join(work: Work, person: Person, partnership_id: int, part: Part) -> Membership:
    """Give ``person`` a part in a partnership, or a new one after the last has ended. The caller has asked who may.

    Raises:
        ValueError: if the part makes no sense; the message is for people.
    """
    check(work, partnership_id, part)
    membership = work.session.scalar(
        select(Membership).where(Membership.person_id == person.id, Membership.partnership_id == partnership_id)
    )
    if membership is None:
        membership = Membership(person_id=person.id, partnership_id=partnership_id)
        work.session.add(membership)
    _take(membership, part, work.now.date())
    work.session.flush()
    work.record("person.joined", _thing(person.id), partnership_id=partnership_id, role=part.role)
    return membership


def change_membership(work: Work, membership: Membership, part: Part) -> None:
    """Change what somebody is in a partnership.

    Raises:
        Denied: if the actor does not manage it.
        ValueError: if the part makes no sense, or nobody would manage the partnership; the message is for people.
    """
    require_care(work.actor, membership.partnership_id)
    check(work, membership.partnership_id, part)
    before = _said(membership)
    managed = membership.role == Role.MANAGER
    _take(membership, part, membership.starts_on)
    after = _said(membership)
    if before == after:
        return
    if managed:
        _keep_a_manager(work, membership.partnership_id)
    work.record(
        "membership.changed",
        _thing(membership.person_id),
        partnership_id=membership.partnership_id,
        before={name: before[name] for name in before if before[name] != after[name]},
        after={name: after[name] for name in after if before[name] != after[name]},
    )


def change_profile(work: Work, person: Person, profile: Profile) -> None:
    """Change what somebody says about themselves.

    Raises:
        Denied: if the actor is somebody else.
        ValueError: if we do not know the time zone; the message is for people.
    """
    if work.actor.person_id != person.id and not work.actor.is_operator:
        msg = f"Only {person.name} can change this profile."
        raise Denied(msg)
    if not times.is_zone(profile.time_zone):
        msg = "Choose a time zone from the list."
        raise ValueError(msg)
    _describe(person, profile)
    if work.session.is_modified(person):
        work.record("person.changed", _thing(person.id), partnership_id=work.actor.partnership_id)


def rename(work: Work, membership: Membership, name: str, title: str) -> None:
    """Put the name and title of somebody of a partnership right, as its manager. Its person is loaded.

    Raises:
        Denied: if the actor does not manage the partnership.
    """
    require_care(work.actor, membership.partnership_id)
    person = membership.person
    before = {"name": person.name, "title": person.title}
    person.name, person.title = " ".join(name.split()), " ".join(title.split())
    after = {"name": person.name, "title": person.title}
    if before != after:
        work.record(
            "person.renamed",
            _thing(person.id),
            partnership_id=membership.partnership_id,
            before={word: before[word] for word in before if before[word] != after[word]},
            after={word: after[word] for word in after if before[word] != after[word]},
        )


def depart(
    work: Work, partnership_id: int, person: Person, *, successor_id: int | None = None, at: datetime | None = None
) -> None:
    """Say that somebody has left, and who to ask instead. Their sessions end at once; what they wrote stays theirs.

    Somebody who is also in another partnership stays there: only their part in this one ends.

    Args:
        work: of a manager, or of a command on the machine.
        partnership_id: where they leave.
        person: who leaves.
        successor_id: who took over, if anyone did.
        at: when it was, if not now.

    Raises:
        Denied: if the actor does not manage the partnership.
        ValueError: if nobody would manage it, or the successor is not in it; the message is for people.
    """
    require_care(work.actor, partnership_id)
    _check_successor(work, partnership_id, person, successor_id)
    left = at or work.now
    managed = _manages(work, partnership_id, person)
    person.successor_id = successor_id
    if _is_elsewhere(work, partnership_id, person):
        _end_membership(work, partnership_id, person, left.date())
    else:
        person.departed_at = left
        accounts.end_sessions(work, person.id)
    _end_terms(work, partnership_id, person, left.date())
    if managed:
        _keep_a_manager(work, partnership_id)
    work.record("person.departed", _thing(person.id), partnership_id=partnership_id, successor=successor_id)


def bring_back(work: Work, partnership_id: int, person: Person) -> None:
    """Let somebody in again who had departed, with the part they had; terms on strands are given anew.

    Raises:
        Denied: if the actor does not manage the partnership.
    """
    require_care(work.actor, partnership_id)
    person.departed_at, person.successor_id = None, None
    work.session.execute(
        update(Membership)
        .where(
            Membership.person_id == person.id,
            Membership.partnership_id == partnership_id,
            Membership.role != Role.OBSERVER,
            Membership.ends_on < work.now.date(),
        )
        .values(ends_on=None)
    )
    work.record("person.returned", _thing(person.id), partnership_id=partnership_id)


def check(work: Work, partnership_id: int, part: Part) -> None:
    """Refuse a part that makes no sense.

    Raises:
        ValueError: with a sentence for people.
    """
    if part.role not in ROLES:
        msg = f"There is no role called “{part.role}”. Use one of: {', '.join(ROLES)}."
        raise ValueError(msg)
    if work.session.get(PartnershipDistrict, (partnership_id, part.district_id)) is None:
        msg = "Choose a district of this partnership."
        raise ValueError(msg)
    if part.role == Role.OBSERVER and part.ends_on is None:
        msg = "Observers read until a day. Choose the day it ends."
        raise ValueError(msg)
    if part.role == Role.OBSERVER and part.is_data_office:
        msg = "Observers only read, so they cannot be a data office too."
        raise ValueError(msg)
    starts_on = part.starts_on or work.now.date()
    if part.ends_on is not None and part.ends_on < starts_on:
        msg = f"It cannot end before it begins, on {times.day(starts_on)}."
        raise ValueError(msg)


def _keep_a_manager(work: Work, partnership_id: int) -> None:
    """Refuse a change, already written, that would leave a partnership to nobody.

    Written first and counted then, so that two managers who remove each other at the same moment cannot both
    succeed: the second sees what the first did.
    """
    work.session.flush()
    if work.session.get_bind().dialect.name == "postgresql":
        work.session.execute(select(Partnership.id).where(Partnership.id == partnership_id).with_for_update())
    today = work.now.date()
    left = select(func.count()).where(
        Membership.partnership_id == partnership_id,
        Membership.role == Role.MANAGER,
        Membership.starts_on <= today,
        Membership.ends_on.is_(None),
        Membership.person_id == Person.id,
        Person.departed_at.is_(None),
    )
    if not work.session.scalar(left):
        msg = "Somebody has to manage the partnership, without an end. Make another person a manager first."
        raise ValueError(msg)


def _check_successor(work: Work, partnership_id: int, person: Person, successor_id: int | None) -> None:
    if successor_id is None:
        return
    in_it = select(Membership.id).where(
        Membership.partnership_id == partnership_id, Membership.person_id == successor_id
    )
    if successor_id == person.id or work.session.scalar(in_it) is None:
        msg = "Choose somebody else of this partnership as the successor."
        raise ValueError(msg)


def _manages(work: Work, partnership_id: int, person: Person) -> bool:
    role = select(Membership.role).where(Membership.person_id == person.id, Membership.partnership_id == partnership_id)
    return work.session.scalar(role) == Role.MANAGER


def _is_elsewhere(work: Work, partnership_id: int, person: Person) -> bool:
    others = work.session.scalars(
        select(Membership).where(Membership.person_id == person.id, Membership.partnership_id != partnership_id)
    )
    return any(membership.is_current(work.now.date()) for membership in others)


def _end_membership(work: Work, partnership_id: int, person: Person, left: date) -> None:
    """End a part so that it gives nothing from today on: its last day was yesterday."""
    membership = work.session.scalars(
        select(Membership).where(Membership.person_id == person.id, Membership.partnership_id == partnership_id)
    ).one()
    last = left - timedelta(days=1)
    membership.starts_on = min(membership.starts_on, last)
    membership.ends_on = last


def _end_terms(work: Work, partnership_id: int, person: Person, left: date) -> None:
    here = (
        StrandTerm.person_id == person.id,
        StrandTerm.strand_id.in_(select(Strand.id).where(Strand.partnership_id == partnership_id)),
    )
    work.session.execute(delete(StrandTerm).where(*here, StrandTerm.starts_on > left))
    work.session.execute(
        update(StrandTerm)
        .where(*here, or_(StrandTerm.ends_on.is_(None), StrandTerm.ends_on > left))
        .values(ends_on=left)
    )


def _describe(person: Person, profile: Profile) -> None:
    person.name = " ".join(profile.name.split())
    person.title = " ".join(profile.title.split())
    person.expertise = profile.expertise.strip()
    person.time_zone = profile.time_zone


def _take(membership: Membership, part: Part, since: date) -> None:
    membership.district_id = part.district_id
    membership.role = part.role
    membership.is_data_office = part.is_data_office
    membership.starts_on = part.starts_on or since
    membership.ends_on = part.ends_on


def _said(membership: Membership) -> dict[str, str | int | bool | None]:
    return {
        "role": str(membership.role),
        "district": membership.district_id,
        "data office": membership.is_data_office,
        "from": membership.starts_on.isoformat(),
        "to": membership.ends_on.isoformat() if membership.ends_on else None,
    }


def _thing(person_id: int) -> str:
    return f"person:{person_id}"
