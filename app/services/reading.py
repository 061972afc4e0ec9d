"""Understanding what a file says of a post: names become numbers, and what makes no sense becomes a sentence."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import contents
from app.contents import Content
from app.kinds import Field, Kind, Rows, Shape
from app.lib.school_year import SchoolYear
from app.lib.text import join_words
from app.models import (
    District,
    Indicator,
    Membership,
    PartnershipDistrict,
    Person,
    Strand,
    StudentGroup,
)

Value = TypeVar("Value")

TITLE = 200  # characters
TAG = 40
MOST_NAMED = 12  # of what there is, when something else was named
CORE = ("title", "body", "strand", "tags")


class Unreadable(ValueError):
    """What a file says makes no sense; ``sentences`` say why, one for each thing."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self.sentences = tuple(sentences)
        super().__init__(" ".join(self.sentences))


@dataclass(frozen=True, slots=True)
class Names:
    """What a file may speak of, by the names that people use, in small letters.

    Attributes:
        strands: by name.
        districts: by name, short name and CDS code.
        people: of the partnership, by e-mail: their number and their district's.
        groups: the codes of student groups.
        indicators: by code.
    """

    strands: Mapping[str, int]
    districts: Mapping[str, int]
    people: Mapping[str, tuple[int, int]]
    groups: frozenset[str]
    indicators: Mapping[str, int]

    @classmethod
    def of(cls, session: Session, partnership_id: int) -> "Names":
        """Read the names of one partnership."""
        strands = session.execute(select(Strand.name, Strand.id).where(Strand.partnership_id == partnership_id))
        here = PartnershipDistrict.partnership_id == partnership_id
        places = session.scalars(select(District).join(PartnershipDistrict).where(here)).all()
        people = session.execute(
            select(Person.email, Person.id, Membership.district_id)
            .join(Membership, Membership.person_id == Person.id)
            .where(Membership.partnership_id == partnership_id)
        )
        return cls(
            {row[0].casefold(): row[1] for row in strands},
            {
                name.casefold(): place.id
                for place in places
                for name in (place.name, place.short_name, place.cds_code)
                if name
            },
            {row[0]: (row[1], row[2]) for row in people},
            frozenset(session.scalars(select(StudentGroup.code))),
            {row[0].casefold(): row[1] for row in session.execute(select(Indicator.code, Indicator.id))},
        )

    def strand(self, name: str) -> int:
        """Return the strand of that name."""
        return _found(self.strands, name, "strand of this partnership")

    def district(self, name: str) -> int:
        """Return the district of that name, short name or CDS code."""
        return _found(self.districts, name, "district of this partnership")

    def person(self, email: str) -> tuple[int, int]:
        """Return the person with that e-mail, and their district."""
        return _found(self.people, email, "person of this partnership, by e-mail", says=False)


def fields_of(kind: Kind) -> list[str]:
    """Return what a file may say of a post of ``kind``."""
    return [*CORE, *(field.name for field in kind.fields), *(rows.name for rows in kind.every_rows())]


def content(kind: Kind, given: Mapping[str, Any], names: Names) -> Content:
    """Return the fields of ``kind`` that ``given`` speaks of, as a content holds them.

    Raises:
        Unreadable: with a sentence for everything that makes no sense.
    """
    wrong: list[str] = []
    said: Content = {}
    fields = {field.name: field for field in kind.fields}
    lists = {rows.name: rows for rows in kind.every_rows()}
    for name, value in given.items():
        try:
            if name in CORE:
                said |= _core(name, value, names)
            elif name in fields:
                said[name] = _value(fields[name], value, names)
            elif name in lists:
                said[name] = list(_rows(lists[name], value, names))
            else:
                wrong.append(f"A {kind.label.lower()} has no field “{name}”. It has: {', '.join(fields_of(kind))}.")
        except ValueError as error:
            wrong += error.sentences if isinstance(error, Unreadable) else [f"{name}: {error}"]
    if not wrong:
        wrong = [problem.sentence for problem in contents.problems(kind, said)]
    if wrong:
        raise Unreadable(wrong)
    return said


