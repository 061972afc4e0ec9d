"""What is made of figures once and kept: true at once after every change, and the same for nobody who may see less."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.db import db
from app.models import Mark
from app.models.mark import OUTCOMES
from app.services import annotations, figures, places
from app.services.annotations import Said
from app.services.places import Organization
from tests.people import Cast, sign_in

FILE = (
    "indicator,cds,school_year,student_group,value\n"
    "four_year_graduation_rate,10621660000000,2022-23,all,{}\n"
    "four_year_graduation_rate,10621660000000,2023-24,all,{}\n"
)


def load(cast: Cast, folder: Path, *values: str) -> None:
    path = folder / "figures.csv"
    path.write_text(FILE.format(*values))
    loaded = figures.load(cast.work(cast.flo), path)
    assert loaded.refused == ()
    cast.session.commit()


def words(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def mark(session: Session) -> str | None:
    session.expire_all()
    return session.scalar(select(Mark.value).where(Mark.name == OUTCOMES))


@pytest.fixture
def page(client: FlaskClient, cast: Cast, tmp_path: Path) -> str:
    """Ana has read the page of graduation and the list, so that both are kept."""
    load(cast, tmp_path, "80.1", "82.4")
    sign_in(client, cast.ana, cast.session)
    path = f"/indicators/{cast.graduation.id}"
    assert "82.4" in words(client, path)
    assert "82.4" in words(client, "/indicators")
    return path


def test_a_changed_figure_is_on_the_next_page(client: FlaskClient, cast: Cast, page: str, tmp_path: Path) -> None:
    load(cast, tmp_path, "80.1", "83.9")
    for path in (page, "/indicators"):
        said = words(client, path)
        assert "83.9" in said
    assert "82.4%, restated 83.9%" in words(client, page)


def test_a_district_bears_its_new_name_at_once(client: FlaskClient, cast: Cast, page: str) -> None:
    work = cast.work(cast.dee)
    places.change_district(
        work,
        cast.partnership.id,
        cast.fresno,
        Organization("Fresno Unified", "Fresno City", cast.fresno.cds_code or "", colour=1),
    )
    cast.session.commit()
    assert "Fresno City" in words(client, page)
    assert "Fresno City" in words(client, "/indicators")


def test_what_the_data_office_writes_on_a_chart_is_there_at_once(client: FlaskClient, cast: Cast, page: str) -> None:
    said = Said("New form", "The state asked in another way.", date(2023, 9, 1), indicator_id=cast.graduation.id)
    annotations.add(cast.work(cast.flo), said, set())
    cast.session.commit()
    assert "New form" in words(client, page)


def test_what_one_reader_may_see_is_not_kept_for_another(
    client: FlaskClient, app: Flask, cast: Cast, page: str
) -> None:
    cast.practice(
        cast.ben,
        "A trial in Long Beach alone",
        shared="district",
        indicator_links=[{"indicator_id": cast.graduation.id, "expected": "increase", "evidence": "hypothesis"}],
    )
    theirs = app.test_client()
    sign_in(theirs, cast.ben, cast.session)
    for path in (page, "/indicators"):
        for one, sees in ((theirs, True), (client, False), (theirs, True), (client, False)):
            said = words(one, path)
            assert ("A trial in Long Beach alone" in said or "1 practice aims at it" in said) is sees


def test_what_is_rolled_back_leaves_the_mark(cast: Cast, page: str, tmp_path: Path) -> None:  # noqa: ARG001
    before = mark(cast.session)
    path = tmp_path / "other.csv"
    path.write_text(FILE.format("70.0", "71.0"))
    figures.load(cast.work(cast.flo), path)
    cast.session.rollback()
    assert before
    assert mark(cast.session) == before


def test_a_page_read_again_asks_less(client: FlaskClient, app: Flask, cast: Cast, page: str, tmp_path: Path) -> None:
    def asked(act: Callable[[], object]) -> int:
        counted: list[int] = []
        with app.app_context():
            engine = db.engine

        def one_more(*_: object) -> None:
            counted.append(1)

        event.listen(engine, "before_cursor_execute", one_more)
        act()
        event.remove(engine, "before_cursor_execute", one_more)
        return len(counted)

    again = asked(lambda: client.get(page))
    load(cast, tmp_path, "80.1", "84.0")
    afresh = asked(lambda: client.get(page))
    assert again < afresh
    assert asked(lambda: client.get(page)) == again
