"""Strands: lines of work, with a team in each district."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.partnership import COLOURS, District
from app.models.person import Person
from app.models.types import UtcDateTime, one_of


class Degree(StrEnum):
    """How closely the districts work on a strand."""

    PARALLEL = "parallel"  # the same goal, each its own programme
    EXCHANGE = "exchange"  # one adopts from the other
    JOINT = "joint"  # one programme


class Strand(Base):
    """A line of work that the districts of a partnership share."""

    __tablename__ = "strand"
    __table_args__ = (
        UniqueConstraint("partnership_id", "name"),
        one_of("degree", Degree),
        CheckConstraint(f"colour between 1 and {COLOURS}", name="colour"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(default="")
    degree: Mapped[str] = mapped_column(String(12), default=Degree.PARALLEL)
    colour: Mapped[int] = mapped_column(default=1)
    icon: Mapped[str] = mapped_column(String(40), default="waypoints")
    position: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    terms: Mapped[list["StrandTerm"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="StrandTerm.starts_on, StrandTerm.id"
    )


class StrandTerm(Base):
    """One person's time on a strand for one district, from a day to a day."""

    __tablename__ = "strand_term"
    __table_args__ = (CheckConstraint("ends_on is null or ends_on >= starts_on", name="dates"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    strand_id: Mapped[int] = mapped_column(ForeignKey("strand.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    is_lead: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    strand: Mapped[Strand] = relationship(lazy="raise", overlaps="terms")
    person: Mapped[Person] = relationship(lazy="raise")
    district: Mapped[District] = relationship(lazy="raise")

    def is_current(self, day: date) -> bool:
        """Whether the term runs on ``day``."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
