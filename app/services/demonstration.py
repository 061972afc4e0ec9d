"""The demonstration partnership: two districts with their real public figures, invented people and their posts.

Everything is written with the ordinary services, by its author and at its date, so that history and audit log are
true to it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lib import passwords
from app.models import District, Membership, Partnership, Person, Strand, StrandTerm
from app.models.partnership import OrganizationKind
from app.policy import OPERATOR, Actor
from app.services import definitions, figures, people, places
from app.work import Work

FOLDER = Path(__file__).parent.parent / "demo"
PASSWORD = "braid demonstration 2008"  # noqa: S105 - shown to everybody who starts the demonstration
MORNING = time(16, tzinfo=UTC)  # eight or nine o'clock in California
FRIDAY = 4
OBSERVING = "Documenters of the partnership"

Given = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """What the files say, as they say it. ``posts`` have their text under ``body``."""

    partnership: Given
    groups: list[Given]
    indicators: list[Given]
    posts: list[Given]
    figures: Path


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody to sign in as, and what they are."""

    email: str
    name: str
    what: str


@dataclass
class Stage:
    """The demonstration while it is loaded: what its files call by keys."""

    work: Work
    partnership: Partnership
    districts: dict[str, District] = field(default_factory=dict)
    strands: dict[str, Strand] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    memberships: dict[str, Membership] = field(default_factory=dict)
    terms: list[StrandTerm] = field(default_factory=list)

    def at(self, moment: datetime, key: str | None = None) -> Work:
        """Return a unit of work at a moment, in which somebody acts as what they were that day."""
        now = min(moment, self.work.now)
        if key is None:
            return Work(self.work.session, OPERATOR, now)
        person = self.people[key]
        strands = [(strand.id, self.partnership.id) for strand in self.strands.values()]
        own = [term for term in self.terms if term.person_id == person.id]
        actor = Actor.of(person, [self.memberships[key]], own, strands, now.date(), self.partnership.id)
        return Work(self.work.session, actor, now)


def read(folder: Path = FOLDER) -> Story:
    """Read the files."""
    posts = [_post(page) for page in sorted((folder / "posts").glob("*.md"))]
    return Story(
        _yaml(folder / "partnership.yaml"),
        _yaml(folder / "groups.yaml"),
        _yaml(folder / "indicators.yaml"),
        posts,
        folder / "figures.csv",
    )


def is_here(session: Session) -> bool:
    """Say whether it was loaded before."""
    return session.scalar(select(Partnership.id).where(Partnership.name == called())) is not None


def sign_ins(session: Session) -> list[SignIn]:
    """Return whom to sign in as, or nobody where the demonstration was not loaded."""
    if not is_here(session):
        return []
    shown = [given for given in _yaml(FOLDER / "partnership.yaml")["people"] if given.get("show_sign_in")]
    there = set(session.scalars(select(Person.email).where(Person.departed_at.is_(None))))
    return [SignIn(given["email"], given["name"], _what(given)) for given in shown if given["email"].lower() in there]


@cache
def called() -> str:
    """Return the name of the demonstration partnership."""
    return str(_yaml(FOLDER / "partnership.yaml")["partnership"]["name"])


@cache
def invented() -> frozenset[str]:
    """Return the addresses of the people of the demonstration, who are nobody and all have ``PASSWORD``."""
    return frozenset(one["email"].lower() for one in _yaml(FOLDER / "partnership.yaml")["people"])


def set_the_stage(work: Work, story: Story) -> Stage:
    """Load partnership, districts, strands, people and figures."""
    given = story.partnership
    about = given["partnership"]
    since = Work(work.session, OPERATOR, moment(about["since"]))
    told = places.About(about["name"], about["purpose"], about["since"], given["notice"])
    stage = Stage(work, places.found(since, told))
    _add_districts(since, stage, given)
    for one in given["strands"]:
        line = places.LineOfWork(one["name"], one["purpose"], one["degree"], one["colour"], one["icon"])
        stage.strands[one["key"]] = places.add_strand(since, stage.partnership, line)
    hashed = passwords.hash(PASSWORD)
    for one in sorted(given["people"], key=lambda one: one["from"]):
        _add_person(stage, one, None if one.get("departed") else hashed)
    keeper = next(one["key"] for one in given["people"] if one["data_office"])
    office = stage.at(moment(about["figures_loaded"]), keeper)
    definitions.load(office, story.indicators, story.groups)
    figures.load(office, story.figures)
    return stage


def close_the_stage(stage: Stage, story: Story) -> None:
    """Let those depart who have left, once everything they did is written and there is somebody who manages."""
    managed = min(moment(one["from"]) for one in story.partnership["people"] if one["role"] == "manager")
    for one in story.partnership["people"]:
        if one.get("departed"):
            left = moment(one["departed"])
            heir = stage.people[one["successor"]].id if one.get("successor") else None
            people.depart(
                stage.at(max(left, managed)), stage.partnership.id, stage.people[one["key"]], successor_id=heir, at=left
            )


def moment(day: date) -> datetime:
    """Return a working morning of ``day``."""
    return datetime.combine(day, MORNING)


def halfway(began: datetime, now: datetime) -> datetime:
    """Return a working morning about halfway between two moments, for what goes on; not before it began."""
    day = (began + max(now - began, timedelta(0)) / 2).date()
    return max(began, moment(day - timedelta(days=max(0, day.weekday() - FRIDAY))))


Progress = Callable[[int], None]


def _add_districts(since: Work, stage: Stage, given: Given) -> None:
    for one in given["districts"]:
        organization = places.Organization(one["name"], one["short"], one["cds"], one["kind"], one["colour"])
        stage.districts[one["key"]] = places.add_district(since, stage.partnership, organization)
    if any(one["district"] is None for one in given["people"]):
        observers = places.Organization(OBSERVING, "Documenters", kind=OrganizationKind.DOCUMENTER)
        stage.districts[""] = places.add_district(since, stage.partnership, observers)


def _add_person(stage: Stage, given: Given, hashed: str | None) -> None:
    work = stage.at(moment(given["from"]))
    profile = people.Profile(given["name"], given["title"], ", ".join(given["expertise"]), given["time_zone"])
    person = people.add(work, given["email"], profile)
    person.password_hash = hashed
    home = stage.districts[given["district"] or ""]
    part = people.Part(home.id, given["role"], given["data_office"], given["from"], given["to"])
    stage.people[given["key"]] = person
    stage.memberships[given["key"]] = people.join(work, person, stage.partnership.id, part)
    for one in given["strands"]:
        term = places.Term(home.id, one["role"] == "lead", one["from"], one["to"])
        row = places.add_term(stage.at(moment(one["from"])), stage.strands[one["strand"]], person.id, term)
        stage.terms.append(row)


def _what(given: Given) -> str:
    role = people.ROLES[given["role"]].lower()
    return f"{given['title']} ({'data office' if given['data_office'] else role})"


def _post(page: Path) -> Given:
    _, front, body = page.read_text(encoding="utf-8").split("---\n", 2)
    said: dict[str, Any] = yaml.safe_load(front)
    return said | {"body": body.strip("\n")}


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
