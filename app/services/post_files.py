"""Reading posts from files: a folder of Markdown with front matter, or one JSON object a line."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from app.contents import Content
from app.kinds import KINDS, Kind
from app.lib.school_year import SchoolYear
from app.lib.text import shorten
from app.policy import Sharing
from app.services import reading
from app.services.reading import Names, Unreadable

KEY = 200  # characters
OWN = frozenset({"key", "kind", "created", "author", "shared"})
NOON = time(12, tzinfo=UTC)  # so that the day is the same in California


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for every post of a file that does not say otherwise.

    Attributes:
        author: (person, district) of whoever imports.
        now: when.
        kind: what a post is.
        strand: name of a strand.
        sharing: who can see it.
    """

    author: tuple[int, int]
    now: datetime
    kind: str = "practice"
    strand: str | None = None
    sharing: Sharing = Sharing.DRAFT


@dataclass(frozen=True, slots=True)
class Entry:
    """One post of a file. ``digest`` is of all that the file says, to see whether it says something else next time."""

    key: str
    kind: Kind
    content: Content
    author_id: int
    district_id: int
    created_at: datetime
    sharing: Sharing
    digest: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong at one place of a file: ``line 12`` or ``folder/page.md``."""

    place: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a file or folder holds.

    Attributes:
        entries: its posts.
        wrong: everything that is wrong with it.
        left_out: fields of Markdown pages that posts do not have; other programs put them there.
    """

    entries: list[Entry]
    wrong: list[Wrong]
    left_out: list[str]


def read(path: Path, names: Names, defaults: Defaults) -> Read:
    """Read a file or folder.

    Raises:
        FileNotFoundError: if there is nothing.
    """
    is_jsonl = path.is_file() and path.suffix != ".md"
    left_out: set[str] = set()
    entries: dict[str, Entry] = {}
    places: dict[str, str] = {}
    wrong: list[Wrong] = []
    for place, given in _given(path):
        try:
            if isinstance(given, Unreadable):
                raise given
            foreign = set() if is_jsonl else _foreign(given, defaults)
            left_out |= foreign
            entry = _entry({name: given[name] for name in given if name not in foreign}, names, defaults)
            if entry.key in entries:
                _refuse(f"The key “{entry.key}” is also that of {places[entry.key]}.")
            entries[entry.key], places[entry.key] = entry, place
        except Unreadable as error:
            wrong += [Wrong(place, sentence) for sentence in error.sentences]
    return Read(list(entries.values()), wrong, sorted(left_out))


def _foreign(given: Mapping[str, Any], defaults: Defaults) -> set[str]:
    kind = KINDS.get(str(given.get("kind") or defaults.kind), KINDS[defaults.kind])
    return set(given) - OWN - set(reading.fields_of(kind))


def _given(path: Path) -> Iterable[tuple[str, Mapping[str, Any] | Unreadable]]:
    if path.is_dir():
        pages = sorted(page for page in path.rglob("*.md") if page.is_file())
        if not pages:
            msg = f"There is no Markdown file (.md) in {path}."
            raise FileNotFoundError(msg)
        return ((page.relative_to(path).as_posix(), _page(page, path)) for page in pages)
    if not path.is_file():
        msg = f"{path} is not there. Type the path of a folder of Markdown files, or of one file such as posts.jsonl."
        raise FileNotFoundError(msg)
    if path.suffix == ".md":
        return [(path.name, _page(path, path.parent))]
    return _lines(path)


def _lines(path: Path) -> Iterator[tuple[str, Mapping[str, Any] | Unreadable]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield f"line {number}", _line(line)


def _line(line: bytes) -> Mapping[str, Any] | Unreadable:
    try:
        given = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Unreadable(["This is not UTF-8. Save the file as UTF-8 and try again."])
    except (ValueError, RecursionError):
        return Unreadable(["This is not JSON. Each line holds one object: {…} with key, title and body."])
    if not isinstance(given, dict):
        return Unreadable(["This should be an object: {…} with key, title and body."])
    return given


def _page(page: Path, folder: Path) -> Mapping[str, Any] | Unreadable:
    try:
        text = page.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return Unreadable(["This is not UTF-8. Save the file as UTF-8 and try again."])
    try:
        front, body = _split(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 2})" if mark else ""
        return Unreadable([f"The lines between --- are not YAML{where}."])
    if "title" not in front:
        heading, rest = _heading(body)
        front["title"] = shorten(heading or page.stem.replace("-", " ").replace("_", " ").capitalize(), reading.TITLE)
        body = rest if heading else body
    return {"key": page.relative_to(folder).as_posix()} | front | {"body": body.strip("\n")}


