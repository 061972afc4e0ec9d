"""The installation that a command works on: its settings, database and engines, assembled without the web."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Engine, create_engine, inspect, select
from sqlalchemy.orm import Session

from app.db import prepare
from app.lib import emails
from app.lib.rendering import Renderer
from app.models import Partnership
from app.policy import OPERATOR, Actor
from app.queries import actors
from app.search import SearchIndex, open_index
from app.work import Work, working
from config import Settings, load

if os.name != "nt":
    import fcntl


IN_USE = "in-use"


class Refused(Exception):
    """A command cannot do what was asked; the message says what to type."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Where a command works."""

    settings: Settings
    engine: Engine
    index: SearchIndex
    renderer: Renderer

    def session(self) -> Session:
        """Return a new session."""
        return Session(self.engine)

    @contextmanager
    def work(self, actor: Actor = OPERATOR) -> Iterator[Work]:
        """Open a unit of work."""
        with self.session() as session, working(session, actor, now()) as work:
            yield work

    @property
    def address(self) -> str:
        """The address of this installation, for links: the one that is set, else where the site runs just now."""
        return self.settings.public_url if self._is_addressed else running_at(self.settings) or self.settings.public_url

    @property
    def address_note(self) -> str:
        """What to know about a link with that address; nothing if the address was set."""
        if self._is_addressed:
            return ""
        if running_at(self.settings):
            supposed = f"{self.address} is where Braid runs just now on this machine."
        else:
            supposed = f"Braid does not run just now, so the link supposes {self.address}."
        return (
            f"{supposed} If people type another address, set BRAID_PUBLIC_URL to it first, for example: "
            "export BRAID_PUBLIC_URL=https://braid.example.org"
        )

    @property
    def _is_addressed(self) -> bool:
        return "public_url" in self.settings.model_fields_set

    def actor(self, email: str, partnership: str | None = None) -> Actor:
        """Return whoever has that e-mail, looking at a partnership (their first, unless it is named).

        Raises:
            Refused: if nobody has it, they have left, or are not in that partnership.
        """
        with self.session() as session:
            who = actors.by_email(session, email, now().date())
            if who is None:
                raise Refused(nobody_has(email_of(email)))
            if who.partnership_id is None:
                msg = f"{email} is in no partnership today."
                raise Refused(msg)
            if partnership is None:
                return who
            place = named(session, partnership)
            if who.part(place.id) is None:
                msg = f"{email} is not in {place.name} today."
                raise Refused(msg)
            again = actors.by_email(session, email, now().date(), place.id)
            return again or who


def now() -> datetime:
    """Return what time it is."""
    return datetime.now(UTC)


def named(session: Session, name: str | None) -> Partnership:
    """Return the partnership of that name, or the only one there is.

    Raises:
        Refused: if there is none, or it must be named.
    """
    known = session.scalars(select(Partnership).order_by(Partnership.name)).all()
    if not known:
        msg = "There is no partnership yet. Make one with: braid init"
        raise Refused(msg)
    fitting = [place for place in known if name is None or place.name.casefold() == name.strip().casefold()]
    if len(fitting) == 1:
        return fitting[0]
    listed = ", ".join(f"“{place.name}”" for place in known)
    msg = (
        f"There is no partnership “{name}”. There is: {listed}." if name else f"Name one with --partnership: {listed}."
    )
    raise Refused(msg)


@contextmanager
def opened(*, ready: bool = True) -> Iterator[Installation]:
    """Give the installation that the settings describe, and let go of it afterwards.

    Args:
        ready: whether its database must have tables already.

    Raises:
        ConfigError: if a setting makes no sense.
        Refused: if there is no database yet.
    """
    settings = load()
    settings.data.mkdir(parents=True, exist_ok=True)
    engine = create_engine(settings.database_url)
    prepare(engine)
    renderer = Renderer()
    try:
        if ready and not inspect(engine).has_table("person"):
            msg = "There is no database yet. Make one with: braid prepare"
            raise Refused(msg)
        index = open_index(settings.search_url)
        yield Installation(settings, engine, index, renderer)
        index.close()
    finally:
        renderer.close()
        engine.dispose()


@contextmanager
def in_use(settings: Settings, *, alone: bool = False, at: str = "") -> Iterator[None]:
    """Say that a process uses the data folder; ``alone``, that nobody else may; and where it serves it, if it does.

    Raises:
        Refused: if others use it.
    """
    with (settings.data / IN_USE).open("ab") as file:
        if os.name != "nt" and not _locked(file, alone=alone):
            msg = "Braid is running on this data. Stop it first: Ctrl-C, or systemctl stop braid."
            raise Refused(msg)
        if not at:
            yield
            return
        file.truncate(0)
        file.write(at.encode())
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def running_at(settings: Settings) -> str:
    """Return the address at which the data folder is served just now; nothing if it is not."""
    try:
        with (settings.data / IN_USE).open("rb") as file:
            said = file.read().decode()
            # a process that was killed leaves its address behind, and no lock
            return "" if not said or (os.name != "nt" and _locked(file, alone=True)) else said
    except FileNotFoundError:
        return ""


def _locked(file: BinaryIO, *, alone: bool) -> bool:
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def existing(path: Path, what: str) -> Path:
    """Return ``path`` if there is a file.

    Raises:
        Refused: if there is none.
    """
    if path.is_dir() or not path.exists():
        there = "is a folder, not a file" if path.is_dir() else "is not there"
        msg = f"{path} {there}. Type the path of {what}."
        raise Refused(msg)
    return path


def nobody_has(address: str) -> str:
    """Return what to say where an e-mail is nobody’s."""
    return (
        f"Nobody has the e-mail {address}. Check how it is written, or invite them with: "
        f"braid invite {address} --district NAME"
    )


def email_of(typed: str) -> str:
    """Return an e-mail address as we keep it.

    Raises:
        Refused: if it is none.
    """
    try:
        return emails.normalise(typed)
    except ValueError as error:
        raise Refused(str(error)) from None
