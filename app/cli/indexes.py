"""``braid reindex``."""

import click

from app.cli.installation import opened
from app.cli.progress import shown
from app.lib.text import plural
from app.services import indexing


@click.command(epilog="For example: braid reindex")
def reindex() -> None:
    """Build the search index again from the database.

    The new index is made beside the one in use and takes its place when it is whole, so people can go on searching.
    """
    with opened() as here:
        with here.session() as session, shown("Indexing posts", indexing.total(session)) as progress:
            count = indexing.rebuild(session, here.index, here.renderer, progress)
        with here.work() as work:  # what changed meanwhile
            indexing.reconcile(work, here.index, here.renderer)
    click.echo(f"Indexed {plural(count, 'post', 'posts')}.")
