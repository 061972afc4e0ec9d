"""Writing definitions: the catalogue of indicators, and what each district says about how it counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import raiseload, selectinload

from app.lib.school_year import SchoolYear
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


def _join(known: Mapping[str, Indicator], entry: Mapping[str, Any]) -> None:
    code = entry.get("companion")
    if code and code not in known:
        msg = f"“{entry['id']}” names “{code}” as its companion, but no indicator has that name."
        raise ValueError(msg)
    known[entry["id"]].companion_id = known[code].id if code else None


def _year(written: str | int | None) -> int | None:
    return None if written is None else SchoolYear.parse(written).start
