"""Outcome indicators: what is measured, how it is defined, and every figure with where it comes from."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base
from app.models.partnership import District
from app.models.person import Person
from app.models.types import Exact, UtcDateTime, one_of


class Unit(StrEnum):
    """What a figure counts in."""

    PERCENT = "percent"
    POINTS = "points"
    COUNT = "count"
    INDEX = "index"


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class IndicatorKind(StrEnum):
    """What an indicator tells of."""

    OUTCOME = "outcome"
    PROCESS = "process"
    BALANCING = "balancing"


class Timing(StrEnum):
    """Whether it tells what has been, or what is coming."""

    LAGGING = "lagging"
    LEADING = "leading"


class FigureStatus(StrEnum):
    """Whether there is a figure, and if not, why not."""

    REPORTED = "reported"
    SMALL_SAMPLE = "small_sample"
    SUPPRESSED = "suppressed"
    NOT_AVAILABLE = "not_available"
    NOT_TESTED = "not_tested"
    HELD = "held"  # typed in locally about few students: the data office decides


SHOWN = (FigureStatus.REPORTED, FigureStatus.SMALL_SAMPLE)  # the statuses that have a value


class Expected(StrEnum):
    """What a post means to do to an indicator."""

    INCREASE = "increase"
    DECREASE = "decrease"
    HOLD = "hold"


class Evidence(StrEnum):
    """What stands behind a practice–indicator link, weakest first."""

    HYPOTHESIS = "hypothesis"
    PRACTITIONER_REPORT = "practitioner_report"
    TESTED_LOCALLY = "tested_locally"
    EXTERNAL_STUDY = "external_study"


class EssaTier(StrEnum):
    """The tier of an external study in the Every Student Succeeds Act, weakest first."""

    RATIONALE = "rationale"
    PROMISING = "promising"
    MODERATE = "moderate"
    STRONG = "strong"


class StudentGroup(Base):
    """A group of students that figures are told apart by."""

    __tablename__ = "student_group"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    short: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(12))
    position: Mapped[int] = mapped_column(default=0)


class Indicator(Base):
    """What is measured, in words that everybody can read."""

    __tablename__ = "indicator"
    __table_args__ = (
        one_of("unit", Unit),
        one_of("direction", Direction),
        one_of("kind", IndicatorKind),
        one_of("timing", Timing),
        CheckConstraint("decimals between 0 and 4", name="decimals"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    short: Mapped[str] = mapped_column(String(40))
    question: Mapped[str]
    unit: Mapped[str] = mapped_column(String(8))
    direction: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(10))
    timing: Mapped[str] = mapped_column(String(8))
    numerator: Mapped[str] = mapped_column(default="")
    denominator: Mapped[str] = mapped_column(default="")
    population: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    source_url: Mapped[str] = mapped_column(default="")
    cadence: Mapped[str] = mapped_column(default="")
    suppression_rule: Mapped[str] = mapped_column(default="")
    caveats: Mapped[str] = mapped_column(default="")
    abbreviations: Mapped[list[str]] = mapped_column(JSON, default=list)
    decimals: Mapped[int] = mapped_column(default=1)
    companion_id: Mapped[int | None] = mapped_column(ForeignKey("indicator.id"))
    strand_name: Mapped[str] = mapped_column(String(80), default="")  # the line of work it belongs to, in words
    owner_office: Mapped[str] = mapped_column(String(120), default="", server_default="")
    same_as_id: Mapped[int | None] = mapped_column(ForeignKey("indicator.id"))  # the same thing from another source

    companion: Mapped["Indicator | None"] = relationship(lazy="raise", remote_side=id, foreign_keys=companion_id)
    versions: Mapped[list["DefinitionVersion"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="DefinitionVersion.valid_from, DefinitionVersion.id"
    )
    notes: Mapped[list["DefinitionNote"]] = relationship(lazy="raise", cascade="all, delete-orphan")


class DefinitionVersion(Base):
    """One way of measuring an indicator, with the school years it was in force."""

    __tablename__ = "definition_version"
    __table_args__ = (UniqueConstraint("indicator_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(160), default="")
    valid_from: Mapped[int | None]
    valid_to: Mapped[int | None]
    is_break: Mapped[bool] = mapped_column(default=False)  # figures before it are another series
    note: Mapped[str] = mapped_column(default="")


class DefinitionNote(Base):
    """What one district says about how it counts."""

    __tablename__ = "definition_note"
    __table_args__ = (UniqueConstraint("indicator_id", "district_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id", ondelete="CASCADE"))
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    text: Mapped[str]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    district: Mapped[District] = relationship(lazy="raise")


class ImportBatch(Base):
    """One file of figures that was loaded, whole or not at all."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(255))
    file_digest: Mapped[str] = mapped_column(String(64))
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    rows_new: Mapped[int] = mapped_column(default=0)
    rows_changed: Mapped[int] = mapped_column(default=0)
    rows_same: Mapped[int] = mapped_column(default=0)
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnership.id"), index=True)
    mapping: Mapped[str] = mapped_column(String(80), default="")  # how its columns were read
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    imported_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=imported_by_id)


