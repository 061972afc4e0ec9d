"""The command line: ``braid``. One module a noun; each opens a unit of work and speaks to the terminal.

Exit codes: 0 done, 1 refused or failed (with a sentence), 2 not understood, 3 ``verify`` found differences.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click
from sqlalchemy.exc import OperationalError

from app.cli.hints import called, example, pasteable
from app.cli.installation import Refused
from app.mail import MailError
from app.policy import Denied
from app.search import IndexBusy, IndexDamaged
from config import ConfigError

OURS_ALONE = 0o077  # what Braid writes has people's words and the hashes of their passwords in it

# Each command and where it is; loaded when it is asked for, so that a quick one starts quickly.
COMMANDS = {
    "prepare": "app.cli.preparation:prepare",
    "init": "app.cli.preparation:init",
    "serve": "app.cli.serving:serve",
    "work": "app.cli.working:work",
    "demo": "app.cli.demonstrations:demo",
    "invite": "app.cli.invitations:invite",
    "reset": "app.cli.resets:reset",
    "import": "app.cli.imports:import_",
    "search": "app.cli.searches:search",
    "reindex": "app.cli.indexes:reindex",
    "verify": "app.cli.verification:verify",
    "backup": "app.cli.backups:backup",
    "restore": "app.cli.backups:restore",
    "secret": "app.cli.secrets:secret",
}


class Commands(click.Group):
    """The commands, in the order somebody needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return their names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return one of them."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        for one in (command, *(command.commands.values() if isinstance(command, click.Group) else ())):
            one.epilog = example(one.epilog)
        return command


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=example("All data is in the folder that BRAID_DATA names (./var). For example: braid serve --port 8080"),
)
def braid() -> None:
    """Run Braid, where districts share what they learn."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was typed; return the exit code."""
    before = os.umask(OURS_ALONE)
    try:
        return _done(arguments)
    finally:
        os.umask(before)


def _done(arguments: Sequence[str] | None) -> int:
    try:
        code = braid.main(arguments, prog_name=called(), standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _say("Stopped.")
    except (Refused, ConfigError, IndexDamaged, IndexBusy, MailError) as error:
        return _say(str(error))
    except Denied as error:
        return _say(error.reason)
    except OperationalError as error:
        return _say(f"The database cannot be used: {error.orig}. Check BRAID_DATABASE_URL and BRAID_DATA.")
    return code if isinstance(code, int) else 0


def _say(sentence: str) -> int:
    print(pasteable(sentence), file=sys.stderr)  # noqa: T201
    return 1
