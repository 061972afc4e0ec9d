"""Goals of a partnership: an indicator for a group of students, with the value each district means to reach."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.indicator import Indicator, StudentGroup
from app.models.partnership import District
from app.models.person import Person
from app.models.strand import Strand
from app.models.types import Exact, UtcDateTime


class Goal(Base):
    """What the partnership means to reach, for whom."""

    __tablename__ = "goal"

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(120))
    why: Mapped[str] = mapped_column(default="")
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), index=True)
    group_code: Mapped[str] = mapped_column(ForeignKey("student_group.code"), default="all")
    strand_id: Mapped[int | None] = mapped_column(ForeignKey("strand.id"))
    set_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    indicator: Mapped[Indicator] = relationship(lazy="raise")
    group: Mapped[StudentGroup] = relationship(lazy="raise")
    strand: Mapped[Strand | None] = relationship(lazy="raise")
    set_by: Mapped[Person] = relationship(lazy="raise")
    targets: Mapped[list["Target"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Target.school_year, Target.district_id"
    )


class Target(Base):
    """The value agreed for one district and school year."""

    __tablename__ = "target"
    __table_args__ = (UniqueConstraint("goal_id", "district_id", "school_year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"))
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    school_year: Mapped[int]
    value: Mapped[Decimal] = mapped_column(Exact)

    district: Mapped[District] = relationship(lazy="raise")
