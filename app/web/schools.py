"""The schools of a district on one indicator: a table to look one up in, by name and never ranked, and a file."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.figures import ALL, Figure
from app.lib.cds import format as written_code
from app.lib.numbers import row_number
from app.lib.school_year import start_of
from app.lib.slugs import slug
from app.models import District, Indicator, StudentGroup
from app.queries import schools
from app.web import catalogue, here
from app.web.figure_table import rows_of
from app.web.kept import kept
from app.web.people import PageLink

bp = Blueprint("schools", __name__, url_prefix="/indicators/<int:indicator_id>/schools")

A_PAGE = 50  # rows
LONGEST = 100  # characters of a name that we look for
EVERY_YEAR = "all"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see: one group, one year or all of them (None), schools whose name or code has words."""

    group: str
    year: int | None
    words: str

    def fits(self, school: District) -> bool:
        """Say whether a school is wanted."""
        digits = "".join(filter(str.isdigit, self.words))
        by_code = bool(digits) and digits in (school.cds_code or "")
        return self.words.casefold() in school.name.casefold() or by_code


@bp.get("/<int:district_id>")
def listing(indicator_id: int, district_id: int) -> ResponseReturnValue:
    """Show the schools of one district."""
    indicator, district = _known(indicator_id, district_id)
    session = here.session()
    known = schools.of_district(session, district.id)
    groups, years = schools.reach(session, indicator, known)
    if not years:
        abort(404)
    asked = _asked(groups, years)
    found = schools.figures(session, indicator, district.id, known, [asked.group], asked.year)
    wanted = {school.id: school for school in known if asked.fits(school)}
    rows = [figure for figure in found if figure.district_id in wanted]
    pages = max(1, -(-len(rows) // A_PAGE))
    number = min(row_number(request.args.get("page", "")) or 1, pages)
    return render_template(
        "schools/listing.html",
        indicator=indicator,
        district=district,
        schools=wanted,
        asked=asked,
        group=catalogue.groups()[asked.group],
        groups=[group for group in catalogue.groups().values() if group.code in groups],
        years=years,
        count=len(rows),
        hidden=sum(figure.is_hidden for figure in rows),
        rows=rows[(number - 1) * A_PAGE : number * A_PAGE],
        pages=_pages(indicator, district, asked, number, pages),
        code_of=lambda school: written_code(school.cds_code) if school.cds_code else "",
    )


@bp.get("/<int:district_id>/figures.csv")
def download(indicator_id: int, district_id: int) -> ResponseReturnValue:
    """Send the figures of all schools of one district, of every group and year, each with its source."""
    indicator, district = _known(indicator_id, district_id)
    session = here.session()
    known = schools.of_district(session, district.id)
    groups, _ = schools.reach(session, indicator, known)
    found: list[Figure] = schools.figures(session, indicator, district.id, known, groups, None)
    name = f"{slug(indicator.name) or 'indicator'}-{slug(district.short_name) or 'district'}-schools.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + rows_of(indicator, known, found), mimetype="text/csv", headers=headers)


@bp.app_template_global()
def schools_of(indicator: Indicator, group: StudentGroup | None = None) -> list[tuple[District, str]]:
    """Return the districts whose schools have figures of an indicator, each with the address of their table."""
    districts = catalogue.of_partnership(here.actor().partnership_id).measured
    ids = tuple(district.id for district in districts)
    key = ("with schools", indicator.id, ids)
    found = kept(key, lambda: schools.districts_with_any(here.session(), indicator, ids))
    code = None if group is None or group.code == ALL else group.code
    return [(one, _url(indicator, one, group=code)) for one in districts if one.id in found]


def _known(indicator_id: int, district_id: int) -> tuple[Indicator, District]:
    indicator = catalogue.defined().get(indicator_id) or abort(404)
    districts = catalogue.of_partnership(here.actor().partnership_id).measured
    return indicator, next((one for one in districts if one.id == district_id), None) or abort(404)


def _asked(groups: set[str], years: Sequence[int]) -> Asked:
    given = request.args
    usual = ALL if ALL in groups else min(groups)
    group = given.get("group", "")
    year = given.get("year", type=start_of)
    chosen = None if given.get("year") == EVERY_YEAR else year if year in years else years[0]
    return Asked(group if group in groups else usual, chosen, given.get("q", "")[:LONGEST].strip())


def _pages(indicator: Indicator, district: District, asked: Asked, number: int, pages: int) -> list[PageLink]:
    year = EVERY_YEAR if asked.year is None else asked.year
    return [
        PageLink(
            str(one),
            _url(indicator, district, page=one, group=asked.group, year=year, q=asked.words or None),
            one == number,
        )
        for one in range(1, pages + 1)
    ]


def _url(indicator: Indicator, district: District, **asked: str | int | None) -> str:
    return url_for("schools.listing", indicator_id=indicator.id, district_id=district.id, **asked)  # type: ignore[arg-type]
