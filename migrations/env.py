"""Runs migrations with the engine that the application was assembled with."""

from alembic import context
from flask import current_app
from sqlalchemy import text

config = context.config
database = current_app.extensions["migrate"].db


def render_item(type_, item, autogen_context):
    """Write our own column types as plain ones: a migration must not change when app/ does."""
    if type_ == "type" and type(item).__module__ == "app.models.types":
        return f"sa.{item.impl!r}"
    return False


def skip_empty(migration, revision, directives):
    """Write no migration that changes nothing."""
    if getattr(config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def run() -> None:
    """Migrate. On SQLite foreign keys rest meanwhile: rebuilding a table would delete the rows that point to it."""
    with database.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.execute(text("PRAGMA foreign_keys=OFF"))
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_item=render_item,
            process_revision_directives=skip_empty,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                msg = f"The migration broke {len(broken)} references, the first in table {broken[0][0]}."
                raise RuntimeError(msg)
            connection.commit()
            connection.execute(text("PRAGMA foreign_keys=ON"))


run()
