"""The form for words that mean the same."""

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

LONGEST = 2000


class WordsForm(FlaskForm):
    """One set of words."""

    words = TextAreaField(
        "Words that mean the same",
        description="One word or phrase on each line, the way people read it. For example EL, then English learner.",
        validators=[
            DataRequired("Write at least two words or phrases that mean the same, one on each line."),
            Length(max=LONGEST, message=f"Keep it under {LONGEST:,} characters."),
        ],
    )
