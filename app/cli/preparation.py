"""``braid prepare`` and ``braid init``."""

from pathlib import Path

import click
import flask_migrate
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app
from app.cli.demonstrations import load as load_demonstration
from app.cli.hints import pasteable
from app.cli.installation import Installation, Refused, existing, opened
from app.db import db
from app.lib.text import plural
from app.models import Partnership, Person
from app.services import places, shipped_definitions
from config import Settings

FIRST_MANAGER = "Make a partnership and its first manager with: braid init"
NO_MAIL = (
    "No mail server is set (BRAID_MAIL_URL): managers find invitations in the outbox and pass them on, and for a "
    "forgotten password you print a link with: braid reset EMAIL"
)


@click.command(epilog="For example: braid prepare --empty")
@click.option("--empty", is_flag=True, help="Without the demonstration partnership.")
def prepare(*, empty: bool) -> None:
    """Make or update everything that serving needs: data folder, secret, database.

    The first time, the demonstration partnership is loaded too, unless --empty says not to. Safe to run again.
    """
    with opened(ready=False) as here:
        migrate(here.settings)
        with here.session() as session:
            is_new = is_empty(session)
        if is_new and empty:
            click.echo(pasteable(FIRST_MANAGER))
            if here.settings.mail_url.startswith("outbox:"):
                click.echo(pasteable(NO_MAIL))
        elif is_new:
            load_demonstration(here)


@click.command(epilog='For example: braid init --partnership "North and South" --manager dee@north.example')
@click.option("--partnership", prompt="Name of the partnership", metavar="NAME", help="What the partnership is called.")
@click.option("--manager", prompt="E-mail of its first manager", metavar="EMAIL", help="Who manages it.")
@click.option("--name", default="", metavar="NAME", help="The manager’s name.")
@click.option(
    "--password-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where their password is; asked for otherwise.",
)
@click.option(
    "--district",
    "districts",
    multiple=True,
    metavar="NAME:CDS",
    help="A district and its CDS code; may be given again.",
)
def init(*, partnership: str, manager: str, name: str, password_file: Path | None, districts: tuple[str, ...]) -> None:
    """Make a partnership with its first manager, who then does everything else in the browser."""
    password = _password(password_file)
    with opened(ready=False) as here:
        migrate(here.settings)
        try:
            _found(here, partnership, manager, name, password, districts)
        except ValueError as error:
            raise Refused(str(error)) from None
        click.echo(f"{partnership} is ready. {manager} can sign in at {here.address}")
        if here.address_note:
            click.echo(here.address_note, err=True)


def migrate(settings: Settings) -> None:
    """Bring the tables up to date."""
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()
    app.extensions["braid.renderer"].close()


def is_empty(session: Session) -> bool:
    """Say whether nobody has ever used this database."""
    return not any(session.scalar(select(func.count()).select_from(model)) for model in (Partnership, Person))


def _found(  # noqa: PLR0913, PLR0917
    here: Installation, partnership: str, manager: str, name: str, password: str, districts: tuple[str, ...]
) -> None:
    given = [_district(text) for text in districts]
    with here.work() as work:
        place = places.found_with_manager(work, partnership, email=manager, password=password, manager=name)
        for one in given:
            places.add_district(work, place, one)
    with here.work(here.actor(manager, partnership)) as work:
        count = shipped_definitions.add(work)
    if count:
        click.echo(f"{plural(count, 'indicator is', 'indicators are')} defined; files of figures can be imported.")


def _district(text: str) -> places.Organization:
    name, colon, code = text.rpartition(":")
    if not colon or not name.strip():
        msg = f"“{text}” is not a district with its code. Write it like “Fresno Unified:10621660000000”."
        raise Refused(msg)
    return places.Organization(name.strip(), name.strip().removesuffix(" Unified"), code.strip())


def _password(file: Path | None) -> str:
    if file is None:
        asked: str = click.prompt("Their password", hide_input=True, confirmation_prompt="Once more")
        return asked
    written = existing(file, "a file that holds the password, such as password.txt").read_text(encoding="utf-8")
    return written.rstrip("\r\n")
