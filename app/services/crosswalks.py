"""Writing the crosswalk: each district's own definitions, and whether a data office finds them comparable."""

from collections.abc import Mapping

from sqlalchemy import select

from app.models import Comparison, DistrictDefinition, Indicator
from app.models.crosswalk import Aspect, Comparable
from app.policy import Denied, Part, require_figures
from app.work import Work

LONGEST = 2000  # characters


def say(work: Work, indicator: Indicator, words: Mapping[Aspect, str]) -> None:
    """Keep what the actor's own district says about each aspect; an empty text takes it away.

    Raises:
        Denied: if the actor is of no data office and manages nothing, or looks at no partnership.
    """
    author_id, part = _keeper(work)
    query = select(DistrictDefinition).where(
        DistrictDefinition.indicator_id == indicator.id, DistrictDefinition.district_id == part.district_id
    )
    held = {Aspect(one.aspect): one for one in work.session.scalars(query)}
    changed = []
    for aspect, given in words.items():
        said, kept = given.strip()[:LONGEST], held.get(aspect)
        if said == (kept.text if kept else ""):
            continue
        changed.append(str(aspect))
        if kept is not None and not said:
            work.session.delete(kept)
            continue
        if kept is None:
            kept = DistrictDefinition(indicator_id=indicator.id, district_id=part.district_id, aspect=aspect)
            work.session.add(kept)
        kept.text, kept.written_by_id, kept.written_at = said, author_id, work.now
    if changed:
        work.session.flush()
        work.record("indicator.noted", f"indicator:{indicator.id}", partnership_id=part.partnership_id, aspects=changed)


def judge(work: Work, indicator: Indicator, verdict: Comparable, reason: str) -> Comparison:
    """Say whether the districts' figures may be compared, and why; what was said before is kept.

    Raises:
        Denied: if the actor is of no data office and manages nothing, or looks at no partnership.
        ValueError: if no reason is given.
    """
    author_id, part = _keeper(work)
    if not reason.strip():
        msg = "Say why, so that others can follow it."
        raise ValueError(msg)
    found = Comparison(
        partnership_id=part.partnership_id,
        indicator_id=indicator.id,
        verdict=verdict,
        reason=reason.strip()[:LONGEST],
        found_by_id=author_id,
        found_at=work.now,
    )
    work.session.add(found)
    work.session.flush()
    work.record(
        "indicator.compared", f"indicator:{indicator.id}", partnership_id=part.partnership_id, verdict=str(verdict)
    )
    return found


def _keeper(work: Work) -> tuple[int, Part]:
    author_id = require_figures(work.actor)
    part = work.actor.here
    if part is None or not part.writes:
        msg = "Choose the partnership first in which your district counts."
        raise Denied(msg)
    return author_id, part
