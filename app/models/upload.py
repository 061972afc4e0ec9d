"""Files of figures on their way in, and how a partnership reads those that Braid does not know."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.indicator import ImportBatch
from app.models.person import Person
from app.models.types import UtcDateTime, one_of


class UploadState(StrEnum):
    """Where a file is on its way in."""

    UNKNOWN = "unknown"  # no mapping fits: somebody has to say what its columns mean
    READING = "reading"
    READ = "read"  # its preview is there
    REFUSED = "refused"  # as a whole; nothing of it is kept
    LOADING = "loading"
    LOADED = "loaded"


class FigureUpload(Base):
    """One file that somebody sent: read, looked at, then loaded or thrown away."""

    __tablename__ = "figure_upload"
    __table_args__ = (one_of("state", UploadState),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    file_name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int]
    folder: Mapped[str] = mapped_column(String(60))  # under the data folder, while it is kept
    mapping: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[str] = mapped_column(String(8))
    problem: Mapped[str] = mapped_column(default="")
    preview: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"))

    person: Mapped[Person] = relationship(lazy="raise")
    batch: Mapped[ImportBatch | None] = relationship(lazy="raise")


class SavedMapping(Base):
    """What the columns of a kind of file mean, as a data office said it."""

    __tablename__ = "figure_mapping"
    __table_args__ = (UniqueConstraint("partnership_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    words: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    changed_by: Mapped[Person] = relationship(lazy="raise")
