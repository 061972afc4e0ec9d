"""Writing definitions: the catalogue of indicators, and what each district says about how it counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import raiseload, selectinload

from app.lib.school_year import SchoolYear
from app.lib.slugs import slug
from app.models import DefinitionNote, DefinitionVersion, Indicator, StudentGroup
from app.policy import Denied, require_figures
from app.work import Work

LONGEST_NOTE = 4000  # characters

PLAIN = (
    "name",
    "short",
    "question",
    "unit",
    "direction",
    "kind",
    "timing",
    "numerator",
    "denominator",
    "population",
    "source",
    "source_url",
    "cadence",
    "suppression_rule",
    "caveats",
    "owner_office",
)


@dataclass(frozen=True, slots=True)
class Defined:
    """What a catalogue held."""

    groups: int
    indicators: int


def load(work: Work, catalogue: Sequence[Mapping[str, Any]], groups: Sequence[Mapping[str, Any]]) -> Defined:
    """Write a catalogue of indicators and student groups; loading it again changes nothing but what it says anew.

    Args:
        work: whose actor keeps figures.
        catalogue: indicators as in ``app/demo/indicators.yaml``.
        groups: student groups as in ``app/demo/groups.yaml``.

    Raises:
        Denied: if the actor is of no data office and manages nothing.
        ValueError: if a companion is not in the catalogue.
    """
    require_figures(work.actor)
    for group in groups:
        work.session.merge(
            StudentGroup(
                code=group["id"], name=group["name"], short=group["short"], kind=group["kind"], position=group["order"]
            )
        )
    query = select(Indicator).options(selectinload(Indicator.versions), raiseload("*"))
    known = {indicator.code: indicator for indicator in work.session.scalars(query)}
    for entry in catalogue:
        known[entry["id"]] = _define(work, known.get(entry["id"]), entry)
    work.session.flush()
    for entry in catalogue:
        _join(known, entry)
    work.session.flush()
    work.record("indicators.loaded", "indicators", indicators=len(catalogue), groups=len(groups))
    return Defined(len(groups), len(catalogue))


@dataclass(frozen=True, slots=True)
class Definition:
    """What an indicator is, as the data office writes it. ``companion_id`` is what to read beside it."""

    name: str
    short: str
    question: str
    unit: str
    direction: str
    kind: str
    timing: str
    strand_name: str = ""
    numerator: str = ""
    denominator: str = ""
    population: str = ""
    source: str = ""
    source_url: str = ""
    cadence: str = ""
    suppression_rule: str = ""
    owner_office: str = ""
    caveats: str = ""
    decimals: int = 1
    companion_id: int | None = None
    same_as_id: int | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One way of measuring, with the school years it is in force; a break begins another series."""

    name: str
    valid_from: int | None
    valid_to: int | None
    is_break: bool
    note: str


def define(work: Work, said: Definition, indicator: Indicator | None = None) -> Indicator:
    """Write what an indicator is; without one, a new indicator with its first way of measuring.

    Raises:
        Denied: if the actor is of no data office and manages nothing.
        ValueError: if it would be its own companion, or have no source to be drawn from.
    """
    require_figures(work.actor)
    is_new = indicator is None
    if indicator is None:
        indicator = Indicator(code=_free_code(work, said.name), versions=[])
        indicator.versions.append(DefinitionVersion(code="first", name="First definition"))
        work.session.add(indicator)
    elif indicator.id in {said.companion_id, said.same_as_id}:
        msg = "An indicator cannot stand beside itself. Choose another one."
        raise ValueError(msg)
    before = {field.name: getattr(indicator, field.name, None) for field in fields(said)}
    for field in fields(said):
        setattr(indicator, field.name, getattr(said, field.name))
    work.session.flush()
    changed = [name for name, value in before.items() if value != getattr(indicator, name)]
    action = "indicator.added" if is_new else "indicator.changed"
    if is_new or changed:
        work.record(action, f"indicator:{indicator.id}", partnership_id=work.actor.partnership_id, changed=changed)
    return indicator


