"""A post is anything people write: one core table, one small table per kind."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.indicator import IndicatorLink
from app.models.partnership import District
from app.models.person import Person
from app.models.strand import Strand
from app.models.types import UtcDateTime


class PostAudience(Base):
    """The post is shared with everyone who holds ``label``."""

    __tablename__ = "post_audience"
    __table_args__ = (Index(None, "label", "post_id"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    label: Mapped[str] = mapped_column(String(40), primary_key=True)


class PostTag(Base):
    """One word that people sort posts by, in lower case."""

    __tablename__ = "post_tag"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class PostLink(Base):
    """The text of one post points to another. Read from the text at every save."""

    __tablename__ = "post_link"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    to_post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True, index=True)


class PostMention(Base):
    """The text of a post names a person. Read from the text at every save."""

    __tablename__ = "post_mention"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class Post(Base):
    """What every kind of post has in common.

    ``version`` grows with every change that search can see, sharing included; ``revision`` is the number of the
    latest saved text. A draft has no ``shared_at``.
    """

    __tablename__ = "post"
    __table_args__: Any = (
        UniqueConstraint("partnership_id", "import_key"),
        CheckConstraint("length(title) > 0", name="title"),
        # with trashed_at, so that counting reads no texts
        Index(None, "partnership_id", "shared_at", "id", "trashed_at"),
        Index(None, "strand_id", "shared_at", "id", "trashed_at"),
        Index(None, "partnership_id", "kind", "shared_at", "id", "trashed_at"),
    )
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_abstract": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"))
    strand_id: Mapped[int | None] = mapped_column(ForeignKey("strand.id"))
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), index=True)  # where its author worked
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(default="")
    html: Mapped[str | None] = mapped_column(deferred=True)  # made from body by a job; None until then
    school_year: Mapped[int] = mapped_column(index=True)  # the year in which it starts: 2008 is 2008-09
    version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    shared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    shared_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    trashed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    trashed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    draft_key: Mapped[str | None] = mapped_column(String(64), unique=True)  # so that a form sent twice saves once
    import_key: Mapped[str | None] = mapped_column(String(200))

    author: Mapped[Person] = relationship(lazy="raise", foreign_keys=author_id)
    edited_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=edited_by_id)
    shared_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=shared_by_id)
    trashed_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=trashed_by_id)
    district: Mapped[District] = relationship(lazy="raise")
    strand: Mapped[Strand | None] = relationship(lazy="raise")
    shared_with: Mapped[list[PostAudience]] = relationship(lazy="selectin", cascade="all, delete-orphan")
    tagged: Mapped[list[PostTag]] = relationship(lazy="raise", cascade="all, delete-orphan", order_by="PostTag.tag")
    indicator_links: Mapped[list[IndicatorLink]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="IndicatorLink.id"
    )

    audiences: AssociationProxy[list[str]] = association_proxy(
        "shared_with", "label", creator=lambda label: PostAudience(label=label)
    )
    tags: AssociationProxy[list[str]] = association_proxy("tagged", "tag", creator=lambda tag: PostTag(tag=tag))

    @property
    def is_shared(self) -> bool:
        """Whether anyone but its author may see it."""
        return self.shared_at is not None

    @property
    def is_trashed(self) -> bool:
        """Whether it lies in the trash."""
        return self.trashed_at is not None


class Revision(Base):
    """A full copy of what a post said when somebody saved it."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("post_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    number: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    restores: Mapped[int | None]  # the number of the revision it brought back

    author: Mapped[Person] = relationship(lazy="raise")


class WorkingCopy(Base):
    """What someone typed and has not saved yet: one per person and form, as the form would send it."""

    __tablename__ = "working_copy"
    __table_args__ = (UniqueConstraint("person_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str] = mapped_column(String(64))  # ``post-812``, or the draft key of a post not saved yet
    kind: Mapped[str] = mapped_column(String(20))
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(200), default="")
    fields: Mapped[list[list[str]]] = mapped_column(JSON)  # pairs of name and text, in order
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
