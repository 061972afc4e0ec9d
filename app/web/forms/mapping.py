"""The form on which a data office says what the columns of a kind of file mean."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.lib.figure_answers import LEFT_OUT, MARKED, MEANINGS, OF_ONE, Answers
from app.models import Indicator, StudentGroup

NOT_READ = ("", "not read")
SPARE_MARKERS = 3
MOST_COLUMNS, MOST_NAMES, MOST_MARKERS = 300, 200, 20
YEARS = {
    "column": "in a column of its own",
    "names": "in the name of the column of values, like Rate2024",
    "file": "in the name of the file, like absence-2024.csv",
    "always": "nowhere: it is the year that is written here",
}
NAMED = {"group": "student group", "indicator": "indicator"}

Choices = list[tuple[str, str]]


class ColumnForm(Form):
    """What one column means."""

    column = HiddenField()
    meaning = SelectField(validate_choice=True)


class NameForm(Form):
    """What one name in the file stands for."""

    theirs = HiddenField()
    ours = SelectField()


class MarkerForm(Form):
    """What stands in place of a value."""

    written = StringField("It says", validators=[Length(max=40, message="Keep it under 40 characters.")])
    status = SelectField("That means", choices=list(MARKED.items()))


class MappingForm(FlaskForm):
    """Everything that is said about a kind of file."""

    name = StringField(
        "Name of this kind of file",
        validators=[InputRequired("Give it a name."), Length(max=80, message="Keep the name under 80 characters.")],
    )
    source = StringField(
        "Who published the figures",
        validators=[InputRequired("Say who published this."), Length(max=200, message="Keep it shorter.")],
    )
    columns = FieldList(FormField(ColumnForm), label="What each column means", max_entries=MOST_COLUMNS)
    year = SelectField("The school year stands", choices=list(YEARS.items()))
    counts = SelectField(
        "One year there, such as 2024, is", choices=[("start", "when it began"), ("end", "when it ended")]
    )
    year_is = StringField("School year, if nothing says it")
    file_name = HiddenField()
    indicator = SelectField("Indicator, if no column says it")
    group = SelectField("Student group, if no column says it")
    group_of = HiddenField()  # the column whose names are listed
    group_names = FieldList(FormField(NameForm), label="Names of student groups", max_entries=MOST_NAMES)
    indicator_of = HiddenField()
    indicator_names = FieldList(FormField(NameForm), label="Names of indicators", max_entries=MOST_NAMES)
    markers = FieldList(FormField(MarkerForm), label="What stands in place of a value", max_entries=MOST_MARKERS)
    new_places = BooleanField("Districts and schools that Braid does not know are measured, too")
    totals = BooleanField("All students are never fewer than one of their groups")

    def offer(self, indicators: Sequence[Indicator], groups: Sequence[StudentGroup]) -> "MappingForm":
        """Put in what there is to choose from; return the form."""
        listed = [(one.code, one.name) for one in indicators]
        grouped = [(one.code, one.name) for one in groups]
        meanings: dict[str, Choices] = {
            "": [NOT_READ],
            "What it says": list(MEANINGS.items()),
            "The value of one indicator": [(f"{OF_ONE}{code}", name) for code, name in listed],
        }
        for row in self.columns:
            row.form.meaning.choices = meanings
            row.form.meaning.label.text = row.form.column.data
        self.indicator.choices = [("", "a column says it"), *listed]
        self.group.choices = grouped or [("all", "All students")]
        for rows, codes in ((self.group_names, grouped), (self.indicator_names, listed)):
            for row in rows:
                row.form.ours.choices = [("", "choose one"), (LEFT_OUT, "leave these rows out"), *codes]
                row.form.ours.label.text = row.form.theirs.data
        return self

    def list_names(self, what: str, column: str, names: Mapping[str, str]) -> None:
        """Ask what each name in a column stands for, with what is believed chosen.

        Args:
            what: "group" or "indicator".
            column: where they stand.
            names: each with a code, or nothing.
        """
        self[f"{what}_of"].data = column
        rows = self[f"{what}_names"]
        while rows.entries:
            rows.pop_entry()
        for theirs, ours in list(names.items())[:MOST_NAMES]:
            rows.append_entry({"theirs": theirs, "ours": ours})

    def unlisted(self, what: str) -> str:
        """Return the column of groups or of indicators if its names have not been asked for yet."""
        column = self.answers().column(what)
        return column if column and column != self[f"{what}_of"].data else ""

    def answers(self, *, only: Iterable[str] | None = None) -> Answers:
        """Return what was said.

        Args:
            only: columns there are; others are left out.
        """
        known = set(only) if only is not None else None
        columns = {
            row.form.column.data: row.form.meaning.data
            for row in self.columns
            if row.form.meaning.data and (known is None or row.form.column.data in known)
        }
        read = set(columns.values())
        return Answers(
            columns,
            (self.source.data or "").strip(),
            self.year.data or "column",
            self.counts.data or "start",
            (self.year_is.data or "").strip(),
            self.file_name.data or "",
            self.indicator.data or "",
            self.group.data or "all",
            {what: self._names(what) for what in NAMED if what in read},
            {row.form.written.data.strip(): row.form.status.data for row in self.markers if row.form.written.data},
            bool(self.new_places.data),
            bool(self.totals.data),
        )

    def _names(self, what: str) -> dict[str, str]:
        return {row.form.theirs.data: row.form.ours.data for row in self[f"{what}_names"] if row.form.theirs.data}


def filled(name: str, answers: Answers, columns: Sequence[str]) -> MappingForm:
    """Return the form with answers in it.

    Args:
        name: of the mapping.
        answers: what was said, or is believed.
        columns: all there are, read or not.
    """
    markers = [{"written": written, "status": status} for written, status in answers.markers.items()]
    data: dict[str, Any] = {
        "name": name,
        "columns": [
            {"column": column, "meaning": answers.columns.get(column, "")}
            for column in dict.fromkeys(columns)
            if column
        ][:MOST_COLUMNS],
        "markers": (markers + [{"written": "", "status": "suppressed"}] * SPARE_MARKERS)[:MOST_MARKERS],
    }
    for plain in ("source", "year", "counts", "year_is", "file_name", "indicator", "group", "new_places", "totals"):
        data[plain] = getattr(answers, plain)
    form = MappingForm(formdata=None, data=data)
    for what, names in answers.names.items():
        form.list_names(what, answers.column(what), names)
    return form
