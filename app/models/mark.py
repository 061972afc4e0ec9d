"""Marks that change with what they stand for, so that what was made of it can be kept until then."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base

OUTCOMES = "outcomes"


class Mark(Base):
    """A value nobody reads anything into: another one means that something changed.

    ``outcomes`` stands for figures, definitions, annotations and goals, and for partnerships with their districts and
    strands.
    """

    __tablename__ = "mark"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(64))
