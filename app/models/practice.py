"""Practices, and each district's trials of them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.partnership import District
from app.models.person import Person
from app.models.post import Post
from app.models.types import UtcDateTime, one_of


class PracticeState(StrEnum):
    """Where a practice is in its life."""

    IDEA = "idea"
    TESTING = "testing"
    ADOPTED = "adopted"
    SPREADING = "spreading"
    RETIRED = "retired"


class Verdict(StrEnum):
    """What a district concluded from its trial."""

    ADOPT = "adopt"
    ADAPT = "adapt"
    ABANDON = "abandon"


class PracticeGroup(Base):
    """A student group that a practice serves."""

    __tablename__ = "practice_group"

    post_id: Mapped[int] = mapped_column(ForeignKey("practice.id", ondelete="CASCADE"), primary_key=True)
    group_code: Mapped[str] = mapped_column(ForeignKey("student_group.code"), primary_key=True)


class PracticeContact(Base):
    """Somebody to ask about a practice."""

    __tablename__ = "practice_contact"

    post_id: Mapped[int] = mapped_column(ForeignKey("practice.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)

    person: Mapped[Person] = relationship(lazy="raise")


class Practice(Post):
    """Something people do, described well enough to be tried elsewhere."""

    __tablename__ = "practice"
    __table_args__ = (
        one_of("state", PracticeState),
        CheckConstraint("state != 'retired' or retired_reason != ''", name="retired_reason"),
    )
    __mapper_args__ = {
        "polymorphic_identity": "practice",
        "polymorphic_load": "inline",
    }

    id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    problem: Mapped[str] = mapped_column(default="")
    serves_grades: Mapped[str] = mapped_column(String(80), default="")
    conditions_time: Mapped[str] = mapped_column(default="")
    conditions_cost: Mapped[str] = mapped_column(default="")
    conditions_training: Mapped[str] = mapped_column(default="")
    core: Mapped[str] = mapped_column(default="")
    may_adapt: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(12), default=PracticeState.IDEA)
    retired_reason: Mapped[str] = mapped_column(default="")
    confirmed_on: Mapped[date | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    confirmed_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=confirmed_by_id)
    serves: Mapped[list[PracticeGroup]] = relationship(lazy="raise", cascade="all, delete-orphan")
    asked: Mapped[list[PracticeContact]] = relationship(lazy="raise", cascade="all, delete-orphan")
    adoptions: Mapped[list["Adoption"]] = relationship(
        lazy="raise",
        cascade="all, delete-orphan",
        order_by="Adoption.starts_on, Adoption.id",
        primaryjoin="and_(Adoption.post_id == Practice.id, Adoption.removed_at.is_(None))",
    )

    student_groups: AssociationProxy[list[str]] = association_proxy(
        "serves", "group_code", creator=lambda code: PracticeGroup(group_code=code)
    )
    contacts: AssociationProxy[list[int]] = association_proxy(
        "asked", "person_id", creator=lambda person_id: PracticeContact(person_id=person_id)
    )


class Adoption(Base):
    """One district's trial of a practice: the record that learning across districts took place."""

    __tablename__ = "adoption"
    __table_args__ = (
        CheckConstraint("ends_on is null or ends_on >= starts_on", name="dates"),
        one_of("verdict", Verdict),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("practice.id", ondelete="CASCADE"), index=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    scale: Mapped[str] = mapped_column(String(200), default="")
    adapted: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(default="")
    verdict: Mapped[str | None] = mapped_column(String(12))
    happened: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    district: Mapped[District] = relationship(lazy="raise")
    recorded_by: Mapped[Person] = relationship(lazy="raise")
