"""The crosswalk: the districts' definitions side by side, what differs marked, and whether they may be compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.lib.differences import Stretch, compare
from app.models import District, DistrictDefinition, Indicator
from app.models.crosswalk import Aspect, Comparable
from app.policy import require_figures
from app.queries import crosswalks, indicators, places
from app.services import crosswalks as keeping
from app.web import here
from app.web.forms.indicator import ASPECTS, VERDICTS, OwnWordsForm, VerdictForm

bp = Blueprint("crosswalks", __name__, url_prefix="/crosswalks")

SHARED = {  # what the common definition says of an aspect
    Aspect.NUMERATOR: "numerator",
    Aspect.DENOMINATOR: "denominator",
    Aspect.POPULATION: "population",
    Aspect.TIMING: "cadence",
    Aspect.SOURCE: "source",
}


@dataclass(frozen=True, slots=True)
class Own:
    """What one district says of one aspect; without words of its own the common definition holds."""

    district: District
    said: DistrictDefinition | None
    stretches: Sequence[Stretch]


@dataclass(frozen=True, slots=True)
class Row:
    """One aspect across the districts."""

    label: str
    common: str
    sides: Sequence[Own]

    @property
    def differs(self) -> bool:
        """Whether the districts do not all say the same."""
        return len({" ".join((own.said.text if own.said else self.common).lower().split()) for own in self.sides}) > 1


@bp.get("")
def listing() -> ResponseReturnValue:
    """Show every indicator with its verdict and how many aspects differ."""
    actor, session = here.actor(), here.session()
    known = indicators.listing(session)
    districts = places.measured(session, actor.partnership_id)
    verdicts = crosswalks.verdicts(session, actor.partnership_id)
    said = crosswalks.definitions(session, [one.id for one in known], [one.id for one in districts])
    differing = {one.id: _differing(one, districts, said) for one in known}
    return render_template(
        "crosswalks/listing.html",
        indicators=sorted(known, key=lambda one: (one.id not in verdicts, not differing[one.id])),
        verdicts=verdicts,
        words=VERDICTS,
        differing=differing,
    )


@bp.get("/<int:indicator_id>")
def show(indicator_id: int) -> ResponseReturnValue:
    """Show one indicator's definitions side by side."""
    return _page(_known(indicator_id))


@bp.post("/<int:indicator_id>/words")
def say(indicator_id: int) -> ResponseReturnValue:
    """Keep what the reader's own district says."""
    require_figures(here.actor())
    form = OwnWordsForm()
    if not form.validate():
        return _page(_known(indicator_id), own=form), 422
    with here.work() as work:
        keeping.say(work, indicators.one(work.session, indicator_id) or abort(404), form.words())
    flash("Your district’s words are on the page now.", "success")
    return redirect(url_for(".show", indicator_id=indicator_id), 303)


@bp.post("/<int:indicator_id>/verdicts")
def judge(indicator_id: int) -> ResponseReturnValue:
    """Keep whether the districts may be compared."""
    require_figures(here.actor())
    form = VerdictForm()
    if not form.validate():
        return _page(_known(indicator_id), verdict=form), 422
    with here.work() as work:
        indicator = indicators.one(work.session, indicator_id) or abort(404)
        keeping.judge(work, indicator, Comparable(form.verdict.data), form.reason.data or "")
    flash("Your verdict stands on the page now, with your name and the day.", "success")
    return redirect(url_for(".show", indicator_id=indicator_id), 303)


def _page(indicator: Indicator, own: OwnWordsForm | None = None, verdict: VerdictForm | None = None) -> str:
    actor, session = here.actor(), here.session()
    districts = places.measured(session, actor.partnership_id)
    said = crosswalks.definitions(session, [indicator.id], [district.id for district in districts])
    mine = actor.here.district_id if actor.here else None
    keeps = actor.keeps_figures() and actor.here is not None
    words = {one.aspect: one.text for one in said if one.district_id == mine}
    history = crosswalks.history(session, actor.partnership_id, indicator.id)
    return render_template(
        "crosswalks/show.html",
        indicator=indicator,
        rows=_rows(indicator, districts, said),
        districts=districts,
        history=history,
        words=VERDICTS,
        own=(own or OwnWordsForm(formdata=None, data=words)) if keeps else None,
        verdict=(verdict or VerdictForm(formdata=None)) if keeps else None,
    )


def _rows(indicator: Indicator, districts: Sequence[District], said: Sequence[DistrictDefinition]) -> list[Row]:
    held = {(one.aspect, one.district_id): one for one in said if one.indicator_id == indicator.id}
    rows = []
    for aspect, label in ASPECTS.items():
        common = getattr(indicator, SHARED[aspect]) if aspect in SHARED else ""
        if common or any((aspect, district.id) in held for district in districts):
            rows.append(Row(label, common, _sides(aspect, common, districts, held)))
    return rows


def _sides(
    aspect: Aspect, common: str, districts: Sequence[District], held: Mapping[tuple[str, int], DistrictDefinition]
) -> list[Own]:
    """Return each district's words; from the second on, with what differs from the first one's marked."""
    sides: list[Own] = []
    first = ""
    for place, district in enumerate(districts):
        said = held.get((aspect, district.id))
        text = said.text if said else common
        if not place:
            first = text
        marked = compare(first, text) if place and first and text else (Stretch("same", text),)
        sides.append(Own(district, said, marked))
    return sides


def _differing(indicator: Indicator, districts: Sequence[District], said: Sequence[DistrictDefinition]) -> int:
    return sum(row.differs for row in _rows(indicator, districts, said))


def _known(indicator_id: int) -> Indicator:
    return indicators.one(here.session(), indicator_id) or abort(404)
