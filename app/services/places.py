"""Founding partnerships, and keeping their districts, strands and terms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from app.lib import cds
from app.models import District, Membership, Partnership, PartnershipDistrict, Strand, StrandTerm
from app.models.partnership import COLOURS, OrganizationKind
from app.models.person import Role
from app.models.strand import Degree
from app.policy import require_care
from app.services import accounts, people
from app.work import Work

OFFICE = "Partnership office"  # where a first manager works until somebody says more


@dataclass(frozen=True, slots=True)
class About:
    """What a partnership says about itself; ``notice`` is a quiet line on every page."""

    name: str
    purpose: str = ""
    began_on: date | None = None
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Organization:
    """A district, a county office or a documenter, as a form or a file describes it."""

    name: str
    short_name: str
    cds_code: str = ""
    kind: str = OrganizationKind.DISTRICT
    colour: int | None = None  # None: the next that is free
    about: str = ""


@dataclass(frozen=True, slots=True)
class LineOfWork:
    """A strand, as a form or a file describes it."""

    name: str
    purpose: str = ""
    degree: str = Degree.PARALLEL
    colour: int | None = None  # None: the next that is free
    icon: str = "waypoints"
    position: int | None = None  # None: last


@dataclass(frozen=True, slots=True)
class Term:
    """Somebody's time on a strand, for one district."""

    district_id: int
    is_lead: bool
    starts_on: date
    ends_on: date | None = None


def found(work: Work, about: About) -> Partnership:
    """Create a partnership with nothing and nobody in it: a command on the machine does that.

    Raises:
        ValueError: if there is one of that name; the message is for people.
    """
    _check_name(work, about.name)
    partnership = Partnership(created_at=work.now)
    _tell(partnership, about)
    work.session.add(partnership)
    work.session.flush()
    work.record("partnership.created", f"partnership:{partnership.id}", partnership_id=partnership.id)
    return partnership


def found_with_manager(work: Work, name: str, *, email: str, password: str, manager: str = "") -> Partnership:
    """Create a partnership with its first manager, who will add the districts in the browser.

    Raises:
        ValueError: if the name or address is taken, or the password too easy; the message is for people.
    """
    partnership = found(work, About(name))
    office = add_district(work, partnership, Organization(OFFICE, "Office", kind=OrganizationKind.COUNTY_OFFICE))
    person = people.add(work, email, people.Profile(manager or email.partition("@")[0]))
    people.join(work, person, partnership.id, people.Part(office.id, Role.MANAGER))
    accounts.set_password(work, person, password)
    return partnership


def change_partnership(work: Work, partnership: Partnership, about: About) -> None:
    """Change what a partnership says about itself.

    Raises:
        Denied: if the actor does not manage it.
        ValueError: if another has that name; the message is for people.
    """
    require_care(work.actor, partnership.id)
    if about.name.strip() != partnership.name:
        _check_name(work, about.name)
    _tell(partnership, about)
    work.record("partnership.changed", f"partnership:{partnership.id}", partnership_id=partnership.id)


def add_district(work: Work, partnership: Partnership, given: Organization) -> District:
    """Add a district to a partnership. One that Braid knows already, by its CDS code, joins as it is.

    Raises:
        Denied: if the actor does not manage the partnership.
        ValueError: if the code is none, or the district is in the partnership already; the message is for people.
    """
    require_care(work.actor, partnership.id)
    code = cds.district_part(given.cds_code) if given.cds_code.strip() else None
    district = work.session.scalar(select(District).where(District.cds_code == code)) if code else None
    if district is None:
        district = District(colour=given.colour or _next_colour(work, partnership.id))
        _name(district, given, code)
        work.session.add(district)
        work.session.flush()
    elif work.session.get(PartnershipDistrict, (partnership.id, district.id)) is not None:
        msg = f"{district.name} has this CDS code and is in the partnership already."
        raise ValueError(msg)
    work.session.add(PartnershipDistrict(partnership_id=partnership.id, district_id=district.id))
    work.session.flush()
    work.record("district.added", f"district:{district.id}", partnership_id=partnership.id)
    return district


def change_district(work: Work, partnership_id: int, district: District, given: Organization) -> None:
    """Change what we know about a district.

    Raises:
        Denied: if the actor does not manage the partnership.
        ValueError: if the code is none, or another district's; the message is for people.
    """
    require_care(work.actor, partnership_id)
    code = cds.district_part(given.cds_code) if given.cds_code.strip() else None
    other = work.session.scalar(select(District).where(District.cds_code == code)) if code else None
    if other is not None and other.id != district.id:
        msg = f"{other.name} has this CDS code. Check it."
        raise ValueError(msg)
    _name(district, given, code)
    district.colour = given.colour or district.colour
    work.record("district.changed", f"district:{district.id}", partnership_id=partnership_id)


def add_strand(work: Work, partnership: Partnership, given: LineOfWork) -> Strand:
    """Add a strand.

    Raises:
        Denied: if the actor does not manage the partnership.
        ValueError: if there is one of that name; the message is for people.
    """
    require_care(work.actor, partnership.id)
    _check_strand_name(work, partnership.id, given.name)
    count = work.session.scalar(select(func.count()).where(Strand.partnership_id == partnership.id)) or 0
    strand = Strand(
        partnership_id=partnership.id,
        colour=given.colour or count % COLOURS + 1,
        position=count if given.position is None else given.position,
    )
    _draw(strand, given)
    work.session.add(strand)
    work.session.flush()
    work.record("strand.added", f"strand:{strand.id}", partnership_id=partnership.id)
    return strand


