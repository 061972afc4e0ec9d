"""Differences as people read them: field by field, in the names of things, with the words that came and went."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.contents import Content, is_row
from app.kinds import KINDS, Field, Kind, Rows, Shape
from app.lib import times
from app.lib.differences import Stretch, compare, fold
from app.lib.school_year import SchoolYear
from app.models import Revision
from app.queries.choices import Choices
from app.services.posts import Saved

VISIT = timedelta(minutes=10)  # what one author saves within it is one visit


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one field."""

    label: str
    stretches: Sequence[Stretch]


@dataclass(frozen=True, slots=True)
class Side:
    """Both versions of one field that two people changed."""

    label: str
    yours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Visit:
    """What one author saved in one go, the latest version first."""

    versions: Sequence[Revision]

    @property
    def latest(self) -> Revision:
        """The version they left."""
        return self.versions[0]


def visits(versions: Sequence[Revision]) -> list[Visit]:
    """Return versions, the latest first, with those that one author saved within ten minutes taken together."""
    grouped: list[list[Revision]] = []
    for version in versions:
        last = grouped[-1][-1] if grouped else None
        together = last is not None and last.author_id == version.author_id and last.saved_at - version.saved_at < VISIT
        if together and version.restores is None and last is not None and last.restores is None:
            grouped[-1].append(version)
        else:
            grouped.append([version])
    return [Visit(group) for group in grouped]


def changes(kind_code: str, before: Content | None, after: Content, offered: Choices) -> list[Change]:
    """Return every field that differs, in the words of a page. Without ``before``, everything came."""
    kind = KINDS[kind_code]
    old, new = _texts(kind, before or {}, offered), _texts(kind, after, offered)
    return [
        Change(label, fold(compare(old.get(label, ""), text)))
        for label, text in new.items()
        if text != old.get(label, "")
    ]


def both(saved: Saved, yours: Content, offered: Choices) -> list[Side]:
    """Return both versions of each field that could not be merged."""
    kind = KINDS[saved.post.kind]
    labels = _labels(kind)
    mine, theirs = _texts(kind, yours, offered), _texts(kind, saved.theirs or {}, offered)
    wanted = [labels[name] for name in saved.conflicts if name in labels]
    return [Side(label, mine.get(label, ""), theirs.get(label, "")) for label in wanted]


def _labels(kind: Kind) -> dict[str, str]:
    labels = {"title": "Title", "strand_id": "Strand", "body": "Text", "tags": "Tags"}
    labels |= {field.name: field.label for field in kind.fields}
    return labels | {rows.name: rows.label for rows in kind.every_rows()}


def _texts(kind: Kind, content: Mapping[str, Any], offered: Choices) -> dict[str, str]:
    texts = {
        "Title": content.get("title") or "",
        "Strand": offered.strands.get(content.get("strand_id") or 0, ""),
        "Text": content.get("body") or "",
    }
    texts |= {field.label: _words(content.get(field.name), field, offered) for field in kind.fields}
    texts |= {rows.label: _row_words(content.get(rows.name) or (), rows, offered) for rows in kind.every_rows()}
    return texts | {"Tags": ", ".join(content.get("tags") or ())}


def _row_words(given: Sequence[Mapping[str, Any]], rows: Rows, offered: Choices) -> str:
    lines = []
    for row in given:
        if is_row(row, rows):
            said = [(field, _words(row.get(field.name), field, offered)) for field in rows.fields]
            lines.append("• " + "; ".join(_labelled(field, words, rows) for field, words in said if words))
    return "\n".join(lines)


def _labelled(field: Field, words: str, rows: Rows) -> str:
    return words if field.name in rows.key else f"{field.label.lower()}: {words}"


def _words(value: Any, field: Field, offered: Choices) -> str:  # noqa: PLR0911 — one answer a shape
    if value in (None, "", []):
        return ""
    match field.shape:
        case Shape.TEXT | Shape.LINE | Shape.EXACT:
            return str(value)
        case Shape.CHOICE:
            return (field.choices or {}).get(value, str(value))
        case Shape.DATE:
            return times.day(date.fromisoformat(value))
        case Shape.SCHOOL_YEAR:
            return str(SchoolYear(int(value)))
        case Shape.GROUPS | Shape.PEOPLE:
            names: Mapping[Any, str] = offered.of(field.shape)
            return ", ".join(names.get(one, str(one)) for one in value)
        case _:
            found: Mapping[Any, str] = offered.of(field.shape)
            return found.get(value, "something that is not here any more")
