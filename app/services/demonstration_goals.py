"""The goals of the demonstration, what its data office wrote on charts, and its crosswalk."""

from collections.abc import Callable

import yaml
from sqlalchemy import select
from sqlalchemy.orm import raiseload

from app.lib.school_year import SchoolYear
from app.models import Indicator
from app.models.crosswalk import Aspect, Comparable
from app.services import annotations, crosswalks, goals
from app.services.annotations import Said
from app.services.demonstration import FOLDER, Given, Stage, moment
from app.services.goals import Aim, Meant
from app.work import Work


def load(stage: Stage) -> None:
    """Write everything on its day, each by whoever did it."""
    given = yaml.safe_load((FOLDER / "goals.yaml").read_text(encoding="utf-8"))
    known = {one.code: one for one in stage.work.session.scalars(select(Indicator).options(raiseload("*")))}
    acts: dict[str, Callable[[Stage, Work, Indicator | None, Given], None]] = {
        "goals": _goal,
        "annotations": _annotation,
        "crosswalk": _verdict,
        "words": _words,
    }
    for name, act in acts.items():
        for place, one in enumerate(given[name], start=1):
            work = stage.at(moment(one["day"]), one["by"])
            act(stage, work, known.get(one.get("indicator")), {**one, "place": place})


def _goal(stage: Stage, work: Work, indicator: Indicator | None, given: Given) -> None:
    assert indicator is not None  # noqa: S101 - a goal always names one
    aims = [
        Aim(stage.districts[one["district"]].id, SchoolYear.parse(one["year"]).start, one["value"])
        for one in given["targets"]
    ]
    strand_id = stage.strands[given["strand"]].id
    meant = Meant(given["name"], given["why"].strip(), indicator.id, given["group"], strand_id, given["place"], aims)
    goals.set_goal(work, stage.partnership, meant, _districts(stage))


def _annotation(stage: Stage, work: Work, indicator: Indicator | None, given: Given) -> None:
    district = stage.districts[given["district"]].id if given.get("district") else None
    said = Said(
        given["words"],
        given["explanation"],
        given["from"],
        given.get("to"),
        indicator.id if indicator else None,
        district,
    )
    annotations.add(work, said, _districts(stage))


def _verdict(_stage: Stage, work: Work, indicator: Indicator | None, given: Given) -> None:
    assert indicator is not None  # noqa: S101 - a verdict always names one
    crosswalks.judge(work, indicator, Comparable(given["verdict"]), given["reason"])


def _words(_stage: Stage, work: Work, indicator: Indicator | None, given: Given) -> None:
    assert indicator is not None  # noqa: S101 - words are always about one
    crosswalks.say(work, indicator, {aspect: given.get(str(aspect)) or "" for aspect in Aspect})


def _districts(stage: Stage) -> set[int]:
    return {district.id for district in stage.districts.values()}
