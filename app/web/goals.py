"""Goals of the partnership: the list, and one page a goal that can be handed to a board."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.figures import ALL, Figure
from app.lib.figure_words import BETTER
from app.lib.slugs import slug
from app.lib.stats import format_value
from app.lib.text import join_words
from app.lib.tracks import Course, Track, track
from app.models import Goal, Indicator, Partnership, StudentGroup
from app.models.indicator import SHOWN
from app.policy import require_manager
from app.queries import commitments, crosswalks, figures, goals, indicators, places
from app.services import goals as setting
from app.services.goals import Meant
from app.web import catalogue, here, kept
from app.web.figures import Beside, Companion, beside, companion_of
from app.web.forms.goal import GoalForm
from app.web.forms.indicator import VERDICTS
from app.web.linked import label
from app.web.outcomes import Outcome, outcome

bp = Blueprint("goals", __name__, url_prefix="/goals")

SHOWN_GROUPS = (  # on a goal's page; the indicator's page has all of them
    "african_american",
    "hispanic_latino",
    "english_learners",
    "socioeconomically_disadvantaged",
    "students_with_disabilities",
    "homeless",
)
DUE = 5  # commitments on it
DOUBTS = 6  # reasons to look twice on it


@dataclass(frozen=True, slots=True)
class Standing:
    """How one district stands towards its next target."""

    side: Beside
    target: str
    track: Track


@dataclass(frozen=True, slots=True)
class Listed:
    """One goal in the list."""

    goal: Goal
    indicator: Indicator
    group: StudentGroup
    standings: Sequence[Standing]
    companion: Companion | None


@bp.get("")
def listing() -> ResponseReturnValue:
    """Show the goals of the partnership, each with where the districts stand."""
    actor, session = here.actor(), here.session()
    partnership = _partnership()
    return render_template(
        "goals/listing.html",
        listed=goals_told(),
        closed=goals.listing(session, partnership.id, closed=True),
        manages=actor.manages(partnership.id),
    )


@bp.get("/<int:goal_id>")
@bp.get("/<int:goal_id>-<words>")
def show(goal_id: int, words: str = "") -> ResponseReturnValue:  # noqa: ARG001 - the number decides
    """Show one goal: where it stands, for whom, what is done for it, and what to be careful about."""
    actor, session = here.actor(), here.session()
    goal = _known(goal_id)
    indicator = catalogue.defined()[goal.indicator_id]
    told = outcome(indicator, goal.group_code)
    shown = told if told and told.group.code == goal.group_code else None
    return render_template(
        "goals/show.html",
        goal=goal,
        indicator=indicator,
        told=shown,
        standings=_standings(goal, indicator, shown.sides) if shown else [],
        groups=_groups(shown) if shown else [],
        better=BETTER[indicator.direction],
        doubts=shown.suspicions[:DOUBTS] if shown else [],
        aiming=[(link, post, label(link)) for link, post in indicators.aiming(session, actor, indicator.id)],
        due=commitments.open_in_strand(session, actor, goal.strand_id, limit=DUE) if goal.strand_id else [],
        verdict=crosswalks.verdicts(session, actor.partnership_id, [indicator.id]).get(indicator.id),
        verdicts=VERDICTS,
        hidden=_hidden(shown) if shown else 0,
        manages=actor.manages(goal.partnership_id),
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Set a goal."""
    partnership = _partnership()
    require_manager(here.actor(), partnership)
    place = len(goals.listing(here.session(), partnership.id)) + 1
    form = _offered(GoalForm.of(None, place))
    if request.method == "POST" and form.is_whole():
        goal_id = _set(form.meant())
        flash("The goal is set.", "success")
        return redirect(url_for(".show", goal_id=goal_id), 303)
    return render_template("goals/edit.html", goal=None, form=form), here.form_status()


@bp.route("/<int:goal_id>/edit", methods=["GET", "POST"])
def edit(goal_id: int) -> ResponseReturnValue:
    """Change a goal and its targets."""
    require_manager(here.actor(), _partnership())
    goal = _known(goal_id)
    form = _offered(GoalForm.of(goal))
    if request.method == "POST" and form.is_whole():
        with here.work() as work:
            setting.change(work, _partnership(), _known(goal_id), form.meant(), _districts())
        flash("The goal is saved.", "success")
        return redirect(url_for(".show", goal_id=goal_id), 303)
    return render_template("goals/edit.html", goal=goal, form=form), here.form_status()


@bp.post("/<int:goal_id>/closing")
def close(goal_id: int) -> ResponseReturnValue:
    """Take a goal off the list."""
    with here.work() as work:
        setting.close(work, _partnership(), _known(goal_id))
    flash({"text": "The goal is off the list.", "url": url_for(".reopen", goal_id=goal_id)}, "undo")  # type: ignore[arg-type]
    return redirect(url_for(".listing"), 303)


