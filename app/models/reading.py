"""Readings: which posts somebody opened, and when last."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base
from app.models.types import UtcDateTime


class Reading(Base):
    """Somebody opened a post. One row for both, with the last time; only the reader sees their own rows."""

    __tablename__ = "reading"
    __table_args__ = (Index(None, "person_id", "read_at"), Index(None, "read_at", "post_id"))

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, index=True)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)
