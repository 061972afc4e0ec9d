"""What people looked for: past searches, saved ones, what came of them, what nobody found, and the field's words."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.post import Post
from app.models.types import UtcDateTime


class PastSearch(Base):
    """Words somebody searched for; only they ever see them again."""

    __tablename__ = "past_search"
    __table_args__ = (UniqueConstraint("person_id", "words"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    words: Mapped[str] = mapped_column(String(200))
    searched_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SavedSearch(Base):
    """A question under a name: followed, it tells of what is new; with a token, a feed reader may ask it too."""

    __tablename__ = "saved_search"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    address: Mapped[str]  # what stands after the question mark of its results
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    followed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    known: Mapped[list[int]] = mapped_column(JSON, default=list, deferred=True)  # posts that are no news any more
    token_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_followed(self) -> bool:
        """Whether its owner is told of new matches."""
        return self.followed_at is not None

    @property
    def has_feed(self) -> bool:
        """Whether a feed reader may ask it."""
        return self.token_digest is not None


class InboxItem(Base):
    """Something a person should know: a post that a search they follow has found."""

    __tablename__ = "inbox_item"
    __table_args__ = (
        UniqueConstraint("person_id", "saved_search_id", "post_id"),
        Index(None, "person_id", "read_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    saved_search_id: Mapped[int] = mapped_column(ForeignKey("saved_search.id", ondelete="CASCADE"), index=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    saved_search: Mapped[SavedSearch] = relationship(lazy="raise")
    post: Mapped[Post] = relationship(lazy="raise")


class UnfoundSearch(Base):
    """Words that found nothing when somebody searched for them. Who is kept only to count different people."""

    __tablename__ = "unfound_search"
    __table_args__ = (UniqueConstraint("partnership_id", "words", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id", ondelete="CASCADE"))
    words: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    searched_at: Mapped[datetime] = mapped_column(UtcDateTime)


class VocabularySet(Base):
    """Words that mean the same in a partnership: its own, or what it made of a set that Braid brings."""

    __tablename__ = "vocabulary_set"
    __table_args__ = (UniqueConstraint("partnership_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(60))
    words: Mapped[list[str]] = mapped_column(JSON)
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
