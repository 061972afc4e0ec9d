"""What a post says, as a plain dictionary: what forms send, copies keep, merging compares and history shows.

Keys are ``title``, ``body``, ``strand_id``, ``tags``, the fields of the kind, and a list of row dictionaries under the
name of each of its rows. Values survive JSON: days are ISO texts, decimals are texts, ids are whole numbers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import inspect

from app.kinds import INDICATOR_LINKS, Field, Kind, Rows, Shape, kind_of
from app.lib.school_year import SchoolYear
from app.models import Base, IndicatorLink, Post
from app.models.indicator import Evidence
from app.models.meeting import Commitment, MeetingNote
from app.models.plan import StrandPlan
from app.models.practice import PracticeState

Content = dict[str, Any]

_LISTS = {Shape.GROUPS, Shape.PEOPLE}
_OPTIONAL_TEXTS = {"essa_tier"}  # columns where no choice is NULL, not an empty text


def read(post: Post) -> Content:
    """Return everything ``post`` says. Its collections must be loaded."""
    kind = kind_of(post)
    content: Content = {
        "title": post.title,
        "body": post.body,
        "strand_id": post.strand_id,
        "tags": sorted(post.tags),
    }
    for field in kind.fields:
        content[field.name] = _out(getattr(post, field.name), field)
    for rows in kind.every_rows():
        content[rows.name] = [_row_out(row, rows) for row in getattr(post, rows.name)]
    return content


def write(post: Post, content: Mapping[str, Any], *, by: int, now: datetime) -> None:
    """Make ``post`` say ``content``. Rows keep their identity by ``id``; a row without its key words is dropped."""
    kind = kind_of(post)
    if inspect(post).transient:
        _open(post)
    post.title = content["title"]
    post.body = content["body"]
    post.strand_id = content["strand_id"]
    _replace(post.tags, content["tags"])
    for field in kind.fields:
        value = _in(content.get(field.name), field)
        if field.shape in _LISTS:
            _replace(getattr(post, field.name), value)
        elif value is not None or not field.required:
            setattr(post, field.name, value)
    for rows in kind.every_rows():
        _write_rows(post, rows, content.get(rows.name, ()), by=by, now=now)
    post.school_year = school_year(post)


def school_year(post: Post) -> int:
    """Return the school year a post belongs to: the meeting's, the plan's, or that of the day it was written."""
    if isinstance(post, MeetingNote):
        return SchoolYear.of(post.met_on).start
    if isinstance(post, StrandPlan):
        return post.plan_year
    return SchoolYear.of(post.created_at.date()).start


def is_row(row: Mapping[str, Any], rows: Rows) -> bool:
    """Say whether a row holds what makes it one (empty rows in a form do not)."""
    return any(row.get(name) not in (None, "") for name in rows.key)


@dataclass(frozen=True, slots=True)
class Problem:
    """What must be mended before a content can be kept: in a field, or in a field of one of its rows (from 0)."""

    field: str
    sentence: str
    row: int | None = None
    row_field: str = ""


def problems(kind: Kind, content: Mapping[str, Any]) -> list[Problem]:
    """Return everything the database would refuse in ``content``, in words. Empty rows are no problem."""
    found = [
        Problem(field.name, f"Fill in “{field.label}”.")
        for field in kind.fields
        if field.required and content.get(field.name) in (None, "")
    ]
    if not str(content.get("title") or "").strip():
        found.append(Problem("title", "Give it a title, so that others can find it."))
    if content.get("state") == PracticeState.RETIRED and not content.get("retired_reason"):
        found.append(Problem("retired_reason", "Say why it was retired: that is what others will look for."))
    for rows in kind.every_rows():
        for number, row in enumerate(content.get(rows.name, ())):
            if is_row(row, rows):
                found += [
                    Problem(rows.name, f"Choose “{field.label}” for this {rows.one}.", number, field.name)
                    for field in rows.fields
                    if field.required and row.get(field.name) in (None, "")
                ]
    return [*found, *_link_problems(content.get(INDICATOR_LINKS.name, ()))]


def _link_problems(links: Iterable[Mapping[str, Any]]) -> Iterable[Problem]:
    seen: set[int] = set()
    for number, link in enumerate(links):
        if link.get("indicator_id") in seen:
            yield Problem(INDICATOR_LINKS.name, "This indicator is linked twice. Remove one.", number, "indicator_id")
        seen.add(link.get("indicator_id") or 0)
        if link.get("essa_tier") and link.get("evidence") != Evidence.EXTERNAL_STUDY:
            sentence = "A tier goes with an external study. Choose “External study”, or no tier."
            yield Problem(INDICATOR_LINKS.name, sentence, number, "essa_tier")


def words(content: Mapping[str, Any], post: Post) -> Iterable[str]:
    """Yield every text of ``content`` besides title and body, for the search index."""
    kind = kind_of(post)
    for field in kind.fields:
        if field.shape in {Shape.TEXT, Shape.LINE} and content.get(field.name):
            yield content[field.name]
    for rows in kind.rows:
        texts = [f.name for f in rows.fields if f.shape in {Shape.TEXT, Shape.LINE}]
        for row in content.get(rows.name, ()):
            yield from (row[name] for name in texts if row.get(name))


def _open(post: Post) -> None:
    """Give a new post its empty lists, so that reading them later asks the database nothing."""
    for relation in inspect(type(post)).relationships:
        if relation.uselist:
            setattr(post, relation.key, list(getattr(post, relation.key)))


def _write_rows(post: Post, rows: Rows, given: Iterable[Mapping[str, Any]], *, by: int, now: datetime) -> None:
    held: dict[int, Base] = {row.id: row for row in getattr(post, rows.name) if row.id is not None}
    kept: list[Base] = []
    for position, wanted in enumerate(row for row in given if is_row(row, rows)):
        row = held.pop(wanted.get("id") or 0, None)
        is_new = row is None
        row = row or rows.model()
        before = _row_out(row, rows)
        for field in rows.fields:
            if field.name in wanted:
                value = _in(wanted[field.name], field)
                setattr(row, field.name, value)
        if hasattr(row, "position"):
            row.position = position
        if isinstance(row, Commitment):
            row.closed_on = (row.closed_on or now.date()) if row.is_closed else None
        if isinstance(row, IndicatorLink) and (is_new or before != _row_out(row, rows)):
            row.set_by_id, row.set_at = by, now
        kept.append(row)
    getattr(post, rows.name)[:] = kept


def _row_out(row: Any, rows: Rows) -> dict[str, Any]:
    return {"id": row.id} | {field.name: _out(getattr(row, field.name), field) for field in rows.fields}


def _out(value: Any, field: Field) -> Any:
    if field.shape in _LISTS:
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if value is None and field.shape in {Shape.TEXT, Shape.LINE, Shape.CHOICE}:
        return ""
    return value


def _in(value: Any, field: Field) -> Any:  # noqa: PLR0911 — one answer a shape
    match field.shape:
        case Shape.TEXT | Shape.LINE:
            return value or ""
        case Shape.CHOICE:
            return value or (None if field.name in _OPTIONAL_TEXTS else next(iter(field.choices or ("",))))
        case Shape.GROUP:
            return value or "all"
        case Shape.GROUPS | Shape.PEOPLE:
            return list(value or ())
        case Shape.DATE:
            return date.fromisoformat(value) if value else None
        case Shape.EXACT:
            return Decimal(value) if value not in (None, "") else None
        case _:
            return value or None


def _replace(held: Any, wanted: Iterable[Any]) -> None:
    """Make a collection hold ``wanted``, touching only what differs (so nothing is deleted and inserted again)."""
    wanted = list(dict.fromkeys(wanted))
    for value in [value for value in held if value not in wanted]:
        held.remove(value)
    for value in wanted:
        if value not in held:
            held.append(value)
