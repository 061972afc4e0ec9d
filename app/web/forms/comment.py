"""The form of one remark."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.services.comments import LONGEST


class CommentForm(FlaskForm):
    """One remark under a post."""

    body = TextAreaField(
        "Your comment",
        validators=[
            InputRequired("Write something before you send it."),
            Length(max=LONGEST, message=f"Keep it under {LONGEST:,} characters."),
        ],
    )
    reply_to = HiddenField()