def change_strand(work: Work, strand: Strand, given: LineOfWork) -> None:
    """Change what a strand is.

    Raises:
        Denied: if the actor does not manage its partnership.
        ValueError: if another has that name; the message is for people.
    """
    require_care(work.actor, strand.partnership_id)
    if given.name.strip() != strand.name:
        _check_strand_name(work, strand.partnership_id, given.name)
    _draw(strand, given)
    strand.colour = given.colour or strand.colour
    strand.position = strand.position if given.position is None else given.position
    work.record("strand.changed", f"strand:{strand.id}", partnership_id=strand.partnership_id)


def close_strand(work: Work, strand: Strand) -> None:
    """Close a strand: it leaves the navigation, and everything written in it stays.

    Raises:
        Denied: if the actor does not manage its partnership.
    """
    require_care(work.actor, strand.partnership_id)
    if strand.closed_at is None:
        strand.closed_at = work.now
        work.record("strand.closed", f"strand:{strand.id}", partnership_id=strand.partnership_id)


def reopen_strand(work: Work, strand: Strand) -> None:
    """Open a strand again.

    Raises:
        Denied: if the actor does not manage its partnership.
    """
    require_care(work.actor, strand.partnership_id)
    if strand.closed_at is not None:
        strand.closed_at = None
        work.record("strand.reopened", f"strand:{strand.id}", partnership_id=strand.partnership_id)


def add_term(work: Work, strand: Strand, person_id: int, term: Term) -> StrandTerm:
    """Give somebody of the partnership a time on a strand.

    Raises:
        Denied: if the actor does not manage the partnership.
        ValueError: if they are not in it, or the term makes no sense; the message is for people.
    """
    require_care(work.actor, strand.partnership_id)
    part = select(Membership.id).where(
        Membership.person_id == person_id, Membership.partnership_id == strand.partnership_id
    )
    if work.session.scalar(part) is None:
        msg = "Choose somebody of this partnership."
        raise ValueError(msg)
    _check_term(work, strand.partnership_id, term)
    return begin_term(work, strand.id, person_id, term)


def change_term(work: Work, strand: Strand, row: StrandTerm, term: Term) -> None:
    """Change a term, or end it.

    Raises:
        Denied: if the actor does not manage the partnership.
        ValueError: if the term makes no sense; the message is for people.
    """
    require_care(work.actor, strand.partnership_id)
    _check_term(work, strand.partnership_id, term)
    row.district_id, row.is_lead = term.district_id, term.is_lead
    row.starts_on, row.ends_on = term.starts_on, term.ends_on
    work.record(
        "term.changed", f"strand:{strand.id}", partnership_id=strand.partnership_id, term=row.id, person=row.person_id
    )


def begin_term(work: Work, strand_id: int, person_id: int, term: Term) -> StrandTerm:
    """Write a term down. The caller has asked who may."""
    strand = work.session.get_one(Strand, strand_id)
    row = StrandTerm(
        strand_id=strand_id,
        person_id=person_id,
        district_id=term.district_id,
        is_lead=term.is_lead,
        starts_on=term.starts_on,
        ends_on=term.ends_on,
    )
    work.session.add(row)
    work.session.flush()
    work.record(
        "term.added", f"strand:{strand_id}", partnership_id=strand.partnership_id, term=row.id, person=person_id
    )
    return row


def check_strands(work: Work, partnership_id: int, strand_ids: Sequence[int]) -> None:
    """Refuse strands of other partnerships.

    Raises:
        ValueError: with a sentence for people.
    """
    known = set(work.session.scalars(select(Strand.id).where(Strand.partnership_id == partnership_id)))
    if not set(strand_ids) <= known:
        msg = "Choose strands of this partnership."
        raise ValueError(msg)


def _check_term(work: Work, partnership_id: int, term: Term) -> None:
    if work.session.get(PartnershipDistrict, (partnership_id, term.district_id)) is None:
        msg = "Choose a district of this partnership."
        raise ValueError(msg)
    if term.ends_on is not None and term.ends_on < term.starts_on:
        msg = "A term cannot end before it begins. Check the two days."
        raise ValueError(msg)


def _check_name(work: Work, name: str) -> None:
    if work.session.scalar(select(Partnership.id).where(Partnership.name == name.strip())) is not None:
        msg = f"There is a partnership called “{name.strip()}” already. Choose another name."
        raise ValueError(msg)


def _check_strand_name(work: Work, partnership_id: int, name: str) -> None:
    same = select(Strand.id).where(Strand.partnership_id == partnership_id, Strand.name == name.strip())
    if work.session.scalar(same) is not None:
        msg = f"There is a strand called “{name.strip()}” already, perhaps a closed one."
        raise ValueError(msg)


def _next_colour(work: Work, partnership_id: int) -> int:
    count = select(func.count()).where(PartnershipDistrict.partnership_id == partnership_id)
    return (work.session.scalar(count) or 0) % COLOURS + 1


def _tell(partnership: Partnership, about: About) -> None:
    partnership.name, partnership.purpose = about.name.strip(), about.purpose.strip()
    partnership.began_on, partnership.notice = about.began_on, about.notice.strip()


def _name(district: District, given: Organization, code: str | None) -> None:
    district.name, district.short_name = given.name.strip(), given.short_name.strip()
    district.kind, district.cds_code, district.about = given.kind, code, given.about.strip()


def _draw(strand: Strand, given: LineOfWork) -> None:
    strand.name, strand.purpose = given.name.strip(), given.purpose.strip()
    strand.degree, strand.icon = given.degree, given.icon
