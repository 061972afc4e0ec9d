"""The mappings there are: those that Braid brings, and those that a data office saved for its partnership."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

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


def save(work: Work, name: str, words: Mapping[str, Any]) -> SavedMapping:
    """Keep a mapping for the partnership that the actor is looking at, instead of an earlier one of that name.

    Raises:
        Denied: if the actor is of no data office and manages nothing.
        BadMapping: if it says too little.
    """
    person_id = require_figures(work.actor)
    partnership_id = work.actor.partnership_id or 0
    name = name.strip()[:LONGEST_NAME]
    if not name or name in shipped():
        msg = f"“{name}” is the name of a mapping that Braid brings. Choose another." if name else "Give it a name."
        raise BadMapping(msg)
    FigureMapping(name, words)
    query = select(SavedMapping).where(SavedMapping.partnership_id == partnership_id, SavedMapping.name == name)
    saved = work.session.scalars(query).one_or_none()
    if saved is None:
        saved = SavedMapping(partnership_id=partnership_id, name=name)
        work.session.add(saved)
    saved.words, saved.changed_by_id, saved.changed_at = dict(words), person_id, work.now
    work.session.flush()
    work.record("mapping.saved", f"mapping:{saved.id}", partnership_id=partnership_id, name=name)
    return saved
