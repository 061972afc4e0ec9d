"""The forms with which managers keep a partnership."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    Form,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.lib import cds
from app.models import District, Person, Strand
from app.models.partnership import COLOURS, OrganizationKind
from app.models.person import Role
from app.models.strand import Degree
from app.services.people import ROLES, Part
from app.services.places import About, LineOfWork, Organization, Term

COLOUR_NAMES = ("Blue", "Orange", "Green", "Violet", "Red", "Teal", "Brown", "Grey")
ICONS = {
    "waypoints": "Waypoints",
    "languages": "Languages",
    "sigma": "Sum sign",
    "calculator": "Calculator",
    "compass": "Compass",
    "graduation-cap": "Graduation cap",
    "book-open": "Open book",
    "briefcase": "Briefcase",
    "microscope": "Microscope",
    "palette": "Palette",
    "music": "Music",
    "heart": "Heart",
    "hand-heart": "Hand and heart",
    "school": "School",
    "sprout": "Sprout",
    "speech": "Speech",
}
KINDS = {
    OrganizationKind.DISTRICT: "School district",
    OrganizationKind.COUNTY_OFFICE: "County office",
    OrganizationKind.DOCUMENTER: "Documenter, such as a research team",
}
DEGREES = {
    Degree.PARALLEL: "In parallel: the same goal, each its own programme",
    Degree.EXCHANGE: "In exchange: one adopts from the other",
    Degree.JOINT: "Jointly: one programme",
}


class Day(DateField):
    """A day; what cannot be read stays in the field with a sentence."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            msg = "Write the day as year-month-day, such as 2026-11-22."
            raise ValueError(msg) from None


