"""``braid secret``."""

import secrets

import click


@click.command(epilog="For example: BRAID_SECRET_KEY=$(braid secret) braid serve")
def secret() -> None:
    """Print a new secret key, for the setting BRAID_SECRET_KEY.

    Braid makes and keeps one of its own in the data folder, so this is needed only where several machines share one.
    """
    click.echo(secrets.token_urlsafe(48))
