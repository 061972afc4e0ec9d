"""The cast: a few people with names, so that tests read like stories."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kinds import KINDS
from app.lib import passwords, tokens
from app.models import (
    DefinitionVersion,
    District,
    Indicator,
    MeetingNote,
    Membership,
    Partnership,
    PartnershipDistrict,
    Person,
    Post,
    Practice,
    SignIn,
    Strand,
    StrandPlan,
    StrandTerm,
    StudentGroup,
)
from app.policy import Actor, Sharing
from app.queries import actors
from app.queries import posts as found
from app.services import posts
from app.work import Work

BEGAN = date(2008, 8, 1)
PASSWORD = "correct horse battery staple"
HASH = passwords.hash(PASSWORD)


@dataclass
class Cast:
    """Who is here.

    Ana leads English learners in Fresno; Ben leads English learners and works on mathematics in Long Beach; Dee
    manages the partnership from Fresno; Cy observes until a day in 2027; Eve works in a district of another
    partnership; Flo is of Long Beach's data office; Gus left, and Ana took over.
    """

    session: Session
    now: datetime
    partnership: Partnership
    other_partnership: Partnership
    fresno: District
    long_beach: District
    learners: Strand
    maths: Strand
    ana: Person
    ben: Person
    cy: Person
    dee: Person
    eve: Person
    flo: Person
    gus: Person
    graduation: Indicator

    @classmethod
    def arrive(cls, session: Session, now: datetime) -> "Cast":
        fresno = District(name="Fresno Unified", short_name="Fresno", cds_code="10621660000000", colour=1)
        long_beach = District(name="Long Beach Unified", short_name="Long Beach", cds_code="19647250000000", colour=2)
        oakland = District(name="Oakland Unified", short_name="Oakland", cds_code="01612590000000", colour=3)
        here = Partnership(name="Fresno–Long Beach", purpose="Learn together.", began_on=BEGAN, created_at=now)
        there = Partnership(name="Bay Partnership", began_on=BEGAN, created_at=now)
        session.add_all([fresno, long_beach, oakland, here, there])
        session.flush()
        session.add_all(
            PartnershipDistrict(partnership_id=place.id, district_id=district.id)
            for place, district in ((here, fresno), (here, long_beach), (there, oakland))
        )
        learners = Strand(
            partnership_id=here.id, name="English learners", degree="exchange", colour=1, icon="languages"
        )
        maths = Strand(partnership_id=here.id, name="Mathematics", colour=2, icon="calculator", position=1)
        session.add_all([learners, maths])
        session.flush()

        def person(name: str, place: Partnership, district: District, role: str, **more: Any) -> Person:
            someone = Person(
                name=f"{name} Example",
                email=f"{name.lower()}@{district.short_name.lower().replace(' ', '')}.example",
                title="Director",
                password_hash=HASH,
                created_at=now,
                departed_at=more.pop("departed_at", None),
            )
            session.add(someone)
            session.flush()
            session.add(
                Membership(
                    person_id=someone.id,
                    partnership_id=place.id,
                    district_id=district.id,
                    role=role,
                    starts_on=BEGAN,
                    **more,
                )
            )
            return someone

        ana = person("Ana", here, fresno, "strand_lead")
        ben = person("Ben", here, long_beach, "strand_lead")
        cy = person("Cy", here, fresno, "observer", ends_on=date(2027, 6, 30))
        dee = person("Dee", here, fresno, "manager")
        eve = person("Eve", there, oakland, "manager")
        flo = person("Flo", here, long_beach, "member", is_data_office=True)
        gus = person("Gus", here, fresno, "member", departed_at=datetime(2024, 6, 30, tzinfo=UTC))
        gus.successor_id = ana.id
        for strand, someone, district, leads in (
            (learners, ana, fresno, True),
            (learners, ben, long_beach, True),
            (maths, ben, long_beach, False),
        ):
            session.add(
                StrandTerm(
                    strand_id=strand.id,
                    person_id=someone.id,
                    district_id=district.id,
                    is_lead=leads,
                    starts_on=BEGAN,
                )
            )
        session.add_all(
            [
                StudentGroup(code="all", name="All students", short="All", kind="all"),
                StudentGroup(code="english_learners", name="English learners", short="EL", kind="programme"),
            ]
        )
        graduation = Indicator(
            code="four_year_graduation_rate",
            name="Four-year graduation rate",
            short="Graduation",
            question="What share of students graduate within four years?",
            unit="percent",
            direction="higher",
            kind="outcome",
            timing="lagging",
            versions=[DefinitionVersion(code="cde", name="State definition", valid_from=2016)],
        )
        session.add(graduation)
        session.commit()
        return cls(
            session, now, here, there, fresno, long_beach, learners, maths, ana, ben, cy, dee, eve, flo, gus, graduation
        )

    def actor(self, person: Person) -> Actor:
        """Return what ``person`` is on the day of the test."""
        return actors.of(self.session, person, self.now.date())

    def work(self, person: Person) -> Work:
        """Return a unit of work in which ``person`` acts; whoever asks commits."""
        return Work(self.session, self.actor(person), self.now)

    def practice(self, by: Person, title: str = "Number talks", *, shared: str = "draft", **more: Any) -> Practice:
        """Write a practice as ``by`` and share it."""
        post = self._write("practice", by, {"title": title, "body": "Who speaks, and who waits?"} | more, shared)
        assert isinstance(post, Practice)
        return post

    def note(self, by: Person, title: str = "October call", *, shared: str = "draft", **more: Any) -> MeetingNote:
        """Write a meeting note as ``by`` and share it."""
        given = {"title": title, "body": "We agreed.", "met_on": "2026-10-05"} | more
        post = self._write("meeting-note", by, given, shared)
        assert isinstance(post, MeetingNote)
        return post

    def plan(self, by: Person, title: str = "Plan for 2026-27", *, shared: str = "draft", **more: Any) -> StrandPlan:
        """Write a strand plan as ``by`` and share it."""
        post = self._write("strand-plan", by, {"title": title, "body": "", "plan_year": 2026} | more, shared)
        assert isinstance(post, StrandPlan)
        return post

    def _write(self, kind: str, by: Person, given: dict[str, Any], shared: str) -> Post:
        work = self.work(by)
        content = posts.new_content(KINDS[kind]) | {"strand_id": self.learners.id} | given
        place = work.actor.partnership_id
        assert place is not None
        post = posts.create(work, KINDS[kind], content, partnership_id=place)
        if shared != "draft":
            posts.share(work, post, Sharing(shared))
        self.session.commit()
        whole = found.one(self.session, self.actor(by), post.id)
        assert whole is not None
        return whole


def sign_in(client: FlaskClient, person: Person, session: Session) -> None:
    """Let ``client`` be ``person``, by a row and a cookie as a real sign-in leaves them."""
    token = tokens.new()
    moment = person.created_at
    session.add(SignIn(token_digest=tokens.digest(token), person_id=person.id, started_at=moment, seen_at=moment))
    session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
