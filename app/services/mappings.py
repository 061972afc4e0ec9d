"""The mappings there are: those that Braid brings, and those that a data office saved for its partnership."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.lib.figure_mappings import BadMapping, FigureMapping
from app.lib.tables import Cells
from app.models import SavedMapping
from app.policy import require_figures
from app.work import Work

SHIPPED = Path(__file__).resolve().parent.parent / "mappings"
LONGEST_NAME = 80


@cache
def shipped() -> Mapping[str, FigureMapping]:
    """Return the mappings that Braid brings, by name."""
    return {
        path.stem: FigureMapping(path.stem, yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in sorted(SHIPPED.glob("*.yaml"))
    }


def known(session: Session, partnership_id: int | None) -> dict[str, FigureMapping]:
    """Return every mapping that a partnership has, its own before those that Braid brings."""
    query = select(SavedMapping).where(SavedMapping.partnership_id == partnership_id).order_by(SavedMapping.name)
    own = {saved.name: FigureMapping(saved.name, saved.words) for saved in session.scalars(query)}
    return own | {name: mapping for name, mapping in shipped().items() if name not in own}


def fitting(mappings: Mapping[str, FigureMapping], header: Cells, file_name: str) -> Sequence[FigureMapping]:
    """Return the mappings whose kind of file this is. One means that there is no doubt."""
    return [mapping for mapping in mappings.values() if mapping.fits(header, file_name)]


def save(work: Work, mapping: FigureMapping, instead_of: SavedMapping | None = None) -> SavedMapping:
    """Keep a mapping for the partnership that the actor is looking at; the audit log keeps every version.

    Raises:
        Denied: if the actor is of no data office and manages nothing.
        BadMapping: if its name is taken.
    """
    person_id = require_figures(work.actor)
    partnership_id = work.actor.partnership_id or 0
    name = mapping.name.strip()[:LONGEST_NAME]
    _check_name(work, name, instead_of)
    saved = instead_of or SavedMapping(partnership_id=partnership_id)
    saved.name, saved.words = name, dict(mapping.words) | {"title": name}
    saved.changed_by_id, saved.changed_at = person_id, work.now
    work.session.add(saved)
    work.session.flush()
    work.record(
        "mapping.saved", f"mapping:{saved.id}", partnership_id=partnership_id, name=name, words=dict(saved.words)
    )
    return saved


def remove(work: Work, saved: SavedMapping) -> None:
    """Forget a mapping; figures that were read by it stay.

    Raises:
        Denied: if the actor is of no data office and manages nothing.
    """
    require_figures(work.actor)
    work.record("mapping.removed", f"mapping:{saved.id}", partnership_id=saved.partnership_id, name=saved.name)
    work.session.delete(saved)
    work.session.flush()


def _check_name(work: Work, name: str, instead_of: SavedMapping | None) -> None:
    """Refuse a name that is taken.

    Raises:
        BadMapping: saying what to do.
    """
    if not name:
        msg = "Give it a name."
        raise BadMapping(msg)
    if name in shipped():
        msg = f"“{name}” is the name of a mapping that Braid brings. Choose another."
        raise BadMapping(msg)
    query = select(SavedMapping.id).where(
        SavedMapping.partnership_id == work.actor.partnership_id, SavedMapping.name == name
    )
    taken = work.session.scalar(query)
    if taken is not None and (instead_of is None or taken != instead_of.id):
        msg = f"There is a mapping called “{name}” already. Choose another name, or change that one."
        raise BadMapping(msg)
