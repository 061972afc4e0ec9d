"""Annotations: what the data office says on every chart that shows a certain day."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.indicator import Indicator
from app.models.partnership import District
from app.models.person import Person
from app.models.types import UtcDateTime


class Annotation(Base):
    """A mark with words at a day, or over some time: of one indicator or all, of one district or all."""

    __tablename__ = "annotation"
    __table_args__ = (CheckConstraint("ends_on is null or ends_on >= starts_on", name="dates"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id", ondelete="CASCADE"), index=True)
    indicator_id: Mapped[int | None] = mapped_column(ForeignKey("indicator.id", ondelete="CASCADE"))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    words: Mapped[str] = mapped_column(String(48))  # what stands on the chart
    explanation: Mapped[str] = mapped_column(default="")
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    indicator: Mapped[Indicator | None] = relationship(lazy="raise")
    district: Mapped[District | None] = relationship(lazy="raise")
    written_by: Mapped[Person] = relationship(lazy="raise")