def day(value: Any) -> date:
    """Return the day that a file means: ``2024-10-03``, with or without a time.

    Raises:
        ValueError: with a sentence.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError:
        msg = f"“{value}” is not a day. Write it like 2024-10-03."
        raise ValueError(msg) from None


def plain(value: Any, longest: int | None = None) -> str:
    """Return a text that every database keeps.

    Raises:
        ValueError: if it is no text, or too long; the message is a sentence.
    """
    if not isinstance(value, str | int | float | date):
        msg = "This should be a text."
        raise ValueError(msg)  # noqa: TRY004 - the file is wrong, not the program
    text = str(value).replace("\0", "").encode("utf-8", "replace").decode()
    if longest is not None and len(text) > longest:
        msg = f"This is {len(text):,} characters long; the most is {longest:,}."
        raise ValueError(msg)
    return text


def _core(name: str, value: Any, names: Names) -> Content:
    match name:
        case "title":
            return {"title": " ".join(plain(value, TITLE).split())}
        case "body":
            return {"body": plain(value)}
        case "strand":
            return {"strand_id": names.strand(str(value)) if value else None}
        case _:
            words = [" ".join(plain(tag, TAG).lower().split()) for tag in _list(value)]
            return {"tags": sorted({word for word in words if word})}


def _value(field: Field, value: Any, names: Names) -> Any:  # noqa: C901, PLR0911, PLR0912 - one case a shape
    if value is None:
        return [] if field.shape in {Shape.GROUPS, Shape.PEOPLE} else ""
    match field.shape:
        case Shape.TEXT | Shape.LINE:
            return plain(value, field.longest)
        case Shape.DATE:
            return day(value).isoformat()
        case Shape.SCHOOL_YEAR:
            return SchoolYear.parse(value).start
        case Shape.EXACT:
            return _exact(value)
        case Shape.CHOICE:
            return _choice(field.choices or {}, str(value))
        case Shape.PERSON:
            return names.person(str(value))[0]
        case Shape.PEOPLE:
            return sorted(names.person(str(one))[0] for one in _list(value))
        case Shape.DISTRICT:
            return names.district(str(value))
        case Shape.INDICATOR:
            return _found(names.indicators, str(value), "indicator")
        case Shape.GROUP:
            return _group(str(value), names)
        case Shape.GROUPS:
            return sorted({_group(str(one), names) for one in _list(value)})
        case Shape.DECISION:
            if isinstance(value, int):
                return value
            msg = "A file cannot point to a decision. Leave it out, and choose the decision in Braid."
            raise ValueError(msg)


def _rows(rows: Rows, value: Any, names: Names) -> Iterator[dict[str, Any]]:
    fields = {field.name: field for field in rows.fields}
    fields |= {_short(name): field for name, field in fields.items()}
    for number, given in enumerate(_list(value), start=1):
        if not isinstance(given, Mapping):
            msg = f"{rows.label}, {number}: this should be fields with values."
            raise Unreadable([msg])
        row = {}
        for name, said in given.items():
            if name not in fields:
                known = ", ".join(_short(field.name) for field in rows.fields)
                msg = f"{rows.label}, {number}: there is no field “{name}”. There is: {known}."
                raise Unreadable([msg])
            try:
                row[fields[name].name] = _value(fields[name], said, names)
            except ValueError as error:
                msg = f"{rows.label}, {number}, {name}: {error}"
                raise Unreadable([msg]) from None
        yield row


def _short(name: str) -> str:
    """Return what a file may call a field that holds a number: ``owner`` for ``owner_id``."""
    return name.removesuffix("_id").removesuffix("_code")


def _list(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    if isinstance(value, list | tuple):
        return list(value)
    msg = "This should be a list."
    raise ValueError(msg)


def _exact(value: Any) -> str:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or number != round(number, 4):
        msg = f"“{value}” is not a number with at most four decimal places."
        raise ValueError(msg)
    return str(number)


def _choice(choices: Mapping[str, str], value: str) -> str:
    wanted = value.strip().casefold()
    for code, words in choices.items():
        if wanted in {str(code), words.casefold()}:
            return str(code)
    msg = f"“{value}” is none of: {', '.join(str(code) for code in choices if code)}."
    raise ValueError(msg)


def _group(code: str, names: Names) -> str:
    if code not in names.groups:
        msg = f"There is no student group “{code}”."
        raise ValueError(msg)
    return code


def _found(known: Mapping[str, Value], name: str, what: str, *, says: bool = True) -> Value:
    """Return what is known by a name. A problem ``says`` which names are like it, or of a few, which there are."""
    wanted = name.strip().casefold()
    value = known.get(wanted)
    if value is None:
        near = [other for other in known if wanted and wanted in other] or get_close_matches(wanted, known)
        near = near or (sorted(known) if len(known) <= MOST_NAMED else [])
        there = f" Use {join_words(near[:MOST_NAMED], last='or')}." if says and near else ""
        msg = f"There is no {what} “{name}”.{there}"
        raise ValueError(msg)
    return value
