"""Saying whether the tables of a database are those that this Braid expects."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.lib.text import join_words
from app.models import Base
from app.services.verification import Difference

_LACKS = {"add_index": "index", "add_constraint": "rule", "add_fk": "rule"}


def differences(connection: Connection, migrations: Path) -> list[Difference]:
    """Return how the tables differ from those that the latest of ``migrations`` makes."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
    if said := _version(context.get_current_heads(), ScriptDirectory(str(migrations))):
        return [Difference(said)]
    found = sorted(set(_told(compare_metadata(context, Base.metadata))))
    advice = "Put a backup back with: braid restore FILE"
    return [Difference(f"The tables are not as Braid makes them: {join_words(found)}. {advice}")] if found else []


def _version(current: tuple[str, ...], scripts: ScriptDirectory) -> str:
    latest = scripts.get_current_head()
    if current == (latest,):
        return ""
    known = {script.revision for script in scripts.walk_revisions()}
    if not set(current) <= known:
        return "The tables are of a newer Braid than this one. Update Braid."
    return "The tables are of an older Braid. Bring them up to date with: braid prepare"


def _told(operations: list[Any]) -> Iterator[str]:
    """Return what differs, in words; what changed inside a column comes as a list of its own."""
    for operation in operations:
        first = operation[0] if isinstance(operation, tuple) else operation
        name = first[0] if isinstance(first, tuple) else first
        if isinstance(first, tuple):
            yield f"the column {first[3]} of {first[2]} is another"
        elif name == "add_table":
            yield f"the table {operation[1].name} is missing"
        elif name == "add_column":
            yield f"the column {operation[3].name} of {operation[2]} is missing"
        elif name in _LACKS:
            yield f"the {_LACKS[name]} {operation[1].name} is missing"
        elif name == "remove_table":
            yield f"the table {operation[1].name} is not one of Braid"
        elif name == "remove_column":
            yield f"the column {operation[3].name} of {operation[2]} is not one of Braid"
        else:
            yield f"{operation[1].name} is not one of Braid"