def measure(work: Work, indicator: Indicator, way: Way, version: DefinitionVersion | None = None) -> DefinitionVersion:
    """Write one way of measuring; without a version, a new one.

    Raises:
        Denied: if the actor is of no data office and manages nothing.
        ValueError: if its years run backwards, or a break has no first year.
    """
    require_figures(work.actor)
    if way.valid_from is not None and way.valid_to is not None and way.valid_to < way.valid_from:
        msg = "It ends before it begins. Change one of the two years."
        raise ValueError(msg)
    if way.is_break and way.valid_from is None:
        msg = "A new series needs the school year in which it begins."
        raise ValueError(msg)
    if version is None:
        taken = {held.code for held in indicator.versions}
        wanted = slug(way.name)[:50] or "definition"
        version = DefinitionVersion(code=next(code for code in _numbered(wanted) if code not in taken))
        indicator.versions.append(version)
    version.name, version.note = way.name, way.note
    version.valid_from, version.valid_to, version.is_break = way.valid_from, way.valid_to, way.is_break
    work.session.flush()
    work.record(
        "indicator.changed",
        f"indicator:{indicator.id}",
        partnership_id=work.actor.partnership_id,
        changed=["versions"],
    )
    return version


def note(work: Work, indicator: Indicator, text: str) -> DefinitionNote | None:
    """Keep what the actor's district says about how it counts; an empty text takes it away.

    Raises:
        Denied: if the actor is of no data office and manages nothing.
    """
    author_id = require_figures(work.actor)
    part = work.actor.here
    if part is None:
        msg = "Choose the partnership first in which your district counts."
        raise Denied(msg)
    query = select(DefinitionNote).where(
        DefinitionNote.indicator_id == indicator.id, DefinitionNote.district_id == part.district_id
    )
    kept = work.session.scalars(query).one_or_none()
    said = text.strip()[:LONGEST_NOTE]
    if said and kept is None:
        kept = DefinitionNote(indicator_id=indicator.id, district_id=part.district_id)
        work.session.add(kept)
    if kept is None:
        return None
    if said:
        kept.text, kept.written_by_id, kept.written_at = said, author_id, work.now
    else:
        work.session.delete(kept)
    work.session.flush()
    work.record("indicator.noted", f"indicator:{indicator.id}", partnership_id=part.partnership_id)
    return kept if said else None


def _define(work: Work, indicator: Indicator | None, entry: Mapping[str, Any]) -> Indicator:
    if indicator is None:
        indicator = Indicator(code=entry["id"], versions=[])
        work.session.add(indicator)
    for name in PLAIN:
        setattr(indicator, name, entry.get(name) or "")
    indicator.abbreviations = list(entry.get("abbreviations") or ())
    indicator.decimals = entry.get("decimals", 1)
    indicator.strand_name = (entry.get("strand") or "").replace("-", " ").capitalize()
    known = {version.code: version for version in indicator.versions}
    for given in entry.get("versions") or ():
        version = known.get(given["id"])
        if version is None:
            version = DefinitionVersion(code=given["id"])
            indicator.versions.append(version)
        version.name = given.get("name") or given["id"]
        version.valid_from = _year(given.get("valid_from"))
        version.valid_to = _year(given.get("valid_to"))
        version.is_break = bool(given.get("is_break"))
        version.note = given.get("note") or ""
    return indicator


def _free_code(work: Work, name: str) -> str:
    wanted = slug(name).replace("-", "_")[:50] or "indicator"
    taken = set(work.session.scalars(select(Indicator.code).where(Indicator.code.startswith(wanted))))
    return next(code for code in _numbered(wanted) if code not in taken)


def _numbered(wanted: str) -> Iterator[str]:
    yield wanted
    for number in count(2):
        yield f"{wanted}_{number}"


def _join(known: Mapping[str, Indicator], entry: Mapping[str, Any]) -> None:
    code = entry.get("companion")
    if code and code not in known:
        msg = f"“{entry['id']}” names “{code}” as its companion, but no indicator has that name."
        raise ValueError(msg)
    known[entry["id"]].companion_id = known[code].id if code else None
    same = known.get(entry.get("same_as") or "")
    known[entry["id"]].same_as_id = same.id if same else None


def _year(written: str | int | None) -> int | None:
    return None if written is None else SchoolYear.parse(written).start
