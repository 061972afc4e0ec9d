"""``braid work``: a worker, put together from the engines that the settings name."""

import logging
import signal
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import FrameType

import click

from app.charts import open_charts
from app.cli.installation import Installation, in_use, now, opened
from app.mail import open_post
from app.queries import saved_searches
from app.services import accounts, charts, figure_handling, figure_uploads, indexing, jobs, letters, texts, upkeep
from app.services import saved_searches as following
from app.services.jobs import Task
from app.services.saved_searches import MOST_KNOWN
from app.services.worker import Lane, Worker
from app.work import Work


@click.command(epilog="For example: braid work --until-idle")
@click.option("--until-idle", is_flag=True, help="Stop when nothing is due.")
def work(*, until_idle: bool) -> None:
    """Do what changes promised: index and show posts, send mail, keep the house.

    `braid serve` starts one of these itself. Several may run at once, on several machines with PostgreSQL; only one at
    a time writes to the search index. Ctrl-C or SIGTERM finishes what is running and stops.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    with opened() as here, in_use(here.settings):
        worker = assembled(here)
        _stop_on_signals(worker)
        _promise_nights(here)
        if until_idle:
            worker.run_until_idle()
        else:
            worker.run()


def assembled(here: Installation) -> Worker:
    """Return a worker for every task. What may take long has a lane of its own."""
    index, renderer, at = here.index, here.renderer, here.address
    office = open_post(here.settings.mail_url, here.settings.mail_from)
    files = here.settings.data / "imports"
    finding = [
        Task("index", lambda work, keys: _indexed(work, keys, here), alone=True, idle=index.tidy),
        Task("reconcile", lambda work, _: indexing.nightly(work, index, renderer)),
    ]
    showing = [Task("render", partial(texts.render, renderer=renderer), batch=20)]
    others = [
        Task("reset", partial(accounts.send_resets, at=at)),
        Task("mail", partial(letters.send, office=office), batch=1),  # a letter sent twice is worse than a slow one
        Task("follow", lambda work, _: _told(work, here)),
        Task("upkeep", lambda work, _: _kept_up(work, files)),
    ]
    drawing = [Task("charts", partial(charts.make, charts=open_charts(here.settings.data / "charts")), batch=4)]
    figures = [Task("figures", partial(figure_handling.handle, root=files), batch=1)]
    return Worker([Lane(here.session, tasks) for tasks in (finding, showing, others, drawing, figures)])


def _kept_up(work: Work, files: Path) -> None:
    """Keep the house, and throw away files of figures that nobody loaded."""
    upkeep.nightly(work)
    figure_uploads.clear(work, files)


def _indexed(work: Work, keys: Sequence[str], here: Installation) -> None:
    """Bring the index up to date, and let followed searches be asked again soon."""
    indexing.update(work, keys, here.index, here.renderer)
    following.soon(work)


def _told(work: Work, here: Installation) -> None:
    """Tell people of what the searches that they follow find anew."""
    today = work.now.date()
    following.tell(work, lambda saved: saved_searches.matches(work.session, here.index, saved, today, MOST_KNOWN))


def _promise_nights(here: Installation) -> None:
    """Let the index be compared with the database now, and the nightly work be done if it never was."""
    with here.work() as work:
        work.promise("reconcile", "start")
        if "upkeep" not in jobs.waiting(work.session):
            jobs.schedule(work, "upkeep", "nightly", indexing.night_after(now()))


def _stop_on_signals(worker: Worker) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        worker.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
