"""The forms for saved searches."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import DataRequired, Length

NAMELESS = "Give the search a name, so that you find it again."
TOO_LONG = "Keep the name under 80 characters."


class NameForm(FlaskForm):
    """What a saved search is called."""

    name = StringField("Name", validators=[DataRequired(NAMELESS), Length(max=80, message=TOO_LONG)])


class SaveForm(NameForm):
    """A search to save: the question as its address says it."""

    address = HiddenField()
    follow = BooleanField("Tell me when something new appears")
