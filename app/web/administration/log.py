"""The audit log: who did what, when."""

from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.queries import events, people
from app.queries.events import Wanted
from app.queries.posts import Cursor
from app.web import here
from app.web.administration.log_words import more
from app.web.administration.part import bp, partnership
from app.web.forms.administration import LogForm
from app.work import ACTIONS


@bp.get("/log")
def log() -> ResponseReturnValue:
    """Show the latest lines, those one asks for."""
    session, actor = here.session(), here.actor()
    form = LogForm(request.args)
    everybody = people.names(session, actor, departed=True)
    form.person.choices = [("", "Anybody"), *((person.id, person.name) for person in everybody)]
    form.action.choices = [("", "Anything"), *((action, _in_list(action)) for action in ACTIONS)]
    right = form.validate()
    wanted = _wanted(form) if right else Wanted()
    page = events.log(session, actor, partnership().id, wanted, Cursor.parse(request.args.get("after")))
    asked = {name: request.args[name] for name in form.data if request.args.get(name)}
    older = "?" + urlencode(asked | {"after": str(page.more)}) if page.more else None
    return render_template(
        "administration/log.html",
        form=form,
        page=page,
        said=said,
        more=more,
        older_url=older,
    )


def said(action: str) -> str:
    """Return the words for an action, with what it was done to."""
    words, _ = ACTIONS.get(action, (action, ()))
    return words


def _in_list(action: str) -> str:
    return f"{said(action)} ({action.partition('.')[0]})"


def _wanted(form: LogForm) -> Wanted:
    return Wanted(form.person.data, form.action.data or "", _start(form.since.data), _start(form.until.data, days=1))


def _start(day: date | None, days: int = 0) -> datetime | None:
    """Return the first moment of a day, or of a later one, where the reader is."""
    if day is None:
        return None
    try:
        return datetime.combine(day + timedelta(days=days), time(), ZoneInfo(here.zone())).astimezone(UTC)
    except OverflowError:  # the first or the last day that a calendar knows
        return None
