"""Indicator pages: true, sourced, careful, and nothing that a source hides."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from app.charts import Charts
from app.figures import Figure, read, segments, shown
from app.models import Adoption, DefinitionNote, DefinitionVersion, Event, Indicator, Job, Observation
from app.policy import Denied
from app.queries import figures as reading
from app.queries import indicators
from app.services import charts as drawing
from app.services import definitions, figures
from app.web.figure_table import safe
from config import ROOT
from tests.demo import DEMO, define, shipped
from tests.people import Cast, sign_in

HIDDEN = "hidden to protect students"


@pytest.fixture
def real(cast: Cast) -> dict[str, int]:
    """Load the demonstration's catalogue and its public figures; return the indicators' numbers."""
    define(cast)
    figures.load(cast.work(cast.flo), DEMO / "figures.csv")
    cast.session.commit()
    return {indicator.code: indicator.id for indicator in cast.session.scalars(select(Indicator))}


def statements(engine: Engine, act: Callable[[], object]) -> int:
    count = 0

    def one_more(*_: object) -> None:
        nonlocal count
        count += 1

    event.listen(engine, "before_cursor_execute", one_more)
    act()
    event.remove(engine, "before_cursor_execute", one_more)
    return count


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_page_of_the_api_says_what_was_restated(
    client: FlaskClient, session: Session, cast: Cast, real: dict[str, int], drawn: list[str]
) -> None:
    sign_in(client, cast.ana, session)

    page = words(client.get(f"/indicators/{real['api_growth']}").text)

    assert "Fresno stood at 723 in 2012-13, down 3 from the year before (726 in the same release)" in page
    assert "Fresno , 2007-08: published as 684, restated 688" in page.replace("Fresno,", "Fresno ,")
    assert "Fresno , 2011-12: published as 723, restated 726" in page.replace("Fresno,", "Fresno ,")
    assert "CDE 2013 Growth API file" in page
    assert "because" not in page
    assert "worse than the year before" not in page  # the page tells, the list judges
    assert "Note(year=2007, value=688.0, words='restated 688')" in drawn[0]


def test_a_hidden_figure_leaves_by_no_way(
    client: FlaskClient, session: Session, cast: Cast, real: dict[str, int], drawn: list[str]
) -> None:
    sign_in(client, cast.ana, session)
    where = f"/indicators/{real['college_career_prepared_rate']}"

    page = words(client.get(f"{where}?group=american_indian_alaska_native").text)
    rows = [
        row
        for row in csv.DictReader(io.StringIO(client.get(f"{where}/figures.csv").text.removeprefix("\ufeff")))
        if row["student_group"] == "american_indian_alaska_native" and row["district"] == "Long Beach Unified"
    ]

    assert f"2024-25 Long Beach {HIDDEN} –" in page
    hidden = [row for row in rows if row["status"] == HIDDEN]
    assert {row["school_year"] for row in hidden} == {"2023-24", "2024-25"}
    assert {(row["value"], row["numerator"], row["students"]) for row in hidden} == {("", "", "")}
    assert any("missing='hidden'" in one for one in drawn)


def test_every_figure_passes_the_gate(cast: Cast, real: dict[str, int]) -> None:
    hidden = cast.session.scalars(select(Observation).where(Observation.status == "suppressed")).all()

    out = [shown(observation, unit="percent") for observation in hidden]

    assert (len(out), len(real)) == (44, 39)
    assert {(f.value, f.numerator, f.students, f.prior, f.words) for f in out} == {(None, None, None, None, HIDDEN)}


def test_two_districts_stand_side_by_side_in_the_list(
    client: FlaskClient, session: Session, cast: Cast, real: dict[str, int]
) -> None:
    cast.practice(
        cast.ana,
        shared="partnership",
        indicator_links=[
            {"indicator_id": real["four_year_graduation_rate"], "expected": "increase", "evidence": "hypothesis"}
        ],
    )
    sign_in(client, cast.ben, session)

    page = client.get("/indicators")
    text = words(page.text)

    assert page.status_code == 200
    assert "What share of students graduate within four years?" in text
    assert "Lower is better." in text
    assert "1 practice aims at it" in text
    assert page.text.count('class="sparkline') >= 60
    assert "College and career" in text


def test_the_list_is_filtered_by_student_group(
    client: FlaskClient, session: Session, cast: Cast, real: dict[str, int]
) -> None:
    sign_in(client, cast.ben, session)

    text = words(client.get("/indicators?group=foster").text)

    assert real
    assert "No figures for foster youth" in text
    assert "Academic Performance Index (Growth)" in text.split("No figures for foster youth")[1]


@pytest.mark.usefixtures("real")
def test_a_year_that_is_none_is_no_year_chosen(client: FlaskClient, session: Session, cast: Cast) -> None:
    sign_in(client, cast.dee, session)
    every_year = words(client.get("/indicators").text)
    assert words(client.get("/indicators?year=2012").text) != every_year

    for year in ("99999", "-5", str(2**63), str(10**30), "1899", "x", ""):
        page = client.get(f"/indicators?year={year}")
        assert page.status_code == 200, year
        assert words(page.text) == every_year, year


def test_list_and_page_cost_the_same_statements_for_one_figure_or_a_thousand(  # noqa: PLR0917
    client: FlaskClient, session: Session, cast: Cast, app: Flask, real: dict[str, int], drawn: list[str]
) -> None:
    from app.db import db  # noqa: PLC0415 - needs the application

    sign_in(client, cast.ana, session)
    with app.app_context():
        engine = db.engine
    urls = [f"/indicators/{real[code]}" for code in ("reclassified_count", "api_growth", "four_year_graduation_rate")]
    others = [number for number in real.values() if f"/indicators/{number}" not in urls]
    client.get("/indicators")
    client.get(f"/indicators/{others[0]}")  # what a process reads once

    counts = [statements(engine, lambda url=url: client.get(url)) for url in urls]  # type: ignore[misc]
    listed = statements(engine, lambda: client.get("/indicators"))

    assert max(counts) <= 26
    assert max(counts) - min(counts) <= 1  # a companion that is a companion of itself was loaded already
    assert listed <= 20
    assert drawn


def test_a_practice_shows_its_trials_and_claims_no_cause(
    client: FlaskClient, session: Session, cast: Cast, real: dict[str, int], drawn: list[str]
) -> None:
    link = {"indicator_id": real["api_growth"], "expected": "increase", "evidence": "tested_locally"}
    post = cast.practice(cast.ana, shared="partnership", indicator_links=[link])
    for district, day in ((cast.fresno, date(2007, 9, 1)), (cast.long_beach, date(2012, 9, 1))):
        session.add(
            Adoption(
                post_id=post.id,
                district_id=district.id,
                starts_on=day,
                recorded_by_id=cast.ana.id,
                recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
        )
    session.commit()
    sign_in(client, cast.ben, session)

    text = words(client.get(f"/posts/{post.id}").text)

    assert "Expected to go up. Evidence: tested locally" in text
    assert "Fresno began in 2007-08: 5 years before, 5 after." in text
    assert "in releases that restate each other: do not take the one from the other" in text
    assert "Long Beach began in 2012-13: 10 years before, 0 after. Too few years" in text
    assert "Mark(at=2006.67, words='Fresno began'" in drawn[0]


def test_a_trial_outside_the_years_of_a_chart_is_told_in_words(
    client: FlaskClient, session: Session, cast: Cast, real: dict[str, int], drawn: list[str]
) -> None:
    link = {"indicator_id": real["api_growth"], "expected": "increase", "evidence": "tested_locally"}
    late = cast.practice(cast.ana, "Number talks", shared="partnership", indicator_links=[link])

    def tried(day: date, post_id: int = late.id) -> Adoption:
        trial = Adoption(post_id=post_id, district_id=cast.fresno.id, starts_on=day, recorded_by_id=cast.ana.id)
        trial.recorded_at = datetime(2026, 1, 1, tzinfo=UTC)
        session.add(trial)
        session.commit()
        return trial

    tried(date(2025, 9, 1))
    sign_in(client, cast.ben, session)

    practice, page = (words(client.get(at).text) for at in (f"/posts/{late.id}", f"/indicators/{real['api_growth']}"))

    assert "The trial in Fresno began in 2025, after the last figure." in practice
    assert "with the trials marked" not in practice
    assert "Marks say" not in practice
    assert "The trial of “Number talks” began in 2025, after the last figure." in page
    assert "Lines with the name of a practice" not in page
    assert "Mark(" not in "".join(drawn)

    tried(date(2026, 9, 1))
    assert "The trials of “Number talks” began in 2025 and 2026, after" in (
        words(client.get(f"/indicators/{real['api_growth']}").text)
    )
    for _ in range(4):  # more than are marked, and all outside
        tried(date(2026, 9, 1))
    marked = cast.practice(cast.ana, "Exit tickets", shared="partnership", indicator_links=[link])
    tried(date(2008, 9, 1), marked.id)
    drawn.clear()

    page = words(client.get(f"/indicators/{real['api_growth']}").text)
    practice = words(client.get(f"/posts/{marked.id}").text)

    assert "Lines with the name of a practice say when a trial began" in page
    assert "“Exit tickets”: began" in drawn[0]
    assert "Chart with the trials marked" in practice
    assert "Marks say when something began or ended, not what it did." in practice
    assert "after the last figure" not in practice


def test_a_data_office_writes_its_own_districts_note(
    client: FlaskClient, session: Session, cast: Cast, drawn: list[str]
) -> None:
    sign_in(client, cast.flo, session)
    where = f"/indicators/{cast.graduation.id}"

    answer = client.post(f"{where}/notes", data={"text": "We count <b>summer</b> graduates."})

    assert answer.status_code == 303
    kept = session.scalars(select(DefinitionNote)).one()
    assert (kept.district_id, kept.written_by_id) == (cast.long_beach.id, cast.flo.id)
    assert "We count &lt;b&gt;summer&lt;/b&gt; graduates." in client.get(where).text
    assert session.scalars(select(Event.action)).all() == ["indicator.noted"]
    client.post(f"{where}/notes", data={"text": "  "})
    assert session.scalars(select(DefinitionNote)).all() == []
    assert client.post(f"{where}/notes", data={"text": "x" * 5000}).status_code == 422
    assert drawn == []


def test_others_read_notes_and_write_none(client: FlaskClient, session: Session, cast: Cast, drawn: list[str]) -> None:
    sign_in(client, cast.ana, session)
    where = f"/indicators/{cast.graduation.id}"

    assert "Keep this note" not in client.get(where).text
    assert client.post(f"{where}/notes", data={"text": "Mine"}).status_code == 403
    assert session.scalars(select(DefinitionNote)).all() == []
    assert drawn == []
    with pytest.raises(Denied):
        definitions.note(cast.work(cast.cy), cast.graduation, "Mine")


def test_another_partnership_sees_only_its_own_districts(
    client: FlaskClient, session: Session, cast: Cast, real: dict[str, int], drawn: list[str]
) -> None:
    sign_in(client, cast.eve, session)

    text = words(client.get(f"/indicators/{real['api_growth']}").text)
    sent = client.get(f"/indicators/{real['api_growth']}/figures.csv").text

    assert "There are no figures of your districts" in text
    assert sent.count("\n") == 1
    assert drawn == []


@pytest.mark.parametrize("url", ["/indicators", "/indicators/1", "/indicators/1/figures.csv"])
def test_strangers_are_asked_to_sign_in(client: FlaskClient, url: str) -> None:
    assert client.get(url, headers={"Accept": "application/json"}).status_code == 401


def test_what_does_not_exist_is_missing(client: FlaskClient, session: Session, cast: Cast) -> None:
    sign_in(client, cast.ana, session)

    assert client.get("/indicators/99999").status_code == 404
    assert client.get("/indicators/99999-any-words").status_code == 404
    assert client.get("/indicators/99999/figures.csv").status_code == 404
    assert client.post("/indicators/99999/notes", data={"text": "x"}).status_code == 404


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "+1", "-1+2", "@SUM(A1)", "\t=1"])
def test_no_text_in_a_download_is_a_formula(text: str) -> None:
    assert safe(text) == f"'{text}"
    assert safe("Fresno") == "Fresno"


def test_a_later_vintage_is_told_beside_the_first(cast: Cast, real: dict[str, int]) -> None:
    indicator = indicators.one(cast.session, real["suspension_rate"])
    assert indicator is not None
    before = next(f for f in reading.of(cast.session, indicator, [cast.fresno.id], ["all"]) if f.year == 2023)
    row = cast.session.scalars(select(Observation).where(Observation.row_number == before.row_number)).one()
    row.is_latest = False
    cast.session.flush()
    copy = {
        column.name: getattr(row, column.name)
        for column in Observation.__table__.columns
        if column.name not in {"id", "vintage", "is_latest", "value"}
    }
    cast.session.add(Observation(**copy, vintage=2, is_latest=True, value=Decimal("9.9")))
    cast.session.commit()

    found = reading.restated(reading.of(cast.session, indicator, [cast.fresno.id], ["all"]))

    assert [(one.year, one.published, one.now) for one in found] == [(2023, before.words, "9.9%")]


def test_breaks_part_a_series() -> None:
    first = DefinitionVersion(id=1, indicator_id=9, code="a", valid_from=2010, is_break=False)
    second = DefinitionVersion(id=2, indicator_id=9, code="b", valid_from=2012, is_break=True)
    third = DefinitionVersion(id=3, indicator_id=9, code="c", valid_from=2013, is_break=False)

    assert segments([third, first, second]) == {1: 0, 2: 1, 3: 1}


def test_charts_are_drawn_ahead_for_everything_a_batch_brought(
    cast: Cast, real: dict[str, int], drawn: list[str], tmp_path: Path
) -> None:
    batch = cast.session.scalars(select(Observation.batch_id)).first()
    of_all = select(DefinitionVersion.indicator_id).join(Observation, Observation.version_id == DefinitionVersion.id)
    with_all = cast.session.scalars(of_all.where(Observation.group_code == "all").distinct()).all()

    drawing.make(cast.work(cast.flo), [f"batch:{batch}", "post:999", "nonsense"], Charts(tmp_path))

    assert len(with_all) <= len(drawn) <= 2 * len(with_all)  # one for each district
    assert all(", All students. " in said for said in drawn)
    promised = cast.session.scalars(select(Job.key).where(Job.name == "charts", Job.key.like("indicator:%"))).all()
    assert sorted(promised) == sorted(f"indicator:{number}" for number in real.values())
    drawn.clear()
    drawing.make(cast.work(cast.flo), [f"indicator:{real['pct_rfep']}"], Charts(tmp_path))
    assert len(drawn) == 3  # one for each district, one for the one group
    assert "Fresno stood at" in drawn[-1]


def test_the_page_and_the_job_ask_for_the_same_drawing(
    client: FlaskClient, session: Session, cast: Cast, real: dict[str, int], drawn: list[str]
) -> None:
    sign_in(client, cast.ana, session)
    client.get(f"/indicators/{real['pct_rfep']}")
    page = list(drawn)
    drawn.clear()

    drawing.make(cast.work(cast.flo), [f"indicator:{real['pct_rfep']}"], Charts(ROOT))

    assert page
    assert set(page) <= set(drawn)


def test_loading_the_catalogue_twice_changes_nothing(cast: Cast, real: dict[str, int]) -> None:
    def everything() -> list[tuple[object, ...]]:
        rows = cast.session.execute(select(*Indicator.__table__.columns).order_by(Indicator.id))
        versions = cast.session.execute(select(*DefinitionVersion.__table__.columns).order_by(DefinitionVersion.id))
        return [tuple(row) for row in [*rows, *versions]]

    before = everything()
    catalogue = shipped("indicators")
    defined = definitions.load(cast.work(cast.flo), catalogue, [])
    cast.session.commit()

    assert (defined.indicators, everything()) == (len(real), before)


def test_an_indicator_reads_with_its_companion_and_versions(cast: Cast, real: dict[str, int]) -> None:
    found = indicators.one(cast.session, real["ap_exams_3plus"])

    assert found is not None
    assert found.companion is not None
    assert found.companion.code == "ap_participation"
    assert [version.code for version in found.versions] == ["ap"]
    assert indicators.one(cast.session, 99999) is None
    assert [one.code for one in indicators.named(cast.session, "chronic", limit=2)]


def test_the_sat_is_two_series(cast: Cast, real: dict[str, int]) -> None:
    indicator = indicators.one(cast.session, real["sat_participation"])
    assert indicator is not None
    found: list[Figure] = read(
        cast.session, {indicator.id: ("percent", 1)}, indicator.versions, [cast.fresno.id], ["all"]
    )

    assert {figure.year: figure.segment for figure in found} == {2014: 0, 2015: 0, 2016: 1, 2017: 1}
