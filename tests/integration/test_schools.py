"""Schools: every figure can be reached, by name and never ranked, and none that is hidden can be worked out."""

import csv
import io
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from app.db import db
from app.models import District, Indicator, Observation
from app.services import figures
from tests.demo import define
from tests.pages import get
from tests.people import Cast, sign_in
from tests.real import DATA

OUTCOMES = DATA / "figures" / "outcomes"
METRIC = "four_year_graduation_rate"
HIDDEN = "hidden to protect students"

pytestmark = pytest.mark.skipif(not OUTCOMES.exists(), reason="the state's files are not on this machine")


@pytest.fixture
def graduation(cast: Cast, tmp_path: Path, drawn: list[str]) -> int:  # noqa: ARG001 - nothing is drawn
    """Load one indicator of both districts and of all their schools; return its number."""
    define(cast)
    for name in ("fresno_longbeach_outcomes.csv", "fresno_longbeach_school_outcomes.csv"):
        header, *lines = (OUTCOMES / name).read_text(encoding="utf-8").splitlines(keepends=True)
        path = tmp_path / name
        path.write_text(header + "".join(line for line in lines if f",{METRIC}," in line), encoding="utf-8")
        assert figures.load(cast.work(cast.flo), path).refused == ()
    cast.session.commit()
    return cast.session.scalars(select(Indicator.id).where(Indicator.code == METRIC)).one()


def table(client: FlaskClient, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(get(client, path).html.removeprefix("\ufeff"))))


def statements(engine: Engine, act: Callable[[], object]) -> int:
    said: list[object] = []

    def hear(*given: object) -> None:
        said.append(given[2])

    event.listen(engine, "before_cursor_execute", hear)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    return len(said)


def test_schools_are_reached_from_the_indicator_and_found_by_their_code(
    client: FlaskClient, session: Session, cast: Cast, graduation: int
) -> None:
    sign_in(client, cast.ana, session)
    where = f"/indicators/{graduation}/schools/{cast.fresno.id}"

    assert where in get(client, f"/indicators/{graduation}").links()
    page = get(client, where)
    one = get(client, f"{where}?q=1030642&year=all")

    assert page.heading == "Schools of Fresno Unified"
    assert "by name and never ranked" in page.words
    assert "2024-25" in page.words
    assert HIDDEN in page.words
    assert "1030642" in one.words
    assert [line for line in ("2022-23", "2023-24", "2024-25") if line not in one.words] == []
    assert "No school here has a figure that fits." in get(client, f"{where}?q=nowhere").words


def test_the_file_holds_every_row_of_the_district(
    client: FlaskClient, session: Session, cast: Cast, graduation: int
) -> None:
    sign_in(client, cast.ana, session)
    schools = select(District.id).where(District.parent_id == cast.long_beach.id)

    rows = table(client, f"/indicators/{graduation}/schools/{cast.long_beach.id}/figures.csv")

    held = session.scalar(select(func.count()).select_from(Observation).where(Observation.district_id.in_(schools)))
    assert len(rows) == held
    assert held
    assert held > 700
    assert {row["district"] for row in rows}.isdisjoint({"Long Beach Unified", "Both districts together"})


def test_no_hidden_school_or_group_follows_from_the_whole(
    client: FlaskClient, session: Session, cast: Cast, graduation: int
) -> None:
    sign_in(client, cast.ana, session)
    whole = {
        (row["district"], row["school_year"], row["student_group"]): row
        for row in table(client, f"/indicators/{graduation}/figures.csv")
    }
    tried = 0
    for district in (cast.fresno, cast.long_beach):
        parts = defaultdict(list)
        for row in table(client, f"/indicators/{graduation}/schools/{district.id}/figures.csv"):
            parts[district.name, row["school_year"], row["student_group"]].append(row)
        for key, rows in parts.items():
            total = whole[key]["students"]
            unknown = [row for row in rows if row["students"] == ""]
            if not total or not any(row["status"] == HIDDEN for row in rows):
                continue
            tried += 1
            rest = Decimal(total) - sum(Decimal(row["students"] or 0) for row in rows)
            assert len(unknown) > 1, key
            assert rest < 0 or rest >= 11, key
    assert tried > 50


def test_a_school_has_its_own_groups_kept_apart(
    client: FlaskClient, session: Session, cast: Cast, graduation: int
) -> None:
    sign_in(client, cast.ana, session)
    cells: dict[tuple[str, str], dict[str, dict[str, str]]] = defaultdict(dict)
    for row in table(client, f"/indicators/{graduation}/schools/{cast.fresno.id}/figures.csv"):
        cells[row["cds"], row["school_year"]][row["student_group"]] = row
    tried = 0
    for cell in cells.values():
        parts = [cell[code] for code in ("female", "male", "non_binary") if code in cell]
        if cell["all"]["students"] and any(row["status"] == HIDDEN for row in parts):
            tried += 1
            assert sum(row["students"] == "" for row in parts) > 1
    assert tried > 5


def test_one_school_costs_as_many_statements_as_all(
    client: FlaskClient, app: Flask, session: Session, cast: Cast, graduation: int
) -> None:
    sign_in(client, cast.ana, session)
    where = f"/indicators/{graduation}/schools/{cast.fresno.id}"
    with app.app_context():
        engine = db.engine
    get(client, where)

    costs = {statements(engine, lambda path=path: get(client, path)) for path in (where, f"{where}?year=all&page=2")}  # type: ignore[misc]

    assert len(costs) == 1
    assert max(costs) <= 20


def test_schools_of_others_are_missing(client: FlaskClient, session: Session, cast: Cast, graduation: int) -> None:
    sign_in(client, cast.eve, session)

    assert get(client, f"/indicators/{graduation}/schools/{cast.fresno.id}").code == 404
    assert get(client, f"/indicators/{graduation}/schools/{cast.fresno.id}/figures.csv").code == 404
