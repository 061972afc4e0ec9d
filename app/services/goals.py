"""Setting goals: what a partnership means to reach, and the value agreed for each district and year."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.models import Goal, Partnership, Target
from app.policy import require_manager
from app.work import Work

LONGEST_NAME = 120
LONGEST_WHY = 2000


@dataclass(frozen=True, slots=True)
class Aim:
    """The value one district means to reach in one school year."""

    district_id: int
    school_year: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Meant:
    """What a goal says. ``position`` is its place in the list, from 1."""

    name: str
    why: str
    indicator_id: int
    group_code: str
    strand_id: int | None
    position: int
    aims: Sequence[Aim] = ()


def set_goal(work: Work, partnership: Partnership, meant: Meant, district_ids: Collection[int]) -> Goal:
    """Set a goal.

    Raises:
        Denied: if the actor does not manage the partnership.
        ValueError: if a target is of a district that is not in the partnership.
    """
    manager_id = require_manager(work.actor, partnership)
    goal = Goal(partnership_id=partnership.id, set_by_id=manager_id, set_at=work.now, targets=[])
    _write(goal, meant, district_ids)
    work.session.add(goal)
    work.session.flush()
    _record(work, "goal.set", goal)
    return goal


def change(work: Work, partnership: Partnership, goal: Goal, meant: Meant, district_ids: Collection[int]) -> None:
    """Change a goal, its targets too.

    Raises:
        Denied: if the actor does not manage the partnership.
        ValueError: as ``set_goal``.
    """
    require_manager(work.actor, partnership)
    _write(goal, meant, district_ids)
    work.session.flush()
    _record(work, "goal.changed", goal)


def close(work: Work, partnership: Partnership, goal: Goal) -> None:
    """Take a goal off the list; its page stays.

    Raises:
        Denied: if the actor does not manage the partnership.
    """
    require_manager(work.actor, partnership)
    goal.closed_at = goal.closed_at or work.now
    _record(work, "goal.closed", goal)


def reopen(work: Work, partnership: Partnership, goal: Goal) -> None:
    """Put a goal back on the list.

    Raises:
        Denied: if the actor does not manage the partnership.
    """
    require_manager(work.actor, partnership)
    goal.closed_at = None
    _record(work, "goal.reopened", goal)


def _write(goal: Goal, meant: Meant, district_ids: Collection[int]) -> None:
    if any(aim.district_id not in district_ids for aim in meant.aims):
        msg = "A target is of a district that is not in this partnership. Choose one of the list."
        raise ValueError(msg)
    goal.name, goal.why = meant.name.strip()[:LONGEST_NAME], meant.why.strip()[:LONGEST_WHY]
    goal.indicator_id, goal.group_code = meant.indicator_id, meant.group_code
    goal.strand_id, goal.position = meant.strand_id, meant.position
    held = {(target.district_id, target.school_year): target for target in goal.targets}
    wanted = {(aim.district_id, aim.school_year): aim.value for aim in meant.aims}
    goal.targets = [target for key, target in held.items() if key in wanted]
    for key, value in wanted.items():
        if key not in held:
            goal.targets.append(Target(district_id=key[0], school_year=key[1], value=value))
        else:
            held[key].value = value


def _record(work: Work, action: str, goal: Goal) -> None:
    thing = f"goal:{goal.id}"
    work.record(action, thing, partnership_id=goal.partnership_id, name=goal.name)
    work.promise("charts", f"indicator:{goal.indicator_id}")
