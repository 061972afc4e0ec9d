"""Indicators: the list with what moved, and one indicator with everything that is known of it."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import TextAreaField
from wtforms.validators import Length

from app.figures import ALL, Figure
from app.lib.figure_words import BETTER
from app.lib.school_year import SchoolYear
from app.lib.slugs import slug
from app.models import District, Indicator, StudentGroup
from app.pictures import picture
from app.queries import figures, indicators, places, posts
from app.queries.posts import Wanted
from app.services import definitions
from app.web import here
from app.web.figures import Beside, beside

bp = Blueprint("indicators", __name__, url_prefix="/indicators")

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run
COLUMNS = (
    "indicator",
    "definition",
    "district",
    "cds",
    "school_year",
    "student_group",
    "value",
    "unit",
    "status",
    "numerator",
    "students",
    "vintage",
    "is_latest",
    "source",
    "release",
    "file",
    "row",
    "note",
)


class NoteForm(FlaskForm):
    """What one district says about how it counts."""

    text = TextAreaField(
        "How your district counts this",
        validators=[
            Length(max=definitions.LONGEST_NOTE, message=f"Keep it under {definitions.LONGEST_NOTE:,} characters.")
        ],
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One indicator in the list."""

    indicator: Indicator
    sides: Sequence[Beside]
    aimed: int


@bp.get("")
def listing() -> ResponseReturnValue:
    """Show every indicator by line of work, the districts side by side."""
    actor, session = here.actor(), here.session()
    districts = places.measured(session, actor.partnership_id)
    groups = figures.groups(session)
    group = _chosen(groups)
    known = indicators.listing(session)
    found = figures.of_many(session, known, [district.id for district in districts], [group.code] if group else [])
    aimed = indicators.aimed_at(session, actor)
    strands: dict[str, list[Entry]] = {}
    without: list[Indicator] = []
    for indicator in known:
        if not found[indicator.id]:
            without.append(indicator)
            continue
        sides, _ = beside(indicator, districts, found[indicator.id])
        strands.setdefault(indicator.strand_name, []).append(Entry(indicator, sides, aimed[indicator.id]))
    return render_template(
        "indicators/listing.html", strands=strands, without=without, groups=groups, group=group, better=BETTER
    )


@bp.get("/<int:indicator_id>")
@bp.get("/<int:indicator_id>-<words>")
def show(indicator_id: int, words: str = "") -> ResponseReturnValue:  # noqa: ARG001 - the number decides
    """Show one indicator."""
    return _page(_known(indicator_id), None)


@bp.post("/<int:indicator_id>/notes")
def note(indicator_id: int) -> ResponseReturnValue:
    """Keep what the reader's own district says about how it counts."""
    form = NoteForm()
    if not form.validate():
        return _page(_known(indicator_id), form), 422
    with here.work() as work:
        indicator = indicators.one(work.session, indicator_id) or abort(404)
        kept = definitions.note(work, indicator, form.text.data or "")
        path = indicator_path(indicator)
    flash("Your district’s note is on the page now." if kept else "Your district’s note is gone.", "success")
    return redirect(f"/indicators/{path}#notes", 303)


@bp.get("/<int:indicator_id>/figures.csv")
def download(indicator_id: int) -> ResponseReturnValue:
    """Send the figures of one indicator, each with its source, as a file that a spreadsheet opens safely."""
    indicator, session = _known(indicator_id), here.session()
    districts = places.measured(session, here.actor().partnership_id)
    groups = figures.groups_of(session, indicator.versions, [district.id for district in districts])
    wanted = [group.code for group in groups if request.args.get("group") in {None, "", group.code}]
    found = figures.of(session, indicator, [district.id for district in districts], wanted)
    text = io.StringIO()
    csv.writer(text).writerows(_table(indicator, districts, found))
    name = f"{slug(indicator.name) or 'indicator'}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + text.getvalue(), mimetype="text/csv", headers=headers)


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
    districts = places.measured(session, actor.partnership_id)
    ids = [district.id for district in districts]
    groups = figures.groups_of(session, indicator.versions, ids)
    group = _chosen(groups)
    found = figures.of(session, indicator, ids, [group.code]) if group else []
    sides, series = beside(indicator, districts, found)
    drawn = here.charts().picture(picture(indicator, group, districts, series)) if group else Markup("")
    may_note = actor.keeps_figures() and actor.here is not None
    mine = next((note for note in indicator.notes if actor.here and note.district_id == actor.here.district_id), None)
    return render_template(
        "indicators/show.html",
        indicator=indicator,
        groups=groups,
        group=group,
        sides=sides,
        svg=drawn,
        rows=sorted((f for f in found if f.is_latest), key=lambda f: (-f.year, f.district_id, f.source)),
        restated=figures.restated(found),
        two_sources=_two_sources(found),
        names={district.id: district for district in districts},
        better=BETTER[indicator.direction],
        speaking=posts.feed(
            session, actor, Wanted(partnership_id=actor.partnership_id, indicator_id=indicator.id)
        ).posts,
        form=(form or NoteForm(formdata=None, data={"text": mine.text if mine else ""})) if may_note else None,
        path=indicator_path(indicator),
    )


def _known(indicator_id: int) -> Indicator:
    return indicators.one(here.session(), indicator_id) or abort(404)


def _chosen(groups: Sequence[StudentGroup]) -> StudentGroup | None:
    """Return the student group asked for, else all students, else the first there is."""
    by_code = {group.code: group for group in groups}
    return by_code.get(request.args.get("group", "")) or by_code.get(ALL) or next(iter(groups), None)


def _two_sources(found: Sequence[Figure]) -> list[str]:
    """Return the years for which two sources stand beside each other."""
    seen: dict[tuple[int, int], set[str]] = {}
    for figure in found:
        if figure.is_latest:
            seen.setdefault((figure.year, figure.district_id), set()).add(figure.source)
    years = {year for (year, _), sources in seen.items() if len(sources) > 1}
    return [str(SchoolYear(year)) for year in sorted(years)]


def _table(indicator: Indicator, districts: Sequence[District], found: Sequence[Figure]) -> Iterator[Sequence[object]]:
    names = {district.id: district for district in districts}
    versions = {version.id: version.code for version in indicator.versions}
    yield COLUMNS
    for figure in found:
        district = names[figure.district_id]
        text = (indicator.code, versions[figure.version_id], district.name, district.cds_code or "")
        yield (
            *map(safe, text),
            figure.school_year,
            figure.group_code,
            "" if figure.value is None else figure.value,
            indicator.unit,
            figure.status if figure.value is not None else figure.words,
            "" if figure.numerator is None else figure.numerator,
            "" if figure.students is None else figure.students,
            figure.vintage,
            "yes" if figure.is_latest else "no",
            *map(safe, (figure.source, figure.release, figure.file_name)),
            figure.row_number,
            safe(figure.note),
        )


def safe(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
