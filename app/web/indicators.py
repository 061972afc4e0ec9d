"""Indicators: the list with what moved, and one indicator with everything that is known of it."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.figures import ALL, Figure
from app.lib import text
from app.lib.figure_words import BETTER
from app.lib.school_year import start_of
from app.lib.slugs import slug
from app.models import DefinitionVersion, District, Indicator, StudentGroup
from app.pictures import picture
from app.policy import require_figures
from app.queries import crosswalks, figures, indicators, posts
from app.queries.posts import Wanted
from app.services import definitions
from app.services.definitions import Definition
from app.web import catalogue, here, kept
from app.web.figure_table import table_of
from app.web.figures import Beside, Companion, beside, companion_of
from app.web.forms.indicator import VERDICTS, DefinitionForm, NoteForm, VersionForm
from app.web.outcomes import outcome

bp = Blueprint("indicators", __name__, url_prefix="/indicators")

FILES = {"png": "image/png", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Watched:
    """What the list looks at: the districts, one group of students and, if one was asked for, the last year."""

    districts: Sequence[District]
    group: StudentGroup | None
    year: int | None

    @property
    def key(self) -> Hashable:
        """What figures in the list depend on."""
        return tuple(one.id for one in self.districts), self.group.code if self.group else "", self.year

    def figures(self, indicators: Sequence[Indicator]) -> dict[int, list[Figure]]:
        """Return the figures of some indicators."""
        return kept.of_many(indicators, [one.id for one in self.districts], [self.group.code] if self.group else [])


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator in the list."""

    indicator: Indicator
    other: Indicator | None
    watched: Watched
    aimed: int

    @property
    def key(self) -> Hashable:
        """What its figures depend on."""
        return self.indicator.id, self.watched.key

    @property
    def sides(self) -> Sequence[Beside]:
        """The districts side by side."""
        found = self.watched.figures([self.indicator])[self.indicator.id]
        return beside(self.indicator, self.watched.districts, found, self.watched.year)[0]

    @property
    def companion(self) -> Companion | None:
        """What is read beside it."""
        group = self.watched.group.code if self.watched.group else ALL
        found = self.watched.figures([self.other]) if self.other else {}
        return companion_of(self.other, self.watched.districts, found, group, self.watched.year)


@bp.get("")
def listing() -> ResponseReturnValue:
    """Show every indicator by line of work, the districts side by side."""
    actor = here.actor()
    groups = list(catalogue.groups().values())
    districts = catalogue.of_partnership(actor.partnership_id).measured
    watched = Watched(districts, _chosen(groups), request.args.get("year", type=start_of))
    by_id = catalogue.defined()
    known = list(by_id.values())
    aimed = indicators.aimed_at(here.session(), actor)
    told, years = kept.kept(("reach", watched.key), lambda: _reach(watched, known))
    strands: dict[str, list[Entry]] = {}
    for indicator in known:
        if indicator.id in told:
            entry = Entry(indicator, by_id.get(indicator.companion_id or 0), watched, aimed[indicator.id])
            strands.setdefault(indicator.strand_name, []).append(entry)
    return render_template(
        "indicators/listing.html",
        strands=strands,
        without=[one for one in known if one.id not in told],
        groups=groups,
        group=watched.group,
        years=years,
        year=watched.year,
        better=BETTER,
    )


def _reach(watched: Watched, known: Sequence[Indicator]) -> tuple[set[int], list[int]]:
    """Return which indicators have figures to list, and the years of all there are, the newest first."""
    told = set()
    found = watched.figures(known)
    for number, series in found.items():
        years = {figure.year for figure in series if figure.is_latest}
        if years and (watched.year is None or watched.year in years):
            told.add(number)
    return told, sorted({figure.year for series in found.values() for figure in series}, reverse=True)


@bp.get("/<int:indicator_id>")
@bp.get("/<int:indicator_id>-<words>")
def show(indicator_id: int, words: str = "") -> ResponseReturnValue:  # noqa: ARG001 - the number decides
    """Show one indicator."""
    return _page(_told_of(indicator_id), None)