def _split(text: str) -> tuple[dict[str, Any], str]:
    """Return front matter and body."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return {}, text
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == "---":
            front = yaml.safe_load("\n".join(lines[1:number]))
            if not isinstance(front, dict | None):
                raise yaml.YAMLError
            return {str(name): value for name, value in (front or {}).items()}, "\n".join(lines[number + 1 :])
    return {}, text


def _heading(body: str) -> tuple[str, str]:
    """Return the words of a heading that the body begins with, and the rest."""
    first, _, rest = body.lstrip("\n").partition("\n")
    return (first[2:].strip().strip("#").strip(), rest) if first.startswith("# ") else ("", body)


def _entry(given: Mapping[str, Any], names: Names, defaults: Defaults) -> Entry:
    wrong: list[str] = []

    def attempt(name: str, understand: Any, otherwise: Any) -> Any:
        if given.get(name) in (None, ""):
            return otherwise
        try:
            return understand(given[name])
        except ValueError as error:
            wrong.append(f"{name}: {error}")
            return otherwise

    key = attempt("key", lambda text: reading.plain(text, KEY), "")
    kind = attempt("kind", _kind, KINDS[defaults.kind])
    created = attempt("created", lambda text: _moment(text, defaults.now), defaults.now)
    author_id, district_id = attempt("author", lambda email: names.person(str(email)), defaults.author)
    sharing = attempt("shared", _sharing, defaults.sharing)
    if not key and not wrong:
        wrong.append("Give it a key, a name of its own by which it is known next time.")
    said = _completed(given, kind, created, defaults)
    try:
        content = reading.content(kind, said, names)
    except Unreadable as error:
        wrong += error.sentences
    if sharing == Sharing.STRAND and not said.get("strand"):
        wrong.append("It is to be shared with a strand, and names none. Give it a strand, or share it otherwise.")
    if wrong:
        raise Unreadable(wrong)
    return Entry(key, kind, content, author_id, district_id, created, sharing, _digest(given, kind))


def _completed(given: Mapping[str, Any], kind: Kind, created: datetime, defaults: Defaults) -> dict[str, Any]:
    """Return the fields that a file gives, with those that can be worked out."""
    said = {"body": ""} | {name: value for name, value in given.items() if name not in OWN}
    if defaults.strand and not said.get("strand"):
        said["strand"] = defaults.strand
    if kind.code == "meeting-note":
        said.setdefault("met_on", created.date())
    if kind.code == "strand-plan":
        said.setdefault("plan_year", SchoolYear.of(created.date()).start)
    return said


def _kind(code: Any) -> Kind:
    if code not in KINDS:
        msg = f"“{code}” is none of: {', '.join(KINDS)}."
        raise ValueError(msg)
    return KINDS[code]


def _sharing(word: Any) -> Sharing:
    if word not in set(Sharing):
        msg = f"“{word}” is none of: {', '.join(Sharing)}."
        raise ValueError(msg)
    return Sharing(word)


def _moment(value: Any, now: datetime) -> datetime:
    """Return when a post was written: a day, or a moment; without a time zone, noon or that time in UTC."""
    if isinstance(value, str) and len(value) > len("2024-10-03"):
        moment = datetime.fromisoformat(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    else:
        moment = value if isinstance(value, datetime) else datetime.combine(_day(value), NOON)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if moment > now and moment.date() > now.date():
        msg = f"{moment:%Y-%m-%d} is still to come."
        raise ValueError(msg)
    return min(moment, now)


def _day(value: Any) -> date:
    return reading.day(value)


def _digest(given: Mapping[str, Any], kind: Kind) -> str:
    written = json.dumps([kind.code, given], sort_keys=True, default=str, ensure_ascii=True)
    return sha256(written.encode()).hexdigest()


def _refuse(sentence: str) -> None:
    raise Unreadable([sentence])
