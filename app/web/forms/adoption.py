"""The form of one district's trial of a practice."""

from flask_wtf import FlaskForm
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.services.adoptions import Trial

VERDICTS = {"": "Still running", "adopt": "Adopt", "adapt": "Adapt", "abandon": "Abandon"}
TEXT = Length(max=20_000, message="Keep it under 20,000 characters.")


class AdoptionForm(FlaskForm):
    """When a district tried it, at what scale, what it changed, and what came of it."""

    district_id = SelectField("District", coerce=int)
    starts_on = DateField("From", [InputRequired("Say on which day the trial began, such as 2026-09-01.")])
    ends_on = DateField("To", [Optional()], description="Leave it empty while the trial runs.")
    scale = StringField("Scale", [Length(max=200)], description="For example 12 elementary schools")
    adapted = TextAreaField("What was adapted", [TEXT])
    why = TextAreaField("Why", [TEXT])
    verdict = SelectField("Verdict", choices=list(VERDICTS.items()))
    happened = TextAreaField("What happened", [TEXT])

    def validate_ends_on(self, field: DateField) -> None:
        """Refuse a trial that ends before it begins."""
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            msg = "The trial cannot end before it began. Check both days."
            raise ValidationError(msg)

    def validate_happened(self, field: TextAreaField) -> None:
        """Ask for the reason of a trial that was given up: it is what others will look for."""
        if self.verdict.data == "abandon" and not (field.data or "").strip():
            msg = "Say what happened and why it was given up: that is what others will look for."
            raise ValidationError(msg)

    def trial(self) -> Trial:
        """Return what was typed."""
        return Trial(
            self.district_id.data,
            self.starts_on.data,
            self.ends_on.data,
            _said(self.scale),
            _said(self.adapted),
            _said(self.why),
            self.verdict.data or None,
            _said(self.happened),
        )


def _said(field: StringField) -> str:
    return (field.data or "").replace("\r\n", "\n").strip()