@bp.post("/<int:indicator_id>/notes")
def note(indicator_id: int) -> ResponseReturnValue:
    """Keep what the reader's own district says about how it counts."""
    form = NoteForm()
    if not form.validate():
        return _page(_told_of(indicator_id), form), 422
    with here.work() as work:
        indicator = indicators.one(work.session, indicator_id) or abort(404)
        kept = definitions.note(work, indicator, form.text.data or "")
        path = indicator_path(indicator)
    flash("Your district’s note is on the page now." if kept else "Your district’s note is gone.", "success")
    return redirect(f"/indicators/{path}#notes", 303)


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Define an indicator."""
    require_figures(here.actor())
    form = DefinitionForm(decimals=1)
    form.offer(indicators.listing(here.session()))
    if request.method == "POST" and form.validate():
        with here.work() as work:
            indicator_id = definitions.define(work, form.definition()).id
        flash("The indicator is there. Say since when it is measured like this.", "success")
        return redirect(url_for(".definition", indicator_id=indicator_id), 303)
    return render_template("indicators/definition.html", indicator=None, form=form, versions=[]), here.form_status()


@bp.route("/<int:indicator_id>/definition", methods=["GET", "POST"])
def definition(indicator_id: int) -> ResponseReturnValue:
    """Change what an indicator is."""
    require_figures(here.actor())
    indicator = _known(indicator_id)
    form = DefinitionForm(obj=indicator)
    form.offer(one for one in indicators.listing(here.session()) if one.id != indicator_id)
    if request.method == "POST" and form.validate():
        path = _define(indicator_id, form.definition())
        flash("The definition is saved.", "success")
        return redirect(f"/indicators/{path}#definition", 303)
    return _definition_page(indicator, form), here.form_status()


@bp.post("/<int:indicator_id>/versions")
def add_version(indicator_id: int) -> ResponseReturnValue:
    """Add a way of measuring."""
    return _measure(indicator_id, None)


@bp.post("/<int:indicator_id>/versions/<int:version_id>")
def change_version(indicator_id: int, version_id: int) -> ResponseReturnValue:
    """Change a way of measuring."""
    return _measure(indicator_id, version_id)


@bp.get("/<int:indicator_id>/figures.csv")
def download(indicator_id: int) -> ResponseReturnValue:
    """Send the figures of one indicator, each with its source, as a file that a spreadsheet opens safely."""
    indicator, session = _told_of(indicator_id), here.session()
    districts = catalogue.of_partnership(here.actor().partnership_id).measured
    groups = catalogue.groups().values()
    wanted = [group.code for group in groups if request.args.get("group") in {None, "", group.code}]
    found = figures.of(session, indicator, [district.id for district in districts], wanted)
    name = f"{slug(indicator.name) or 'indicator'}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    verdict = crosswalks.verdicts(session, here.actor().partnership_id, [indicator.id]).get(indicator.id)
    table = table_of(indicator, districts, found, verdict)
    return Response("\ufeff" + table, mimetype="text/csv", headers=headers)


@bp.get("/<int:indicator_id>/chart.<kind>")
def chart(indicator_id: int, kind: str) -> ResponseReturnValue:
    """Send the chart of one indicator as a picture that says where it comes from."""
    told = outcome(_told_of(indicator_id), request.args.get("group", ""))
    if told is None or kind not in FILES:
        abort(404)
    wanted = picture(told.indicator, told.group, told.districts, told.series, told.around)
    sources = list(dict.fromkeys(source for source, _ in told.sources))
    source = f"Source: {sources[0]}{' and others' if len(sources) > 1 else ''}. {BETTER[told.indicator.direction]}"
    drawn = here.charts().file(wanted, kind, f"{told.indicator.name}, {text.inside(told.group.name)}", source)
    name = f"{slug(told.indicator.name) or 'indicator'}.{kind}"
    return Response(drawn, mimetype=FILES[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'})


@bp.app_template_global()
def indicator_url(indicator: Indicator, group: StudentGroup | None = None) -> str:
    """Return the address of an indicator, for one group of students if it is not all of them."""
    path = f"/indicators/{indicator_path(indicator)}"
    return path if group is None or group.code == ALL else f"{path}?group={group.code}"


def indicator_path(indicator: Indicator) -> str:
    """Return the last part of an indicator's address: its number, which decides, and its name, for people."""
    return f"{indicator.id}-{slug(indicator.name)}"


