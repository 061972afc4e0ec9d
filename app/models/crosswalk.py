"""The crosswalk: the districts' definitions of one indicator side by side, and whether they may be compared."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.partnership import District
from app.models.person import Person
from app.models.types import UtcDateTime, one_of


class Aspect(StrEnum):
    """What a district may define in its own way."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    POPULATION = "population"
    CRITERIA = "criteria"
    TIMING = "timing"
    SOURCE = "source"


class Comparable(StrEnum):
    """Whether the districts' figures may be compared."""

    YES = "comparable"
    WITH_CARE = "with_care"
    NO = "not_comparable"


class DistrictDefinition(Base):
    """One district's own words about one aspect of an indicator."""

    __tablename__ = "district_definition"
    __table_args__ = (UniqueConstraint("indicator_id", "district_id", "aspect"), one_of("aspect", Aspect))

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id", ondelete="CASCADE"))
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    aspect: Mapped[str] = mapped_column(String(12))
    text: Mapped[str]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    district: Mapped[District] = relationship(lazy="raise")
    written_by: Mapped[Person] = relationship(lazy="raise")


class Comparison(Base):
    """What a data office found, kept: the newest one holds, the earlier ones say what held before."""

    __tablename__ = "comparison"
    __table_args__ = (
        one_of("verdict", Comparable),
        Index("ix_comparison_of", "partnership_id", "indicator_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id", ondelete="CASCADE"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id", ondelete="CASCADE"))
    verdict: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str]
    found_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)

    found_by: Mapped[Person] = relationship(lazy="raise")
