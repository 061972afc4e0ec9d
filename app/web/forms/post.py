"""The form of each kind of post, made from its description in ``app.kinds``."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app import contents
from app.contents import Content
from app.kinds import KINDS, Field, Kind, Rows, Shape
from app.lib.numbers import row_number
from app.lib.school_year import SchoolYear
from app.queries.choices import Choices

LONGEST_BODY = 200_000  # characters
TOO_LONG = "That is more than a post can hold. Split it into two posts."
MOST_TAGS = 12
LONGEST_TAG = 40
YEARS_BACK = 26
YEARS_AHEAD = 8


def for_kind(code: str) -> type[FlaskForm]:
    """Return the form class of a kind of post."""
    return _FORMS(code)


def filled(form: FlaskForm, kind: Kind, choices: Choices, *, today: date) -> FlaskForm:
    """Give the fields of ``form`` what they can point at."""
    form.strand_id.choices = [("", "No strand"), *((str(i), name) for i, name in choices.strands.items())]
    for field in kind.fields:
        _offer(form[field.name], field, choices, today)
    for rows in kind.every_rows():
        for entry in [*form[rows.name].entries, blank(form, rows)]:
            for field in rows.fields:
                _offer(entry.form[field.name] if hasattr(entry, "form") else entry[field.name], field, choices, today)
    return form


def fix_strand(form: FlaskForm, strand_id: int | None) -> None:
    """Show the strand of a post to somebody who may not move it; what they send for it does not count."""
    form.strand_id.data = str(strand_id or "")
    form.strand_id.render_kw = {"disabled": True}
    form.strand_id.description = "Only its author, a lead of its strand or a manager can move it."


def blank(form: FlaskForm, rows: Rows) -> Form:
    """Return the empty row that scripts copy: its field names hold ``__index__``."""
    kept: dict[str, Form] = form.__dict__.setdefault("_blanks", {})
    if rows.name not in kept:
        kept[rows.name] = _row_form(rows)(prefix=f"{rows.name}-__index__-")
    return kept[rows.name]


def read(form: FlaskForm, kind: Kind) -> Content:
    """Return what was typed, as content. Rows marked for removal, and empty ones, are left out."""
    content: Content = {
        "title": form.title.data.strip(),
        "body": _lines(form.body.data),
        "strand_id": int(form.strand_id.data) if form.strand_id.data else None,
        "tags": tags(form.tags.data),
    }
    for field in kind.fields:
        content[field.name] = _value(form[field.name].data, field)
    for rows in kind.every_rows():
        content[rows.name] = [
            row for entry in form[rows.name].entries if (row := _row(entry, rows)) and contents.is_row(row, rows)
        ]
    return content


def checked(form: FlaskForm, kind: Kind) -> Content | None:
    """Return what was typed if all of it can be kept; else None, with a sentence beside each field to mend."""
    if not form.validate():
        return None
    content = read(form, kind)
    problems = contents.problems(kind, content)
    for problem in problems:
        field = form[problem.field]
        if problem.row is not None:
            kept = [entry for entry in field.entries if _is_kept(entry, kind, problem.field)]
            field = kept[problem.row].form[problem.row_field]
        field.errors = [*field.errors, problem.sentence]
    return None if problems else content


def start(content: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
    """Return ``content`` as the data a form starts from."""
    data: dict[str, Any] = {
        "title": content["title"],
        "body": content["body"],
        "strand_id": str(content["strand_id"] or ""),
        "tags": ", ".join(content["tags"]),
    }
    for field in kind.fields:
        data[field.name] = _shown(content.get(field.name), field)
    for rows in kind.every_rows():
        empty = [{"row_id": ""} for _ in range(rows.spare)]
        data[rows.name] = [
            {"row_id": str(row["id"] or "")} | {field.name: _shown(row[field.name], field) for field in rows.fields}
            for row in content.get(rows.name, ())
        ] + empty
    return data


def typed(fields: list[list[str]]) -> MultiDict[str, str]:
    """Return kept fields as a form would receive them."""
    return MultiDict([(name, value) for name, value in fields])


def tags(text: str | None) -> list[str]:
    """Return the tags in a text: in lower case, each once, in order."""
    found = (" ".join(tag.split()).lower().lstrip("#") for tag in (text or "").split(","))
    return sorted(dict.fromkeys(tag for tag in found if tag))


def _check_tags(_: Form, field: StringField) -> None:
    found = tags(field.data)
    if len(found) > MOST_TAGS:
        msg = f"Use at most {MOST_TAGS} tags."
        raise ValidationError(msg)
    if any(len(tag) > LONGEST_TAG for tag in found):
        msg = f"Keep each tag under {LONGEST_TAG} characters, and put a comma between two tags."
        raise ValidationError(msg)


def _not_blank(_: Form, field: StringField) -> None:
    if not (field.data or "").strip():
        msg = "Give it a title, so that others can find it."
        raise ValidationError(msg)


class _PostForm(FlaskForm):
    title = StringField(
        "Title",
        [
            InputRequired("Give it a title, so that others can find it."),
            _not_blank,
            Length(max=200, message="Keep the title under 200 characters."),
        ],
    )
    strand_id = SelectField("Strand", validate_choice=True)
    body = TextAreaField("Text", [Length(max=LONGEST_BODY, message=TOO_LONG)])
    tags = StringField("Tags", [_check_tags], description="Put a comma between two tags.")
    base = HiddenField()
    draft_key = HiddenField()


@cache
def _FORMS(code: str) -> type[FlaskForm]:  # noqa: N802
    kind = KINDS[code]
    fields: dict[str, Any] = {field.name: _input(field) for field in kind.fields}
    for rows in kind.every_rows():
        fields[rows.name] = FieldList(FormField(_row_form(rows)), label=rows.label, max_entries=300)
    return type(f"{kind.model.__name__}Form", (_PostForm,), fields)


@cache
def _row_form(rows: Rows) -> type[Form]:
    fields: dict[str, Any] = {field.name: _input(field) for field in rows.fields}
    fields["row_id"] = HiddenField()
    fields["remove"] = BooleanField("Remove")
    return type(f"{rows.model.__name__}Row", (Form,), fields)


def _input(field: Field) -> Any:
    rules: list[Any] = [Optional()]
    make: Mapping[Shape, Callable[[], Any]] = {
        Shape.LINE: lambda: StringField(field.label, [*rules, _shorter(field)], description=field.hint),
        Shape.TEXT: lambda: TextAreaField(field.label, [*rules, _shorter(field)], description=field.hint),
        Shape.DATE: lambda: _Day(field.label, rules, description=field.hint),
        Shape.EXACT: lambda: _Figure(field.label, rules, description=field.hint),
        Shape.CHOICE: lambda: SelectField(
            field.label, choices=list((field.choices or {}).items()), description=field.hint
        ),
        Shape.GROUPS: lambda: _Ticks(field.label, description=field.hint),
        Shape.PEOPLE: lambda: _Ticks(field.label, description=field.hint),
    }
    return make.get(field.shape, lambda: SelectField(field.label, rules, description=field.hint))()


def _shorter(field: Field) -> Length:
    return Length(max=field.longest, message=f"Keep it under {field.longest:,} characters.")


def _offer(bound: Any, field: Field, choices: Choices, today: date) -> None:
    if field.shape is Shape.SCHOOL_YEAR:
        now = SchoolYear.of(today).start
        years = range(now + YEARS_AHEAD, now - YEARS_BACK, -1)
        bound.choices = [("", "Choose a year"), *((str(year), str(SchoolYear(year))) for year in years)]
    elif field.shape in {Shape.PERSON, Shape.PEOPLE}:
        chosen = {bound.data} if field.shape is Shape.PERSON else set(bound.data or ())
        here = [(str(key), name) for key, name in choices.people.items() if key not in choices.left]
        left = [(str(key), name) for key, name in choices.people.items() if key in choices.left and str(key) in chosen]
        bound.choices = [*([("", "–")] if field.shape is Shape.PERSON else []), *here, *left]
    elif field.shape is Shape.GROUPS:
        bound.choices = [(str(key), name) for key, name in choices.of(field.shape).items()]
    elif field.shape in {Shape.DISTRICT, Shape.GROUP, Shape.INDICATOR, Shape.DECISION}:
        bound.choices = [("", "–"), *((str(key), name) for key, name in choices.of(field.shape).items())]


def _row(entry: Any, rows: Rows) -> dict[str, Any] | None:
    form = entry.form
    if form.remove.data:
        return None
    row: dict[str, Any] = {"id": row_number(form.row_id.data)}
    return row | {field.name: _value(form[field.name].data, field) for field in rows.fields}


def _is_kept(entry: Any, kind: Kind, name: str) -> bool:
    rows = next(rows for rows in kind.every_rows() if rows.name == name)
    row = _row(entry, rows)
    return row is not None and contents.is_row(row, rows)


def _value(data: Any, field: Field) -> Any:  # noqa: PLR0911 — one answer a shape
    match field.shape:
        case Shape.TEXT:
            return _lines(data)
        case Shape.LINE:
            return (data or "").strip()
        case Shape.DATE:
            return data.isoformat() if data else None
        case Shape.EXACT:
            return None if data is None else str(data.normalize() + 0)
        case Shape.GROUPS:
            return sorted(data or [])
        case Shape.PEOPLE:
            return sorted(int(value) for value in data or [])
        case Shape.CHOICE:
            return data or ""
        case Shape.GROUP:
            return data or "all"
        case _:
            return int(data) if data else None


def _shown(value: Any, field: Field) -> Any:
    match field.shape:
        case Shape.DATE:
            return date.fromisoformat(value) if value else None
        case Shape.EXACT:
            return Decimal(value) if value else None
        case Shape.GROUPS | Shape.PEOPLE:
            return [str(one) for one in value or ()]
        case Shape.TEXT | Shape.LINE:
            return value or ""
        case _:
            return "" if value is None else str(value)


def _lines(text: str | None) -> str:
    """Return a text as browsers send it, with the line ends that everybody else uses."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").rstrip()


class _Ticks(SelectMultipleField):
    """Several choices as a list of boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class _Day(DateField):
    """A day; what cannot be read stays in the field with a sentence."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            msg = "Write the day as year-month-day, such as 2026-11-22."
            raise ValueError(msg) from None


class _Figure(DecimalField):
    """A figure with up to four decimal places."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            msg = "Write a number, such as 71.5."
            raise ValueError(msg) from None

    def pre_validate(self, form: Form) -> None:
        super().pre_validate(form)
        if self.data is not None and -self.data.as_tuple().exponent > 4:  # noqa: PLR2004
            msg = "Use at most four decimal places."
            raise ValidationError(msg)
