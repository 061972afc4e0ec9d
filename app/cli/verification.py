"""``braid verify``."""

import click

from app.cli.hints import pasteable
from app.cli.installation import opened
from app.lib.text import plural
from app.services import jobs, tables, verification
from config import ROOT

DIFFERENT = 3


@click.command(epilog="For example: braid verify || braid verify --mend")
@click.option("--mend", is_flag=True, help="Queue what mends the differences; a worker then does it.")
def verify(*, mend: bool) -> int:
    """Check that database, index and files agree and that the tables are up to date, and say what is not so.

    Ends with 0 if all is well and with 3 if something is not. Changes nothing, unless asked to mend.
    """
    with opened() as here, here.work() as work:
        found = verification.files(here.settings.data)
        wrong = tables.differences(work.session.connection(), ROOT / "migrations")
        found += wrong or verification.differences(
            work, here.index
        )  # whose questions need the tables as they should be
        for difference in found:
            click.echo(pasteable(difference.sentence))
        if mend and found:
            waiting = verification.mend(work, found)
            said = (
                f"{plural(waiting, 'job waits', 'jobs wait')} for a worker. Do them now with: braid work --until-idle"
            )
            click.echo(pasteable(said))
        elif waiting := jobs.ready(work.session, work.now):
            click.echo(f"{plural(waiting, 'job waits', 'jobs wait')} for a worker.")
    if not found:
        click.echo("Database, index and files agree.")
    return DIFFERENT if found else 0