@bp.post("/<int:goal_id>/reopening")
def reopen(goal_id: int) -> ResponseReturnValue:
    """Put a goal back on the list."""
    with here.work() as work:
        setting.reopen(work, _partnership(), _known(goal_id))
    flash("The goal is on the list again.", "success")
    return redirect(url_for(".show", goal_id=goal_id), 303)


@bp.app_template_global()
def goal_url(goal: Goal) -> str:
    """Return the address of a goal: its number, which decides, and its name, for people."""
    return url_for("goals.show", goal_id=goal.id, words=slug(goal.name) or None)


@bp.app_template_global()
def goals_told() -> list[Listed]:
    """Return the open goals of the partnership that the reader looks at, each with where the districts stand."""
    partnership_id = here.actor().partnership_id
    return kept.kept(("goals told", partnership_id), lambda: _told(catalogue.of_partnership(partnership_id)))


def _told(places: catalogue.Places) -> list[Listed]:
    meant = [catalogue.defined()[goal.indicator_id] for goal in places.goals]
    beside_them = [catalogue.defined()[one.companion_id] for one in meant if one.companion_id]
    known = list({one.id: one for one in [*meant, *beside_them]}.values())
    groups = {ALL, *(goal.group_code for goal in places.goals)}
    found = kept.of_many(known, [district.id for district in places.measured], groups)
    return [_listed(goal, indicator, places, found) for goal, indicator in zip(places.goals, meant, strict=True)]


def _listed(
    goal: Goal, indicator: Indicator, places: catalogue.Places, found: Mapping[int, Sequence[Figure]]
) -> Listed:
    same = [figure for figure in found[indicator.id] if figure.group_code == goal.group_code]
    return Listed(
        goal,
        indicator,
        catalogue.groups()[goal.group_code],
        _standings(goal, indicator, beside(indicator, places.measured, same)[0]),
        companion_of(indicator.companion, places.measured, found, goal.group_code),
    )


def _standings(goal: Goal, indicator: Indicator, sides: Sequence[Beside]) -> list[Standing]:
    """Return how each district stands towards its next target, on a straight line from its first figure shown."""
    found = []
    for side in sides:
        visible = [figure for figure in side.series if not figure.is_hidden]
        last = visible[-1] if visible else None
        ahead = [target for target in goal.targets if target.district_id == side.district.id]
        target = next(
            (one for one in ahead if last is None or one.school_year > last.year), ahead[-1] if ahead else None
        )
        same = [figure for figure in visible if last is not None and figure.segment == last.segment]
        first = same[0] if same else None
        course = Course(
            first.year if first else None,
            first.value if first else None,
            target.school_year if target else None,
            target.value if target else None,
            indicator.direction,
            indicator.unit,
            indicator.decimals,
        )
        stands = track(course, last.year if last else None, last.value if last else None)
        words = format_value(target.value, indicator.unit, indicator.decimals) if target else ""
        found.append(Standing(side, f"{words} in {_year(target.school_year)}" if target else "", stands))
    return found


def _groups(told: Outcome) -> list[tuple[StudentGroup, Markup, str]]:
    """Return a chart and a sentence for each student group that a board asks about."""
    return [(group, drawn, _latest(told, group)) for group, drawn in told.group_charts(SHOWN_GROUPS)]


def _latest(told: Outcome, group: StudentGroup) -> str:
    held = told.by_group[group.code]
    newest = [(district, held[district.id][-1]) for district in told.districts if held.get(district.id)]
    said = [f"{district.short_name} {figure.words} in {figure.school_year}" for district, figure in newest]
    return f"{join_words(said)}."


def _hidden(told: Outcome) -> int:
    """Return how many figures of any group are not shown, so that the page can say so."""
    return sum(
        figure.status not in SHOWN
        for series in told.by_group.values()
        for figures_of in series.values()
        for figure in figures_of
    )


def _set(meant: Meant) -> int:
    with here.work() as work:
        return setting.set_goal(work, _partnership(), meant, _districts()).id


def _partnership() -> Partnership:
    return places.partnership(here.session(), here.actor().partnership_id) or abort(404)


def _known(goal_id: int) -> Goal:
    return goals.one(here.session(), here.actor(), goal_id) or abort(404)


def _offered(form: GoalForm) -> GoalForm:
    session, partnership_id = here.session(), here.actor().partnership_id
    form.offer(
        indicators.listing(session),
        figures.groups(session),
        places.strands(session, partnership_id),
        places.measured(session, partnership_id),
        here.today(),
    )
    return form


def _districts() -> set[int]:
    return {district.id for district in places.measured(here.session(), here.actor().partnership_id)}


def _year(start: int) -> str:
    return f"{start}-{(start + 1) % 100:02}"
