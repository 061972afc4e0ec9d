"""``braid serve``."""

import os
import socket
import sys
import threading
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from urllib.parse import urlsplit

import click

from app.cli.installation import Installation, Refused, in_use, opened
from app.cli.supervisor import LOOK, Child, Supervisor
from app.lib.text import join_words
from app.services import demonstration
from config import ROOT, Settings

THREADS = 4
GRACE = 3  # seconds that requests may take to finish when stopping


@click.command(epilog="For example: braid serve --port 8080")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="The port to listen on.")
@click.option(
    "--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes that answer requests."
)
def serve(host: str, port: int, workers: int) -> int:
    """Serve Braid, with a worker beside it, until Ctrl-C.

    A process that dies is started again. Put a proxy in front to serve the world; docs/run/deploy.md says how.
    """
    _check_free(host, port)
    with opened() as here, in_use(here.settings, at=environment(here.settings, host, port)["BRAID_PUBLIC_URL"]):
        greeting = _greeting(here, host, port)
        threading.Thread(target=_greet_when_ready, args=(greeting, host, port), daemon=True).start()
        children = [
            Child("web server", web_server(host, port, workers)),
            Child("worker", [sys.executable, "-m", "app.cli", "work"]),
        ]
        here.engine.dispose()
        return Supervisor(children, environment(here.settings, host, port)).run()


def web_server(host: str, port: int, workers: int) -> list[str]:
    """Return the command that answers requests."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if os.name == "nt":
        return [sys.executable, "-m", "waitress", f"--listen={address}", f"--threads={THREADS * workers}", "wsgi:app"]
    command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--chdir", str(ROOT), "--bind", address]
    command += ["--worker-class", "app.cli.accepting.Considerate", "--workers", str(workers), "--threads", str(THREADS)]
    command += ["--graceful-timeout", str(GRACE), "--timeout", "60", "--log-level", "warning", "--no-control-socket"]
    command += ["--limit-request-line", "8190"]  # the most that gunicorn takes: a long question stands in the address
    # A connection that stays open belongs to one process, however busy it is while the other one waits.
    command += ["--keep-alive", "0"]
    return command


def environment(settings: Settings, host: str, port: int) -> Mapping[str, str]:
    """Return the environment of the children: ours, with the address that is really used unless one was set."""
    fixed = {"BRAID_DATA": str(settings.data), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return {"BRAID_PUBLIC_URL": url(host, port)} | dict(os.environ) | fixed


def url(host: str, port: int) -> str:
    """Return the address that somebody on this machine types."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "127.0.0.1"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"


def _check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as wanted:
        wanted.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            wanted.bind((host, port))
        except OSError as error:
            msg = f"Braid cannot listen on {host}:{port}: {error.strerror}. Try another port: --port {port + 1}"
            raise Refused(msg) from None


def _greeting(here: Installation, host: str, port: int) -> str:
    """Return what to say once people can come: the address, and in the demonstration whom to sign in as."""
    lines = [f"Braid is at {url(host, port)} (Ctrl-C stops it)"]
    with here.session() as session:
        shown = demonstration.sign_ins(session)
    if shown:
        lines.append(f"Sign in as one of these, with the password “{demonstration.PASSWORD}”:")
        width = max(len(one.email) for one in shown)
        lines += [f"  {one.email:<{width}}  {join_words([one.name, one.what], last='–')}" for one in shown]
    return "\n".join(lines)


def _greet_when_ready(greeting: str, host: str, port: int) -> None:
    """Say ``greeting`` as soon as the web server answers."""
    while True:
        try:
            connection = HTTPConnection(urlsplit(url(host, port)).hostname or host, port, timeout=5)
            connection.request("HEAD", "/static/favicon.svg")
            connection.getresponse()
        except OSError:
            time.sleep(LOOK)
        else:
            connection.close()
            click.echo(greeting)
            return
