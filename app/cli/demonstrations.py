"""``braid demo``."""

import time

import click

from app.cli.installation import Installation, Refused, now, opened
from app.cli.progress import shown
from app.lib.text import plural
from app.policy import OPERATOR
from app.services import demonstration, demonstration_posts
from app.work import working


@click.command(epilog="For example: braid demo")
def demo() -> None:
    """Load the demonstration partnership beside what is there already.

    Two districts with their real public figures; the people and posts are invented.
    """
    with opened() as here:
        load(here)
        with here.session() as session:
            for one in demonstration.sign_ins(session):
                click.echo(f"  {one.email}  {one.what}")
    click.echo(f"The password of all of them is “{demonstration.PASSWORD}”.")


def load(here: Installation) -> None:
    """Load it, in one transaction.

    Raises:
        Refused: if it is here already.
    """
    started = time.monotonic()
    with here.session() as session, working(session, OPERATOR, now()) as work:
        if demonstration.is_here(session):
            msg = "The demonstration partnership is here already. Nothing was changed."
            raise Refused(msg)
        content = demonstration.read()
        with shown("Loading the demonstration", len(content.posts)) as progress:
            count = demonstration_posts.load(work, content, progress)
    click.echo(f"Demonstration: {plural(count, 'post', 'posts')} loaded ({time.monotonic() - started:.0f} s).")
