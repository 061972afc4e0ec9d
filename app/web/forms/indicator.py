"""The forms with which a data office keeps definitions, annotations and the crosswalk."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, StringField, TextAreaField, URLField
from wtforms.validators import URL, InputRequired, Length, NumberRange, Optional

from app.lib.school_year import SchoolYear
from app.models import DefinitionVersion, District, Indicator
from app.models.crosswalk import Aspect, Comparable
from app.models.indicator import Direction, IndicatorKind, Timing, Unit
from app.services import annotations, crosswalks, definitions
from app.services.annotations import Said
from app.services.definitions import Definition, Way

LONGEST = 4000  # characters of one text
EARLIEST, AHEAD = 1990, 12  # school years to choose from: since when, and how far ahead

UNITS = {Unit.PERCENT: "Percent", Unit.POINTS: "Points", Unit.COUNT: "A count", Unit.INDEX: "An index"}
DIRECTIONS = {
    Direction.HIGHER: "Higher is better",
    Direction.LOWER: "Lower is better",
    Direction.NEITHER: "Neither by itself",
}
KINDS = {
    IndicatorKind.OUTCOME: "An outcome",
    IndicatorKind.PROCESS: "A process",
    IndicatorKind.BALANCING: "What to keep an eye on beside an outcome",
}
TIMINGS = {Timing.LAGGING: "Seen afterwards (lagging)", Timing.LEADING: "Seen early (leading)"}
ASPECTS = {
    Aspect.NUMERATOR: "Who is counted",
    Aspect.DENOMINATOR: "Out of whom",
    Aspect.POPULATION: "Who is in it at all",
    Aspect.CRITERIA: "Which criteria apply",
    Aspect.TIMING: "When it is counted",
    Aspect.SOURCE: "Where it comes from",
}
VERDICTS = {
    Comparable.YES: "Comparable",
    Comparable.WITH_CARE: "Comparable with care",
    Comparable.NO: "Not comparable",
}


class OptionalNumber:
    """Reads the choices of a list whose first line means nothing."""

    def __call__(self, value: str | int | None) -> int | None:
        """Return the number, or nothing."""
        return int(value) if value not in {None, "", "None"} else None


def text(label: str, hint: str = "", *, longest: int = LONGEST) -> TextAreaField:
    """Return a field for a few sentences."""
    message = f"Keep it under {longest:,} characters."
    return TextAreaField(label, [Length(max=longest, message=message)], description=hint)


def line(label: str, hint: str = "", *, longest: int = 120, needed: str = "") -> StringField:
    """Return a field for one line; ``needed`` says what to do where it is empty."""
    checks = [Length(max=longest, message=f"Keep it under {longest} characters.")]
    return StringField(label, [InputRequired(needed), *checks] if needed else checks, description=hint)


def years(first: str, today: date) -> list[tuple[str, str]]:
    """Return school years to choose from, the newest first, under a first line that chooses none."""
    last = SchoolYear.of(today).start + AHEAD
    return [("", first), *((str(year), str(SchoolYear(year))) for year in range(last, EARLIEST - 1, -1))]


class DefinitionForm(FlaskForm):
    """What an indicator is."""

    name = line("Name", needed="Give it a name that people would say.")
    short = line("Short name", "For lists and charts.", longest=40, needed="Give it a short name for lists.")
    question = TextAreaField(
        "The question it answers",
        [InputRequired("Write the question in words that everybody understands."), Length(max=500)],
        description="In words that everybody understands: What share of students graduate within four years?",
    )
    unit = SelectField("Unit", choices=list(UNITS.items()))
    direction = SelectField("Which way is better", choices=list(DIRECTIONS.items()))
    kind = SelectField("What it tells of", choices=list(KINDS.items()))
    timing = SelectField("When it tells", choices=list(TIMINGS.items()))
    strand_name = line("Line of work", "Such as “English learners”; indicators are listed under it.", longest=80)
    numerator = text("Who is counted (numerator)")
    denominator = text("Out of whom (denominator)")
    population = text("Who is in it at all (population)")
    source = text("Source", "Who publishes it, in which file.")
    source_url = URLField(
        "Where the source is published",
        [Optional(), URL(message="Write the whole address, beginning with https://.")],
    )
    cadence = text("When it comes out", "Such as: once a year, in November.")
    suppression_rule = text("What the source hides")
    decimals = IntegerField(
        "Decimals",
        [NumberRange(0, 4, "Choose from 0 to 4 decimals.")],
        description="How exactly the source gives its figures.",
    )
    owner_office = line("Owner", "The office that answers questions about it.")
    companion_id = SelectField("Always read beside", coerce=OptionalNumber(), description="Such as participation.")
    same_as_id = SelectField("The same thing from another source as", coerce=OptionalNumber())
    caveats = text("Take care", "What somebody should know before quoting a figure.")

    def offer(self, known: Iterable[Indicator]) -> None:
        """Give the lists of indicators their choices."""
        choices = [("", "Nothing"), *((str(one.id), one.name) for one in known)]
        self.companion_id.choices = self.same_as_id.choices = choices

    def definition(self) -> Definition:
        """Return what was typed."""
        given: dict[str, Any] = {}
        for name in (one.name for one in fields(Definition)):
            value = self[name].data
            empty = None if name.endswith("_id") else ""
            given[name] = value.strip() if isinstance(value, str) else empty if value is None else value
        return Definition(**given)


class VersionForm(FlaskForm):
    """One way of measuring, and the school years it is in force."""

    name = line("Name", needed="Name it, such as “State definition of 2022”.", longest=160)
    valid_from = SelectField("From", coerce=OptionalNumber())
    valid_to = SelectField("To", coerce=OptionalNumber())
    is_break = BooleanField(
        "It begins a new series", description="Figures before it are drawn apart and never compared with those after."
    )
    note = text("What changed")

    @classmethod
    def of(cls, version: DefinitionVersion | None, today: date) -> "VersionForm":
        """Return the form of a version, or an empty one; each has names of its own on the page."""
        form = cls(obj=version, prefix=f"version-{version.id if version else 'new'}-")
        form.valid_from.choices = years("No first year", today)
        form.valid_to.choices = years("Still in force", today)
        return form

    def way(self) -> Way:
        """Return what was typed."""
        return Way(
            (self.name.data or "").strip(),
            self.valid_from.data,
            self.valid_to.data,
            bool(self.is_break.data),
            (self.note.data or "").strip(),
        )


class NoteForm(FlaskForm):
    """What one district says about how it counts."""

    text = text("How your district counts this", longest=definitions.LONGEST_NOTE)


class OwnWordsForm(FlaskForm):
    """What one district says about each aspect of an indicator."""

    numerator = text(ASPECTS[Aspect.NUMERATOR], longest=crosswalks.LONGEST)
    denominator = text(ASPECTS[Aspect.DENOMINATOR], longest=crosswalks.LONGEST)
    population = text(ASPECTS[Aspect.POPULATION], longest=crosswalks.LONGEST)
    criteria = text(ASPECTS[Aspect.CRITERIA], longest=crosswalks.LONGEST)
    timing = text(ASPECTS[Aspect.TIMING], longest=crosswalks.LONGEST)
    source = text(ASPECTS[Aspect.SOURCE], longest=crosswalks.LONGEST)

    def words(self) -> dict[Aspect, str]:
        """Return what was typed, by aspect."""
        return {aspect: self[str(aspect)].data or "" for aspect in Aspect}


class VerdictForm(FlaskForm):
    """Whether the districts may be compared."""

    verdict = RadioField(
        "May the districts be compared?",
        [InputRequired("Choose one of the three.")],
        choices=list(VERDICTS.items()),
    )
    reason = TextAreaField(
        "Why",
        [InputRequired("Say why, so that others can follow it."), Length(max=crosswalks.LONGEST)],
        description="What differs, and what it does to the figures.",
    )


class AnnotationForm(FlaskForm):
    """Words on charts at a day."""

    words = line(
        "What stands on the chart",
        f"At most {annotations.LONGEST_WORDS} characters, such as “New reporting system”.",
        longest=annotations.LONGEST_WORDS,
        needed="Write the few words that stand on the chart.",
    )
    explanation = text("What it means", "Shown beneath the chart.", longest=annotations.LONGEST_EXPLANATION)
    starts_on = DateField("Day", [InputRequired("Choose the day.")])
    ends_on = DateField("Until", [Optional()], description="Only if it is about more than a day.")
    indicator_id = SelectField("On the charts of", coerce=OptionalNumber())
    district_id = SelectField("About", coerce=OptionalNumber())

    def offer(self, known: Iterable[Indicator], districts: Sequence[District]) -> None:
        """Give the lists their choices."""
        self.indicator_id.choices = [("", "Every indicator"), *((str(one.id), one.name) for one in known)]
        self.district_id.choices = [("", "Every district"), *((str(one.id), one.name) for one in districts)]

    def said(self) -> Said:
        """Return what was typed."""
        return Said(
            self.words.data or "",
            self.explanation.data or "",
            self.starts_on.data,
            self.ends_on.data,
            self.indicator_id.data,
            self.district_id.data,
        )
