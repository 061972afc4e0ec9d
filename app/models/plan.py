"""Strand plans: what a strand means to achieve in a school year, and why that should work."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.indicator import Indicator, StudentGroup
from app.models.partnership import District
from app.models.person import Person
from app.models.post import Post
from app.models.types import Exact, one_of


class DriverKind(StrEnum):
    """Whether a driver moves the aim itself or another driver."""

    PRIMARY = "primary"
    SECONDARY = "secondary"


class ActionState(StrEnum):
    """How an action stands."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    DONE = "done"
    DROPPED = "dropped"


class StrandPlan(Post):
    """One strand's plan for the school year of its post."""

    __tablename__ = "strand_plan"
    __mapper_args__ = {
        "polymorphic_identity": "strand-plan",
        "polymorphic_load": "inline",
    }

    id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    plan_year: Mapped[int]  # the year in which it starts: 2026 is 2026-27
    plan_problem: Mapped[str] = mapped_column(default="")
    root_causes: Mapped[str] = mapped_column(default="")
    theory_if: Mapped[str] = mapped_column(default="")
    theory_then: Mapped[str] = mapped_column(default="")
    theory_so_that: Mapped[str] = mapped_column(default="")
    reflection: Mapped[str] = mapped_column(default="")

    drivers: Mapped[list["Driver"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Driver.position"
    )
    actions: Mapped[list["PlanAction"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="PlanAction.position"
    )
    measures: Mapped[list["Measure"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Measure.position"
    )


class Driver(Base):
    """Something that has to change for the aim to be reached."""

    __tablename__ = "driver"
    __table_args__ = (one_of("kind", DriverKind),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("strand_plan.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    text: Mapped[str]
    kind: Mapped[str] = mapped_column(String(10), default=DriverKind.PRIMARY)


class PlanAction(Base):
    """What somebody will do, by a day."""

    __tablename__ = "plan_action"
    __table_args__ = (one_of("state", ActionState),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("strand_plan.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    text: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(10), default=ActionState.OPEN)

    owner: Mapped[Person | None] = relationship(lazy="raise")


class Measure(Base):
    """What a plan watches: one indicator for one district and group, from a baseline to a target."""

    __tablename__ = "measure"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("strand_plan.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), index=True)
    group_code: Mapped[str] = mapped_column(ForeignKey("student_group.code"), default="all")
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    baseline_year: Mapped[int | None]
    baseline: Mapped[Decimal | None] = mapped_column(Exact)
    target_year: Mapped[int | None]
    target: Mapped[Decimal | None] = mapped_column(Exact)

    indicator: Mapped[Indicator] = relationship(lazy="raise")
    group: Mapped[StudentGroup] = relationship(lazy="raise")
    district: Mapped[District] = relationship(lazy="raise")
