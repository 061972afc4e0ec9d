"""The invented people of the measured partnership, its districts and strands."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.lib import passwords
from app.models import District, Membership, Partnership, PartnershipDistrict, Person, Strand, StrandTerm
from app.models.partnership import COLOURS

PASSWORD = "quiet harbour at noon"  # noqa: S105 - of people who do not exist
BEGAN = date(2008, 9, 1)
FIRST = (
    "Ana Ben Carla Devon Elena Farid Grace Hugo Ines Jamal Keiko Luis Mara Noor Omar Priya Quinn Rosa Sam Tessa Uma "
    "Victor Wen Ximena Yusuf Zoe"
).split()
LAST = (
    "Abara Bautista Castellane Dufresne Etcheverry Fonoti Gallardo Haddad Ibarra Jimenez Kowalski Lindqvist Moreno "
    "Nakamura Okafor Pennacook Quiroz Ramos Serrano Taufalele Uribe Vang Whitfield Xiong Yang Zamora"
).split()
TITLES = ("Coach", "Principal", "Director of Curriculum", "Teacher on Special Assignment", "Data Analyst", "Counselor")
STRANDS = (
    "English learners,Mathematics,Leadership development,College and career readiness,Early literacy,"
    "Attendance and belonging,Special education,Middle grades"
).split(",")
ICONS = ("languages", "sigma", "compass", "graduation-cap")
NAMES = ("Fresno Unified", "Long Beach Unified")
CODES = ("10621660000000", "19647250000000")


@dataclass
class Cast:
    """Who there is, by number: everything that posts need to know of them."""

    partnership_id: int
    districts: list[int]
    strands: list[int]
    writers: dict[int, int] = field(default_factory=dict)  # person: district, of those who write
    teams: dict[int, list[int]] = field(default_factory=dict)  # strand: people
    names: dict[int, str] = field(default_factory=dict)


def make(session: Session, random: Random, *, people: int, districts: int, strands: int, now: datetime) -> Cast:
    """Write the partnership with its people; return who they are."""
    cast = _places(session, districts, strands, now)
    hashed = passwords.hash(PASSWORD)
    memberships, terms = [], []
    for number in range(people):
        name = f"{random.choice(FIRST)} {random.choice(LAST)}"
        district = cast.districts[number % len(cast.districts)]
        person = Person(
            email=f"person{number}@braid.example",
            name=name,
            title=random.choice(TITLES),
            expertise=random.choice(STRANDS).lower(),
            password_hash=hashed,
            created_at=datetime(2008, 9, 1, 12, tzinfo=UTC) + timedelta(days=random.randrange(5000)),
            departed_at=now - timedelta(days=random.randrange(30, 900)) if number > 20 and number % 12 == 0 else None,
        )
        session.add(person)
        session.flush()
        role = _role(number)
        ends = now.date() + timedelta(days=200) if role == "observer" else None
        memberships.append(
            {
                "person_id": person.id,
                "partnership_id": cast.partnership_id,
                "district_id": district,
                "role": role,
                "is_data_office": number % 25 == 2,
                "starts_on": BEGAN,
                "ends_on": ends,
            }
        )
        cast.names[person.id] = name
        if role == "observer":
            continue
        cast.writers[person.id] = district
        if role != "manager":
            terms += _terms(cast, random, person.id, district, is_lead=role == "strand_lead")
    session.execute(insert(Membership), memberships)
    session.execute(insert(StrandTerm), terms)
    session.flush()
    return cast


def _role(number: int) -> str:
    if number in {0, 1}:
        return "manager"
    if number < 2 + 2 * len(STRANDS):
        return "strand_lead"
    return "observer" if number % 15 == 0 else "member"


def _terms(cast: Cast, random: Random, person: int, district: int, *, is_lead: bool) -> list[dict[str, object]]:
    chosen = random.sample(cast.strands, k=min(1 if is_lead else random.choice((0, 1, 1, 2)), len(cast.strands)))
    for strand in chosen:
        cast.teams.setdefault(strand, []).append(person)
    return [
        {
            "strand_id": strand,
            "person_id": person,
            "district_id": district,
            "is_lead": is_lead,
            "starts_on": BEGAN,
            "ends_on": None,
        }
        for strand in chosen
    ]


def _places(session: Session, districts: int, strands: int, now: datetime) -> Cast:
    partnership = Partnership(
        name="Measured Partnership", purpose="To be measured.", began_on=BEGAN, created_at=now, notice="Invented."
    )
    session.add(partnership)
    session.flush()
    made = [_district(number) for number in range(districts)]
    session.add_all(made)
    session.flush()
    session.add_all(PartnershipDistrict(partnership_id=partnership.id, district_id=one.id) for one in made)
    lines = [
        Strand(
            partnership_id=partnership.id,
            name=STRANDS[n % len(STRANDS)] + (f" {n // len(STRANDS) + 1}" if n >= len(STRANDS) else ""),
            purpose="Students get what they need, in both districts.",
            degree=("exchange", "joint", "parallel")[n % 3],
            colour=n % COLOURS + 1,
            icon=ICONS[n % len(ICONS)],
            position=n,
        )
        for n in range(strands)
    ]
    session.add_all(lines)
    session.flush()
    return Cast(partnership.id, [one.id for one in made], [line.id for line in lines])


def _district(number: int) -> District:
    if number < len(NAMES):
        name, code = NAMES[number], CODES[number]
    else:
        name, code = f"District {number + 1} Unified", other_code(number)
    return District(name=name, short_name=name.removesuffix(" Unified"), cds_code=code, colour=number % COLOURS + 1)


def other_code(number: int) -> str:
    """Return a CDS code that no other of our districts has."""
    return f"{number % 58 + 1:02}{50000 + number:05}0000000"