class FigureSource(Base):
    """Who published a figure: the name of a file or release. Releases of one line restate each other."""

    __tablename__ = "figure_source"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    release: Mapped[str] = mapped_column(String(60), default="")  # when, or in which file, it came out
    line: Mapped[str] = mapped_column(String(200), default="")  # what it is a release of; empty where it stands alone
    place: Mapped[int] = mapped_column(default=0)  # in its line, the later the higher


class Observation(Base):
    """One figure of one release: never overwritten, followed by a later vintage when it is restated."""

    __tablename__ = "observation"
    __table_args__ = (
        UniqueConstraint("version_id", "district_id", "group_code", "school_year", "source_id", "vintage"),
        one_of("status", FigureStatus),
        CheckConstraint("(value is not null) = (status in ('reported', 'small_sample', 'held'))", name="value"),
        CheckConstraint("denominator is null or denominator >= 0", name="denominator"),
        Index(
            "ix_observation_latest",
            "version_id",
            "group_code",
            "district_id",
            "school_year",
            sqlite_where=text("is_latest = 1"),
            postgresql_where=text("is_latest"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("definition_version.id"))
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    group_code: Mapped[str] = mapped_column(ForeignKey("student_group.code"))
    school_year: Mapped[int]
    source_id: Mapped[int] = mapped_column(ForeignKey("figure_source.id"))
    vintage: Mapped[int] = mapped_column(default=1)  # 1 as first published, 2 as first restated, ...
    is_latest: Mapped[bool] = mapped_column(default=True)
    status: Mapped[str] = mapped_column(String(14))
    value: Mapped[Decimal | None] = mapped_column(Exact)
    numerator: Mapped[Decimal | None] = mapped_column(Exact)
    denominator: Mapped[Decimal | None] = mapped_column(Exact)
    prior: Mapped[Decimal | None] = mapped_column(Exact)  # the year before, as this same release gives it
    note: Mapped[str] = mapped_column(default="")
    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), index=True)
    row_number: Mapped[int]  # in the file of the batch, counted as a spreadsheet does

    version: Mapped[DefinitionVersion] = relationship(lazy="raise")
    district: Mapped[District] = relationship(lazy="raise")
    group: Mapped[StudentGroup] = relationship(lazy="raise")
    source: Mapped[FigureSource] = relationship(lazy="raise")
    batch: Mapped[ImportBatch] = relationship(lazy="raise")


class IndicatorLink(Base):
    """A post means to move an indicator, in a direction, on some evidence."""

    __tablename__ = "indicator_link"
    __table_args__ = (
        UniqueConstraint("post_id", "indicator_id"),
        one_of("expected", Expected),
        one_of("evidence", Evidence),
        one_of("essa_tier", EssaTier),
        CheckConstraint("essa_tier is null or evidence = 'external_study'", name="essa_tier_of_study"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"), index=True)
    expected: Mapped[str] = mapped_column(String(8))
    evidence: Mapped[str] = mapped_column(String(20), default=Evidence.HYPOTHESIS)
    essa_tier: Mapped[str | None] = mapped_column(String(10))
    set_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)

    indicator: Mapped[Indicator] = relationship(lazy="raise")
    set_by: Mapped[Person] = relationship(lazy="raise")
