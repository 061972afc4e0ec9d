"""The form with which one figure is typed in."""

from collections.abc import Sequence
from decimal import Decimal

from flask_wtf import FlaskForm
from wtforms import DecimalField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.figures import ALL
from app.lib.school_year import SchoolYear
from app.models import Indicator, StudentGroup
from app.services.typed_figures import Typed


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
