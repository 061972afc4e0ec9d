"""The form with which a file of figures is sent."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class FileForm(FlaskForm):
    """A file of figures."""

    file = FileField("File", validators=[FileRequired("Choose a file first.")])
