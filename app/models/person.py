"""People and the roles they hold."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.partnership import District, Partnership
from app.models.types import UtcDateTime, one_of


class Role(StrEnum):
    """What someone is in a partnership."""

    MANAGER = "manager"
    STRAND_LEAD = "strand_lead"
    MEMBER = "member"
    OBSERVER = "observer"  # reads only, until a date


class Person(Base):
    """Someone who signs in. Never deleted, only departed: what they wrote keeps its author."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(160), default="")
    expertise: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str] = mapped_column(String(60), default="America/Los_Angeles")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    home_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # until 0009; a later migration drops it
    departed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    successor: Mapped["Person | None"] = relationship(remote_side=id, lazy="raise")
    memberships: Mapped[list["Membership"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", back_populates="person"
    )


class Membership(Base):
    """One person's part in one partnership, for one organization, from a day to a day."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("person_id", "partnership_id"),
        one_of("role", Role),
        CheckConstraint("ends_on is null or ends_on >= starts_on", name="dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id", ondelete="CASCADE"), index=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    role: Mapped[str] = mapped_column(String(12))
    is_data_office: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    home_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(lazy="raise", back_populates="memberships")
    partnership: Mapped[Partnership] = relationship(lazy="raise")
    district: Mapped[District] = relationship(lazy="raise")

    def is_current(self, day: date) -> bool:
        """Whether it holds on ``day``."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
