"""The forms of getting in and of one's own profile."""

from functools import cache
from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from app.lib.passwords import SHORTEST

HERE_FIRST = (
    "America/Los_Angeles",
    "America/Denver",
    "America/Phoenix",
    "America/Chicago",
    "America/New_York",
    "America/Anchorage",
    "Pacific/Honolulu",
)
PLACES = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
NEW_PASSWORD = f"At least {SHORTEST} characters. A few words that only you would put together are best."
NAME = [DataRequired("Tell the others your name."), Length(max=120, message="Keep your name under 120 characters.")]
TITLE = [Length(max=160, message="Keep your title under 160 characters.")]


class SignInForm(FlaskForm):
    """What signing in asks for."""

    email = EmailField("E-mail", [InputRequired("Write the e-mail address you were invited with.")])
    password = PasswordField("Password", [InputRequired("Write your password.")])
    remember = BooleanField("Stay signed in on this computer for 30 days")


class ForgottenForm(FlaskForm):
    """Whose password was forgotten."""

    email = EmailField("E-mail", [InputRequired("Write the e-mail address you sign in with.")])


class NewPasswordForm(FlaskForm):
    """A new password, through a link."""

    password = PasswordField("New password", [InputRequired("Choose a password.")], description=NEW_PASSWORD)


class JoinForm(FlaskForm):
    """What somebody invited tells about themselves."""

    name = StringField("Your name", NAME)
    title = StringField("Your title", TITLE, description="For example Director, English Learner Services")
    password = PasswordField("Choose a password", [InputRequired("Choose a password.")], description=NEW_PASSWORD)


class ProfileForm(FlaskForm):
    """What people say about themselves."""

    name = StringField("Name", NAME)
    title = StringField("Title", TITLE)
    expertise = TextAreaField(
        "What people can ask you about",
        [Length(max=1000, message="Keep it under 1,000 characters.")],
        description="A few words, such as number talks, grade 9 placement",
    )
    time_zone = SelectField("Time zone", description="Times on every page are shown in it.")


class ChangePasswordForm(FlaskForm):
    """The password now, and the one to come."""

    old = PasswordField("Your password now", [InputRequired("Write your password now.")])
    new = PasswordField("New password", [InputRequired("Choose a new password.")], description=NEW_PASSWORD)


@cache
def time_zones() -> list[tuple[str, str]]:
    """Return the time zones to choose from, those of the United States first."""
    others = sorted(name for name in available_timezones() if name.partition("/")[0] in PLACES)
    names = [*HERE_FIRST, *(name for name in others if name not in HERE_FIRST)]
    return [(name, name.replace("_", " ")) for name in names]
