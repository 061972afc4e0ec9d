"""What a line of the audit log says besides who did what to which thing: the detail of an event, in words."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from app.kinds import COMMITMENT_STATES, KINDS
from app.lib import times
from app.lib.text import inside, plural
from app.policy import Sharing
from app.queries.events import Line
from app.services.people import ROLES
from app.web.forms.indicator import VERDICTS

SEEN_BY = {
    Sharing.DRAFT: "its author alone",
    Sharing.DISTRICT: "its own district",
    Sharing.STRAND: "the team of its strand",
    Sharing.PARTNERSHIP: "the whole partnership",
    Sharing.PUBLIC: "everybody, without signing in",
}

Detail = Mapping[str, Any]


def more(line: Line) -> str:
    """Return the rest of a line in words; nothing where the line says all, or is about a post that is not named."""
    if line.event.thing.startswith("post:") and line.thing.id is None:
        return ""
    say = _WORDS.get(line.event.action)
    return say(line.event.detail, line) if say else ""


def _kind(detail: Detail, _: Line) -> str:
    kind = KINDS.get(detail.get("kind", ""))
    return kind.label if kind else ""


def _saved(detail: Detail, _: Line) -> str:
    return f"This made version {detail['revision']}" if "revision" in detail else ""


def _restored(detail: Detail, _: Line) -> str:
    return f"Version {detail['restored']} is the current one again" if "restored" in detail else ""


def _shared(detail: Detail, _: Line) -> str:
    before, after = (SEEN_BY.get(detail.get(when, "")) for when in ("before", "after"))
    return f"Seen by {after}, before by {before}" if before and after and before != after else ""


def _commitment(detail: Detail, _: Line) -> str:
    before, after = (COMMITMENT_STATES.get(detail.get(when, "")) for when in ("before", "after"))
    return f"{after}, before {inside(before)}" if before and after else ""


def _role(detail: Detail, _: Line) -> str:
    if detail.get("again"):
        return "The invitation was sent once more"
    role = ROLES.get(detail.get("role", ""))
    return f"As {inside(role)}" if role else ""


def _changed(detail: Detail, line: Line) -> str:
    before, after = detail.get("before", {}), detail.get("after", {})
    now, once = (", ".join(_part(name, side.get(name), line) for name in after) for side in (after, before))
    return f"{now[:1].upper()}{now[1:]}; before: {once}" if after else ""


def _part(name: str, value: Any, line: Line) -> str:
    """Return one thing that is said of a member: "role manager", "until 30 June 2027", "name “Ben”"."""
    match name:
        case "role":
            return f"role {inside(ROLES.get(value, value))}"
        case "district":
            place = line.names.get(f"district:{value}")
            return f"for {place.words}" if place else "for another district"
        case "data office":
            return "in the data office" if value else "not in the data office"
        case "from":
            return f"from {times.day(date.fromisoformat(value))}"
        case "to":
            return f"until {times.day(date.fromisoformat(value))}" if value else "without an end"
        case _:
            return f"{name} “{value}”" if value else f"no {name}"


def _successor(detail: Detail, line: Line) -> str:
    successor = line.names.get(f"person:{detail.get('successor')}")
    return f"{successor.words} took over" if successor else ""


def _signed_out(detail: Detail, _: Line) -> str:
    return f"In {plural(detail['ended'], 'browser', 'browsers')}" if "ended" in detail else ""


def _figures(detail: Detail, _: Line) -> str:
    counted: Sequence[tuple[str, str]] = (("new", "new"), ("changed", "changed"), ("same", "as before"))
    return ", ".join(f"{detail[name]:,} {words}" for name, words in counted if detail.get(name)).capitalize()


def _undone(detail: Detail, _: Line) -> str:
    return plural(detail["figures"], "figure", "figures") if "figures" in detail else ""


def _held(detail: Detail, _: Line) -> str:
    return "It waits for the data office: few students stand behind it" if detail.get("held") else ""


def _compared(detail: Detail, _: Line) -> str:
    return VERDICTS.get(detail.get("verdict", ""), "")


def _quoted(name: str) -> Callable[[Detail, Line], str]:
    return lambda detail, _: f"“{detail[name]}”" if detail.get(name) else ""


_WORDS: Mapping[str, Callable[[Detail, Line], str]] = {
    "post.created": _kind,
    "post.saved": _saved,
    "post.restored": _restored,
    "post.shared": _shared,
    "commitment.changed": _commitment,
    "person.invited": _role,
    "person.joined": _role,
    "person.renamed": _changed,
    "person.departed": _successor,
    "person.signed_out_everywhere": _signed_out,
    "membership.changed": _changed,
    "figures.imported": _figures,
    "figures.undone": _undone,
    "figure.typed": _held,
    "mapping.saved": _quoted("name"),
    "mapping.removed": _quoted("name"),
    "indicator.compared": _compared,
    "annotation.added": _quoted("words"),
    "annotation.changed": _quoted("words"),
    "annotation.removed": _quoted("words"),
    "vocabulary.added": _quoted("words"),
    "vocabulary.changed": _quoted("words"),
}
