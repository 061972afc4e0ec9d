"""``braid backup`` and ``braid restore``."""

import os
from pathlib import Path

import click
from sqlalchemy import delete, inspect

from app.cli.installation import Installation, Refused, existing, in_use, now, opened
from app.cli.preparation import is_empty, migrate
from app.cli.progress import shown
from app.lib.text import plural
from app.models import Lease
from app.services import backups, indexing
from app.services.backups import BackupError
from config import Settings


@click.command(epilog="For example: braid backup /backups/braid-2026-11-20")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Even if there is a file of that name; what was in it is then gone.")
def backup(file: Path, *, force: bool) -> None:
    """Write everything into one FILE: the database and the secret. People may go on working meanwhile.

    The search index is not in it; `braid restore` makes it again. Keep the file where others cannot read it.
    """
    if file.is_dir():
        msg = f"{file} is a folder. Type a name for the file in it, such as {file / 'braid-2026-11-20'}"
        raise Refused(msg)
    if not file.absolute().parent.is_dir():
        msg = f"There is no folder {file.absolute().parent}. Make it first, or type the path of a file in another one."
        raise Refused(msg)
    if file.exists() and not force:
        msg = f"{file} is there already, and was left as it is. Type another name, or: braid backup {file} --force"
        raise Refused(msg)
    with opened() as here:
        try:
            size = backups.write(file.absolute(), here.settings.database_url, here.settings.secret_key, now())
        except BackupError as error:
            raise Refused(str(error)) from None
    click.echo(f"{file}: {size / 1e6:.2f} MB")


@click.command(epilog="For example: braid restore /backups/braid-2026-11-20 --replace")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Even if there is data here; it is then no longer in use.")
def restore(file: Path, *, replace: bool) -> None:
    """Put the backup in FILE back, bring it up to date, and build the search index. Braid must not be running."""
    existing(file, "a file that “braid backup” wrote, such as /backups/braid-2026-11-20")
    with opened(ready=False) as here, in_use(here.settings, alone=True):
        held = _holds_data(here)
        if held and not replace:
            msg = "There is data here already. To put the backup in its place: braid restore FILE --replace"
            raise Refused(msg)
        here.engine.dispose()
        try:
            with backups.unpacked(file, here.settings.database_url) as (copy, secret):
                before = backups.put_back(copy, here.settings.database_url)
        except BackupError as error:
            raise Refused(str(error)) from None
        if not os.environ.get("BRAID_SECRET_KEY"):
            _keep_secret(here.settings, secret)
        migrate(here.settings)
        with here.session() as session:
            session.execute(delete(Lease))  # of processes that are no more
            session.commit()
            with shown("Indexing posts", indexing.total(session)) as progress:
                count = indexing.rebuild(session, here.index, here.renderer, progress)
    click.echo(f"Restored {file}: {plural(count, 'post', 'posts')}.")
    if before is not None and not held:
        before.unlink()
    elif before is not None:
        click.echo(f"What was here before is kept in {before}; delete it when you are sure.")


def _holds_data(here: Installation) -> bool:
    if not inspect(here.engine).has_table("person"):
        return False
    with here.session() as session:
        return not is_empty(session)


def _keep_secret(settings: Settings, secret: str) -> None:
    place = settings.data / "secret"
    place.unlink(missing_ok=True)
    place.touch(mode=0o600)
    place.write_text(secret, encoding="ascii")
