"""``braid invite``."""

from datetime import date

import click
from sqlalchemy import select

from app.cli.installation import Refused, named, opened
from app.cli.words import Day
from app.models import Letter
from app.models.person import Role
from app.services import invitations, people
from app.services.invitations import Invited
from app.services.reading import Names


@click.command(
    epilog="For example: braid invite ana@fresno.example --district Fresno --role strand_lead --strand Mathematics"
)
@click.argument("email")
@click.option("--partnership", metavar="NAME", help="To which partnership; not needed where there is only one.")
@click.option("--district", required=True, metavar="NAME", help="For which district: its name, short name or CDS code.")
@click.option(
    "--role", type=click.Choice([str(role) for role in Role]), default="member", show_default=True, help="As what."
)
@click.option("--strand", "strands", multiple=True, metavar="NAME", help="A strand they work on; may be given again.")
@click.option("--data-office", is_flag=True, help="They may load figures.")
@click.option("--until", type=Day(), metavar="DATE", help="The last day of their membership, such as 2027-06-30.")
def invite(  # noqa: PLR0913
    *,
    email: str,
    partnership: str | None,
    district: str,
    role: str,
    strands: tuple[str, ...],
    until: date | None,
    data_office: bool,
) -> None:
    """Invite somebody by e-mail, and print the link too.

    The link works once and for fourteen days; whoever has it chooses a password.
    """
    with opened() as here, here.work() as work:
        place = named(work.session, partnership)
        names = Names.of(work.session, place.id)
        try:
            part = people.Part(names.district(district), role, data_office, ends_on=until)
            invited = Invited(email, part, [names.strand(name) for name in strands])
            invitation = invitations.invite(work, place, invited, here.address)
        except ValueError as error:
            raise Refused(str(error)) from None
        letters = select(Letter.text).where(Letter.recipient == invitation.email).order_by(Letter.id.desc()).limit(1)
        words = (work.session.scalar(letters) or "").split()
        link = next((word for word in words if word.startswith(here.address)), "in the letter")
        said = f"Invited {invitation.email} to {place.name}. The link, which works once: {link}"
        note = here.address_note
    click.echo(said)
    if note:
        click.echo(note, err=True)
