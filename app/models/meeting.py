"""Meeting notes: who met, what was decided, and who owes what to whom."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.partnership import District
from app.models.person import Person
from app.models.post import Post
from app.models.types import one_of


class MeetingKind(StrEnum):
    """What sort of meeting it was."""

    STRAND_CALL = "strand-call"
    CABINET = "cabinet"
    SITE_VISIT = "site-visit"
    DATA_REVIEW = "data-review"


class CommitmentState(StrEnum):
    """How a commitment stands."""

    OPEN = "open"
    LATE = "late"
    BLOCKED = "blocked"
    DONE = "done"
    DROPPED = "dropped"


CLOSED = (CommitmentState.DONE, CommitmentState.DROPPED)


class MeetingNote(Post):
    """What a meeting said, decided and promised."""

    __tablename__ = "meeting_note"
    __table_args__ = (one_of("meeting_kind", MeetingKind),)
    __mapper_args__ = {
        "polymorphic_identity": "meeting-note",
        "polymorphic_load": "inline",
    }

    id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    meeting_kind: Mapped[str] = mapped_column(String(12), default=MeetingKind.STRAND_CALL)
    met_on: Mapped[date] = mapped_column(index=True)
    agenda: Mapped[str] = mapped_column(default="")
    host: Mapped[str] = mapped_column(String(200), default="")
    focus: Mapped[str] = mapped_column(default="")
    look_fors: Mapped[str] = mapped_column(default="")
    take_aways: Mapped[str] = mapped_column(default="")

    attendees: Mapped[list["Attendee"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Attendee.position"
    )
    decisions: Mapped[list["Decision"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Decision.position"
    )
    commitments: Mapped[list["Commitment"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Commitment.position", back_populates="meeting"
    )
    questions: Mapped[list["OpenQuestion"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="OpenQuestion.position"
    )


class Attendee(Base):
    """Someone who was there: a person we know, or words such as “two coaches”."""

    __tablename__ = "attendee"
    __table_args__ = (CheckConstraint("person_id is not null or others != ''", name="someone"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("meeting_note.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    others: Mapped[str] = mapped_column(String(200), default="")

    district: Mapped[District] = relationship(lazy="raise")
    person: Mapped[Person | None] = relationship(lazy="raise")


class Decision(Base):
    """What was decided; it may confirm or reverse an earlier decision."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("meeting_note.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    text: Mapped[str]
    decided_by: Mapped[str] = mapped_column(String(200), default="")
    confirms_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id", ondelete="SET NULL"))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id", ondelete="SET NULL"), index=True)

    meeting: Mapped[MeetingNote] = relationship(lazy="raise", viewonly=True)
    confirms: Mapped["Decision | None"] = relationship(lazy="raise", remote_side=id, foreign_keys=confirms_id)
    reverses: Mapped["Decision | None"] = relationship(lazy="raise", remote_side=id, foreign_keys=reverses_id)


class Commitment(Base):
    """What somebody promised, for their district, to a district, by a day."""

    __tablename__ = "commitment"
    __table_args__ = (one_of("state", CommitmentState), Index(None, "state", "post_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("meeting_note.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    text: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    owed_to_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    due_on: Mapped[date | None] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(8), default=CommitmentState.OPEN)
    closed_on: Mapped[date | None] = mapped_column(index=True)

    meeting: Mapped[MeetingNote] = relationship(lazy="raise", back_populates="commitments")
    owner: Mapped[Person | None] = relationship(lazy="raise")
    district: Mapped[District | None] = relationship(lazy="raise", foreign_keys=district_id)
    owed_to: Mapped[District | None] = relationship(lazy="raise", foreign_keys=owed_to_id)

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is owed."""
        return self.state in CLOSED

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed and it is still owed."""
        return not self.is_closed and self.due_on is not None and self.due_on < today


class OpenQuestion(Base):
    """A question the meeting left open, and its answer when there is one."""

    __tablename__ = "open_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("meeting_note.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    text: Mapped[str]
    answer: Mapped[str] = mapped_column(default="")
