"""``braid reset``."""

import click
from sqlalchemy import select

from app.cli.installation import Refused, email_of, nobody_has, opened
from app.models import Person
from app.services import accounts


@click.command(epilog="For example: braid reset ana@fresno.example")
@click.argument("email")
def reset(email: str) -> None:
    """Print a link with which somebody who forgot their password chooses a new one.

    The link works once and for a day. Whoever has it can sign in as them: give it to nobody else, and not by a mail
    that others read. The audit log says that a command made it.
    """
    address = email_of(email)
    with opened() as here, here.work() as work:
        person = work.session.scalar(select(Person).where(Person.email == address))
        if person is None:
            raise Refused(nobody_has(address))
        try:
            link = accounts.open_reset(work, person, here.address)
        except ValueError as error:
            raise Refused(str(error)) from None
        said, note = f"A new password for {person.name}, once and until this time tomorrow: {link}", here.address_note
    click.echo(said)
    if note:
        click.echo(note, err=True)