class Ticks(SelectMultipleField):
    """Several choices as a list of boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def number(value: str | None) -> int | None:
    """Return the id that a list of choices holds, or nothing for its first line."""
    return int(value) if value else None


class PartForm(FlaskForm):
    """What somebody is in the partnership."""

    district_id = SelectField("District", coerce=int)
    role = SelectField("Role", choices=list(ROLES.items()))
    is_data_office = BooleanField("Data office", description="May load figures for everybody.")
    ends_on = Day("Until", [Optional()], description="Observers read until this day. Others may stay without an end.")

    def offer(self, districts: Iterable[District]) -> None:
        """Give the list of districts its choices."""
        self.district_id.choices = [(district.id, district.name) for district in districts]

    def validate(self, extra_validators: dict[str, list[Any]] | None = None) -> bool:
        """Ask for the day on which an observer’s time ends."""
        right: bool = super().validate(extra_validators)
        if self.role.data == Role.OBSERVER and self.ends_on.data is None and not self.ends_on.errors:
            self.ends_on.errors = ["Observers read until a day. Choose the day it ends."]
            return False
        return right

    def part(self) -> Part:
        """Return what was chosen."""
        starts_on: date | None = self.starts_on.data if "starts_on" in self else None
        return Part(self.district_id.data, self.role.data, self.is_data_office.data, starts_on, self.ends_on.data)


class InviteForm(PartForm):
    """Who is invited, as what."""

    email = EmailField("E-mail", [InputRequired("Write the address to send the invitation to.")])
    strand_ids = Ticks("Strands they will work on", coerce=int, description="A strand lead will lead them.")
    lands_on = StringField(
        "Page they see first",
        [Length(max=300, message="Keep the address under 300 characters.")],
        description="Copy it from your browser, such as /posts/812-number-talks. Leave it empty for Home.",
    )

    def offer_strands(self, strands: Iterable[Strand]) -> None:
        """Give the list of strands its choices."""
        self.strand_ids.choices = [(strand.id, strand.name) for strand in strands]


class MembershipForm(PartForm):
    """Who somebody is, what they are in the partnership, and since when."""

    name = StringField(
        "Name", [DataRequired("Type their name."), Length(max=120, message="Keep it under 120 characters.")]
    )
    title = StringField("Title", [Length(max=160, message="Keep it under 160 characters.")])
    starts_on = Day("Since", [InputRequired("Choose the day it began.")])


class DepartureForm(FlaskForm):
    """Who to ask once somebody has left."""

    successor_id = SelectField("Who to ask instead", coerce=int)

    def offer(self, people: Iterable[Person], leaving: int) -> None:
        """Give the list of people its choices."""
        others = [(person.id, person.name) for person in people if person.id != leaving]
        self.successor_id.choices = [(0, "Nobody yet"), *others]


class DistrictForm(FlaskForm):
    """A district, a county office or a documenter."""

    name = StringField(
        "Name", [InputRequired("Give it a name."), Length(max=120, message="Keep it under 120 characters.")]
    )
    short_name = StringField(
        "Short name",
        [InputRequired("Give it a short name."), Length(max=40, message="Keep it under 40 characters.")],
        description="What people say, such as Long Beach",
    )
    kind = SelectField("What it is", choices=list(KINDS.items()))
    cds_code = StringField("CDS code", description="The state’s 7 or 14 digits, such as 10 62166 0000000")
    colour = SelectField("Colour", coerce=int, choices=list(enumerate(COLOUR_NAMES[:COLOURS], 1)))
    about = TextAreaField("About", [Length(max=4000, message="Keep it under 4,000 characters.")])

    def validate_cds_code(self, field: StringField) -> None:
        """Say what is wrong with a code."""
        if not (field.data or "").strip():
            return
        try:
            cds.normalise(field.data)
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from None

    def organization(self) -> Organization:
        """Return what was typed."""
        return Organization(
            self.name.data,
            self.short_name.data,
            self.cds_code.data or "",
            self.kind.data,
            self.colour.data,
            self.about.data or "",
        )


class StrandForm(FlaskForm):
    """A strand."""

    name = StringField(
        "Name", [InputRequired("Give it a name."), Length(max=80, message="Keep it under 80 characters.")]
    )
    purpose = TextAreaField("What it is for", [Length(max=4000, message="Keep it under 4,000 characters.")])
    degree = SelectField("How the districts work on it", choices=list(DEGREES.items()))
    colour = SelectField("Colour", coerce=int, choices=list(enumerate(COLOUR_NAMES[:COLOURS], 1)))
    icon = SelectField("Sign", choices=list(ICONS.items()))

    def line_of_work(self) -> LineOfWork:
        """Return what was typed."""
        return LineOfWork(self.name.data, self.purpose.data or "", self.degree.data, self.colour.data, self.icon.data)


class TermForm(FlaskForm):
    """Somebody's time on a strand."""

    district_id = SelectField("For which district", coerce=int)
    is_lead = BooleanField("Leads the strand for this district")
    starts_on = Day("From", [InputRequired("Choose the day it begins.")])
    ends_on = Day("Until", [Optional()], description="Leave it empty while it goes on.")

    def offer(self, districts: Iterable[District]) -> None:
        """Give the list of districts its choices."""
        self.district_id.choices = [(district.id, district.name) for district in districts]

    def term(self) -> Term:
        """Return what was chosen."""
        return Term(self.district_id.data, self.is_lead.data, self.starts_on.data, self.ends_on.data)


class NewTermForm(TermForm):
    """Somebody's time on a strand, with who it is."""

    person_id = SelectField("Who", coerce=int)

    def offer_people(self, people: Iterable[Person]) -> None:
        """Give the list of people its choices."""
        self.person_id.choices = [(person.id, person.name) for person in people]


class PartnershipForm(FlaskForm):
    """What the partnership says about itself."""

    name = StringField(
        "Name", [InputRequired("Give it a name."), Length(max=120, message="Keep it under 120 characters.")]
    )
    purpose = TextAreaField("What it is for", [Length(max=4000, message="Keep it under 4,000 characters.")])
    began_on = Day("Since", [Optional()])
    notice = StringField(
        "A quiet line on every page",
        [Length(max=300, message="Keep it under 300 characters.")],
        description="For example, that people and posts are invented. Leave it empty for none.",
    )

    def about(self) -> About:
        """Return what was typed."""
        return About(self.name.data, self.purpose.data or "", self.began_on.data, self.notice.data or "")


class LogForm(Form):
    """Which lines of the audit log to show: read from the address."""

    person = SelectField("Who", coerce=number)
    action = SelectField("What they did", default="")
    since = Day("From", [Optional()])
    until = Day("Until", [Optional()])
