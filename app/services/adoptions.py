"""Recording each district's trial of a practice."""

from dataclasses import dataclass
from datetime import date

from app.models import Adoption, Practice
from app.policy import Action, Denied, may_change_adoption, require
from app.services.posts import thing
from app.work import Work


@dataclass(frozen=True, slots=True)
class Trial:
    """What is recorded of a trial. ``verdict`` is adopt, adapt, abandon, or nothing while it runs."""

    district_id: int
    starts_on: date
    ends_on: date | None = None
    scale: str = ""
    adapted: str = ""
    why: str = ""
    verdict: str | None = None
    happened: str = ""


def record(work: Work, practice: Practice, trial: Trial) -> Adoption:
    """Record that a district tries ``practice``.

    Raises:
        Denied: if the actor only reads, or records for a district that is not theirs (managers may).
    """
    person_id = require(work.actor, Action.ADOPT, practice)
    adoption = Adoption(post_id=practice.id, recorded_by_id=person_id, recorded_at=work.now)
    _fill(adoption, trial)
    _require_own(work, practice, adoption)
    work.session.add(adoption)
    work.session.flush()
    _follow(work, "adoption.recorded", practice, adoption)
    return adoption


def change(work: Work, practice: Practice, adoption: Adoption, trial: Trial) -> None:
    """Change what is recorded of a trial.

    Raises:
        Denied: if it is not a trial of the actor's district (managers may).
    """
    _require_own(work, practice, adoption)
    _fill(adoption, trial)
    _require_own(work, practice, adoption)
    adoption.edited_at = work.now
    _follow(work, "adoption.changed", practice, adoption)


def remove(work: Work, practice: Practice, adoption: Adoption) -> None:
    """Take the record of a trial away; it can be brought back.

    Raises:
        Denied: if it is not a trial of the actor's district (managers may).
    """
    _require_own(work, practice, adoption)
    adoption.removed_at = work.now
    _follow(work, "adoption.removed", practice, adoption)


def restore(work: Work, practice: Practice, adoption: Adoption) -> None:
    """Bring back the record of a trial.

    Raises:
        Denied: if it is not a trial of the actor's district (managers may).
    """
    _require_own(work, practice, adoption)
    adoption.removed_at = None
    _follow(work, "adoption.recorded", practice, adoption)


def _fill(adoption: Adoption, trial: Trial) -> None:
    for name in Trial.__slots__:
        setattr(adoption, name, getattr(trial, name))


def _require_own(work: Work, practice: Practice, adoption: Adoption) -> None:
    if not may_change_adoption(work.actor, adoption, practice):
        msg = "You can record trials of your own district. Ask its people, or a manager, to record this one."
        raise Denied(msg)


def _follow(work: Work, action: str, practice: Practice, adoption: Adoption) -> None:
    practice.version += 1
    work.record(action, thing(practice), partnership_id=practice.partnership_id, adoption=adoption.id)
