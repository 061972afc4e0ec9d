"""Places: partnerships and the districts that agreed to learn together in them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.types import UtcDateTime, one_of

COLOURS = 8  # marks that the style sheet knows, told apart by icon and word as well


class OrganizationKind(StrEnum):
    """What an organization is."""

    DISTRICT = "district"
    COUNTY_OFFICE = "county_office"
    DOCUMENTER = "documenter"
    SCHOOL = "school"


class District(Base):
    """A local educational agency (or a county office, a documenter, or a school of one), known by its CDS code.

    Those that are in no partnership are only measured: figures have them, people and places do not.
    """

    __tablename__ = "district"
    __table_args__ = (
        one_of("kind", OrganizationKind),
        CheckConstraint(f"colour between 1 and {COLOURS}", name="colour"),
        CheckConstraint("cds_code is null or length(cds_code) = 14", name="cds_code"),
        CheckConstraint("(kind = 'school') = (parent_id is not null)", name="parent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), default=OrganizationKind.DISTRICT)
    name: Mapped[str] = mapped_column(String(120))
    short_name: Mapped[str] = mapped_column(String(40))
    cds_code: Mapped[str | None] = mapped_column(String(14), unique=True)
    colour: Mapped[int] = mapped_column(default=1)
    about: Mapped[str] = mapped_column(default="")
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"), index=True)  # whose school it is


class Partnership(Base):
    """Districts that agreed to learn together."""

    __tablename__ = "partnership"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    purpose: Mapped[str] = mapped_column(default="")
    began_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    notice: Mapped[str] = mapped_column(default="")  # a quiet line on every page, such as what is invented

    districts: Mapped[list[District]] = relationship(
        secondary="partnership_district", order_by=District.name, lazy="raise"
    )


class PartnershipDistrict(Base):
    """One district takes part in one partnership."""

    __tablename__ = "partnership_district"

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id", ondelete="CASCADE"), primary_key=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), primary_key=True)
