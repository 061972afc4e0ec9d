"""Jinja as Braid uses it: compiled once for all processes, and quick where a template imports another."""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import jinja2
from flask import Flask
from flask.templating import Environment
from jinja2 import FileSystemBytecodeCache


class Templates(Environment):
    """Flask's environment, whose templates have no globals of their own, since Flask gives them none."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template.

        Jinja lays a dictionary over its own for each template and takes the two apart again at every
        ``{% from … import … %}``: with a page's sixteen, a tenth of the time that a search takes.
        """
        return super().make_globals(d) if d else self.globals


def init_app(app: Flask, folder: Path) -> None:
    """Let ``app`` read its templates through this environment, and keep them compiled in ``folder``.

    To compile them takes each process longer than its first pages.
    """
    folder.mkdir(parents=True, exist_ok=True)
    app.jinja_environment = Templates
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(folder), f"{jinja2.__version__}-%s")
