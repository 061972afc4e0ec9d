"""The form of a goal with its targets."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from flask_wtf import FlaskForm
from wtforms import DecimalField, FieldList, Form, FormField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.models import District, Goal, Indicator, Strand, StudentGroup
from app.services import goals
from app.services.goals import Aim, Meant
from app.web.forms.indicator import OptionalNumber, years

SPARE = 2  # empty rows for more targets


class TargetForm(Form):
    """One target."""

    district_id = SelectField("District", coerce=OptionalNumber())
    school_year = SelectField("School year", coerce=OptionalNumber())
    value = DecimalField("Value", [Optional()], places=None)

    def aim(self) -> Aim | None:
        """Return what was typed; nothing where the row is not whole."""
        district_id, year, value = self.district_id.data, self.school_year.data, self.value.data
        if district_id is None or year is None or value is None:
            return None
        return Aim(district_id, year, Decimal(value))

    @property
    def is_half(self) -> bool:
        """Whether only a part of it was typed."""
        given = [one.data is not None for one in (self.district_id, self.school_year, self.value)]
        return any(given[1:]) and not all(given)


class GoalForm(FlaskForm):
    """What the partnership means to reach."""

    name = StringField(
        "The goal",
        [InputRequired("Say the goal in a few words."), Length(max=goals.LONGEST_NAME)],
        description="Such as: More students graduate within four years.",
    )
    why = TextAreaField("Why it matters", [Length(max=goals.LONGEST_WHY)])
    indicator_id = SelectField("Measured by", coerce=int)
    group_code = SelectField("For")
    strand_id = SelectField("Strand", coerce=OptionalNumber(), description="Whose commitments its page shows.")
    position = IntegerField("Place in the list", [NumberRange(1, 99, "Choose a place from 1 to 99.")], default=1)
    targets = FieldList(FormField(TargetForm))

    @classmethod
    def of(cls, goal: Goal | None, place: int = 1) -> "GoalForm":
        """Return the form of a goal with room for more targets, or an empty one."""
        if goal is None:
            form = cls(data={"position": place})
        else:
            rows = [
                {"district_id": one.district_id, "school_year": one.school_year, "value": one.value}
                for one in goal.targets
            ]
            form = cls(obj=goal, data=None, targets=rows)
        while len([row for row in form.targets if row.form.aim() is None]) < SPARE:
            form.targets.append_entry()
        return form

    def offer(
        self,
        known: Iterable[Indicator],
        groups: Iterable[StudentGroup],
        strands: Iterable[Strand],
        districts: Sequence[District],
        today: date,
    ) -> None:
        """Give the lists their choices."""
        self.indicator_id.choices = [(one.id, one.name) for one in known]
        self.group_code.choices = [(one.code, one.name) for one in groups]
        self.strand_id.choices = [("", "No strand"), *((str(one.id), one.name) for one in strands)]
        for row in self.targets:
            row.form.district_id.choices = [("", "Choose"), *((str(one.id), one.name) for one in districts)]
            row.form.school_year.choices = years("Choose", today)

    def is_whole(self) -> bool:
        """Check everything, rows that were begun and not finished too."""
        right = bool(self.validate())
        for row in self.targets:
            if row.form.is_half:
                row.form.value.errors = ["A target needs a district, a school year and a value."]
                right = False
        return right

    def meant(self) -> Meant:
        """Return what was typed."""
        aims = [aim for row in self.targets if (aim := row.form.aim()) is not None]
        return Meant(
            self.name.data or "",
            self.why.data or "",
            self.indicator_id.data,
            self.group_code.data,
            self.strand_id.data,
            self.position.data or 1,
            aims,
        )