def _page(indicator: Indicator, form: NoteForm | None) -> str:
    actor, session = here.actor(), here.session()
    may_note = actor.keeps_figures() and actor.here is not None
    mine = next((note for note in indicator.notes if actor.here and note.district_id == actor.here.district_id), None)
    told = outcome(indicator, request.args.get("group", ""))
    return render_template(
        "indicators/show.html",
        indicator=indicator,
        told=told,
        names={district.id: district for district in told.districts} if told else {},
        better=BETTER[indicator.direction],
        verdict=crosswalks.verdicts(session, actor.partnership_id, [indicator.id]).get(indicator.id),
        verdicts=VERDICTS,
        speaking=posts.feed(
            session, actor, Wanted(partnership_id=actor.partnership_id, indicator_id=indicator.id)
        ).posts,
        form=(form or NoteForm(formdata=None, data={"text": mine.text if mine else ""})) if may_note else None,
        keeps=actor.keeps_figures(),
        most_trials=indicators.MOST,
    )


def _definition_page(indicator: Indicator, form: DefinitionForm, wrong: VersionForm | None = None) -> str:
    today = here.today()
    forms: list[tuple[DefinitionVersion | None, VersionForm]] = [
        (version, _kept(VersionForm.of(version, today), wrong)) for version in [*indicator.versions, None]
    ]
    return render_template("indicators/definition.html", indicator=indicator, form=form, versions=forms)


def _kept(form: VersionForm, wrong: VersionForm | None) -> VersionForm:
    """Return the form with what was typed into it, where it is the one that needs another look."""
    return wrong if wrong is not None and wrong.name.name == form.name.name else form


def _define(indicator_id: int, said: Definition) -> str:
    with here.work() as work:
        indicator = indicators.one(work.session, indicator_id) or abort(404)
        definitions.define(work, said, indicator)
        return indicator_path(indicator)


def _measure(indicator_id: int, version_id: int | None) -> ResponseReturnValue:
    require_figures(here.actor())
    indicator = _known(indicator_id)
    version = _version(indicator, version_id)
    form = VersionForm.of(version, here.today())
    if form.validate():
        try:
            with here.work() as work:
                fresh = indicators.one(work.session, indicator_id) or abort(404)
                definitions.measure(work, fresh, form.way(), _version(fresh, version_id))
        except ValueError as wrong:
            form.valid_from.errors = [*form.valid_from.errors, str(wrong)]
        else:
            flash("The definition is saved.", "success")
            return redirect(url_for(".definition", indicator_id=indicator_id, _anchor="versions"), 303)
    indicator = _known(indicator_id)
    whole = DefinitionForm(formdata=None, obj=indicator)
    whole.offer(one for one in indicators.listing(here.session()) if one.id != indicator_id)
    return _definition_page(indicator, whole, form), 422


def _version(indicator: Indicator, version_id: int | None) -> DefinitionVersion | None:
    if version_id is None:
        return None
    return next((version for version in indicator.versions if version.id == version_id), None) or abort(404)


def _told_of(indicator_id: int) -> Indicator:
    """Return an indicator to tell of."""
    return catalogue.defined().get(indicator_id) or abort(404)


def _known(indicator_id: int) -> Indicator:
    """Return an indicator to change."""
    return indicators.one(here.session(), indicator_id) or abort(404)


def _chosen(groups: Sequence[StudentGroup]) -> StudentGroup | None:
    """Return the student group asked for, else all students, else the first there is."""
    by_code = {group.code: group for group in groups}
    return by_code.get(request.args.get("group", "")) or by_code.get(ALL) or next(iter(groups), None)
