"""Who may load figures, and where files of figures wait."""

from pathlib import Path

from flask import current_app

from app.policy import Actor, Denied
from app.web import here


def keeps(actor: Actor) -> bool:
    """Whether somebody keeps figures in the partnership they are looking at."""
    part = actor.here
    return part is not None and part.writes and (part.is_data_office or actor.manages(part.partnership_id))


def require() -> None:
    """Refuse everybody else.

    Raises:
        Denied: saying whom to ask.
    """
    if not keeps(here.actor()):
        msg = "Only a data office or a manager can load figures. Ask a manager for the data office flag."
        raise Denied(msg)


def root() -> Path:
    """Return the folder of the files on their way in."""
    folder: Path = current_app.config["BRAID"].data / "imports"
    return folder
