"""The forms with which a data office brings figures in."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DecimalField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.figures import ALL
from app.lib.school_year import SchoolYear
from app.models import Indicator, StudentGroup
from app.services.typed_figures import Typed

NOT_READ = ("", "– not in the file –")


class FileForm(FlaskForm):
    """A file of figures."""

    file = FileField("File", validators=[FileRequired("Choose a file first.")])


class ColumnsForm(FlaskForm):
    """What the columns of an unknown file mean."""

    name = StringField(
        "Name of this kind of file",
        validators=[InputRequired("Give it a name."), Length(max=80, message="Keep the name under 80 characters.")],
    )
    code = SelectField("CDS code")
    year = SelectField("School year")
    year_counts = SelectField(
        "One year in that column, such as 2024, is", choices=[("start", "when it began"), ("end", "when it ended")]
    )
    year_is = StringField("School year, if no column says it")
    group = SelectField("Student group")
    groups = TextAreaField("Names of student groups")
    indicator = SelectField("Indicator")
    indicator_is = SelectField("Indicator, if no column says it")
    value = SelectField("Value")
    numerator = SelectField("Numerator")
    denominator = SelectField("Denominator (students)")
    status = SelectField("Status")
    note = SelectField("Note")
    source = StringField(
        "Source", validators=[InputRequired("Say who published this."), Length(max=200, message="Keep it shorter.")]
    )

    @classmethod
    def over(cls, header: Sequence[str], indicators: Sequence[Indicator], **given: Any) -> "ColumnsForm":
        """Return the form for a file with these columns."""
        form = cls(**given)
        columns = [NOT_READ, *((name, name) for name in header if name)]
        for name in ("code", "year", "group", "indicator", "value", "numerator", "denominator", "status", "note"):
            form[name].choices = columns
        form.indicator_is.choices = [("", "– a column says it –"), *((one.code, one.name) for one in indicators)]
        return form

    def said(self) -> dict[str, object]:
        """Return the answers as ``figure_guesses.mapping_of`` takes them."""
        answers = {name: value or "" for name, value in self.data.items() if name not in {"csrf_token", "name"}}
        return answers | {"groups": groups_from(self.groups.data or "")}


class TypedForm(FlaskForm):
    """One figure of the reader's own district."""

    indicator = SelectField("Indicator", coerce=int)
    group = SelectField("Students")
    year = StringField("School year", validators=[InputRequired("Write the school year, like 2024-25.")])
    value = DecimalField("Value", validators=[InputRequired("Write the value as a number.")])
    numerator = DecimalField("Part, such as those who graduated", validators=[Optional()])
    students = DecimalField("Students behind it, all together", validators=[Optional()])
    note = StringField("Where it comes from", validators=[Length(max=500, message="Keep it under 500 characters.")])

    @classmethod
    def over(cls, indicators: Sequence[Indicator], groups: Sequence[StudentGroup]) -> "TypedForm":
        """Return the form with what there is to choose from."""
        form = cls()
        form.indicator.choices = [(one.id, one.name) for one in indicators]
        form.group.choices = [(one.code, one.name) for one in groups] or [(ALL, "All students")]
        return form

    def validate_year(self, field: StringField) -> None:
        """Refuse what is no school year."""
        try:
            SchoolYear.parse(field.data or "")
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def typed(self) -> Typed:
        """Return what was typed in."""
        return Typed(
            self.indicator.data,
            SchoolYear.parse(self.year.data or "").start,
            Decimal(self.value.data),
            self.numerator.data,
            self.students.data,
            self.group.data,
            self.note.data or "",
        )


def groups_from(text: str) -> dict[str, str]:
    """Return the groups of a text with a line "name in the file = our code" for each."""
    pairs = (line.rpartition("=") for line in text.splitlines())
    return {name.strip(): code.strip() for name, _, code in pairs if name.strip() and code.strip()}


def groups_text(groups: Mapping[str, str]) -> str:
    """Return groups as that text."""
    return "\n".join(f"{name} = {code}" for name, code in groups.items())
