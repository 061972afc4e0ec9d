"""Bringing figures in, in the browser: look first, load all or nothing, take it out again."""

import io
import re
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.models import Event, FigureUpload, ImportBatch, Job, Observation
from app.policy import NOBODY
from app.services import figure_handling, figure_uploads
from app.work import Work
from config import Settings
from tests.conftest import NOW
from tests.pages import get, words_of
from tests.people import Cast, sign_in

HEAD = "indicator,cds,year,group,value,denominator,status,source\n"
GOOD = "four_year_graduation_rate,10621660000000,2022-23,all,82.3,4860,reported,State file\n"
LEARNERS = "four_year_graduation_rate,10621660000000,2022-23,english_learners,61.5,900,reported,State file\n"


@pytest.fixture
def files(settings: Settings) -> Path:
    return settings.data / "imports"


@pytest.fixture
def flo(client: FlaskClient, cast: Cast) -> FlaskClient:
    sign_in(client, cast.flo, cast.session)
    return client


def send(client: FlaskClient, content: str | bytes, name: str = "figures.csv") -> TestResponse:
    data = content.encode() if isinstance(content, str) else content
    return client.post("/imports", data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")


def values(session: Session) -> list[tuple[object, ...]]:
    session.expire_all()
    query = select(Observation.value, Observation.vintage, Observation.is_latest).order_by(Observation.id)
    return [(float(value), vintage, latest) for value, vintage, latest in session.execute(query) if value]


def actions(session: Session) -> list[str]:
    return [action for action in session.scalars(select(Event.action).order_by(Event.id)) if action.startswith("fig")]


def test_a_file_is_looked_at_loaded_and_taken_out_again(flo: FlaskClient, session: Session, files: Path) -> None:
    assert "never of single students" in flo.get("/imports").text
    first = send(flo, HEAD + GOOD)
    page = flo.get(first.location)
    assert (first.status_code, "Load all 1 figures" in page.text) == (303, True)
    assert values(session) == []

    flo.post(f"{first.location}/figures")
    second = send(flo, HEAD + GOOD.replace("82.3", "82.9") + LEARNERS)
    shown = flo.get(f"{second.location}?show=changed").text
    assert "82.3%" in shown
    assert "82.9%" in shown
    flo.post(f"{second.location}/figures")
    assert values(session) == [(82.3, 1, False), (82.9, 2, True), (61.5, 1, True)]
    assert list(files.iterdir()) == []

    batch = session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()
    assert batch is not None
    page = flo.post(f"/imports/batches/{batch.id}/removal", follow_redirects=True)
    assert "2 figures are out again" in page.text
    assert values(session) == [(82.3, 1, True)]
    assert actions(session) == [
        "figures.uploaded", "figures.imported", "figures.uploaded", "figures.imported", "figures.undone",
    ]  # fmt: skip


def test_refused_rows_are_named_and_keep_the_rest_out(flo: FlaskClient, session: Session) -> None:
    bad = GOOD.replace("82.3", "182.3").replace("2022-23", "2021-22")
    small = LEARNERS.replace("900", "5900").replace("reported", "reported")
    where = send(flo, HEAD + GOOD + bad + small + GOOD).location

    page = flo.get(where).text
    for sentence in (
        "Row 3, value: 182.3 percent is over 100.",
        "Row 5, year: The same figure stands in an earlier row (2). Leave one of the two out.",
        "Row 5, denominator: All students are 4860, fewer than the 5900 of “english_learners” in row 4.",
    ):
        assert sentence in page
    assert "Load all" not in page
    answer = flo.post(f"{where}/figures", follow_redirects=True)
    assert "A file goes in whole or not at all." in answer.text
    assert values(session) == []


def test_every_row_that_was_recognised_is_on_a_page(flo: FlaskClient, session: Session) -> None:
    groups = ["all", "english_learners"]
    years = [f"{year}-{(year + 1) % 100:02}" for year in range(1976, 2026)]
    rows = [
        GOOD.replace("all", group).replace("2022-23", year).replace("State file", f"File {source}")
        for source, group, year in product(range(8), groups, years)
    ]
    first = send(flo, HEAD + "".join(rows[:300])).location
    flo.post(f"{first}/figures")
    changed = [row.replace("82.3", "84.1") for row in rows[:120]]
    wrong = [row.replace("82.3", "182.3") for row in rows[700:]]

    where = send(flo, HEAD + "".join(changed + rows[120:700] + wrong)).location

    counts = {"refused": 100, "changed": 120, "new": 400, "same": 180}
    page = get(flo, where)
    for words in ("Refused (100)", "Restated (120)", "New (400)", "The same (180)"):
        assert words in page.words
    for kind, count in counts.items():
        listed: list[str] = []
        address: str | None = f"{where}?show={kind}"
        while address:
            page = get(flo, address)
            shown = (words_of(one) for one in page.root.iter("li" if kind == "refused" else "tr"))
            listed += [words for words in shown if re.match(r"Row \d+,|\d+ ", words)]
            address = next((link.get("href") for link in page.root.iter("a") if link.get("rel") == "next"), None)
        assert len(listed) == len(set(listed)) == count, kind
    assert "51 to 100 of 120" in get(flo, f"{where}?show=changed&page=2").words
    assert "82.3% 84.1%" in get(flo, f"{where}?show=changed&page=3").words
    for nonsense in ("0", "-1", "99", "x", "9" * 30):
        assert get(flo, f"{where}?show=new&page={nonsense}").code == 200
    upload = session.scalars(select(FigureUpload).order_by(FigureUpload.id.desc())).first()
    assert upload is not None
    assert len(str(upload.preview)) < 3000  # the lists stand in files, not in the row


def test_a_long_file_is_read_and_loaded_by_the_worker(
    flo: FlaskClient, session: Session, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figure_uploads, "AT_ONCE", 10)
    monkeypatch.setattr(figure_uploads, "FEW", 0)
    where = send(flo, HEAD + GOOD).location

    page = flo.get(where)
    assert page.headers["Refresh"] == "2"
    assert "figures so far" in page.text
    work(session, files)
    page = flo.get(where)
    assert "Refresh" not in page.headers
    flo.post(f"{where}/figures")
    assert flo.get(where).headers["Refresh"] == "2"
    work(session, files)
    assert values(session) == [(82.3, 1, True)]
    assert "These figures are in." in flo.get(where).text


def work(session: Session, files: Path) -> None:
    """Do the figure jobs that wait, as the worker does."""
    session.expire_all()
    jobs = session.scalars(select(Job).where(Job.name == "figures")).all()
    assert jobs
    figure_handling.handle(Work(session, NOBODY, NOW), [job.key for job in jobs], files)
    for job in jobs:
        session.delete(job)
    session.commit()


def test_a_file_that_was_overtaken_is_read_again(flo: FlaskClient, session: Session) -> None:
    first, second = (send(flo, HEAD + GOOD.replace("82.3", value)).location for value in ("82.3", "82.9"))
    flo.post(f"{second}/figures")
    flo.post(f"{first}/figures")

    assert "Other figures were loaded meanwhile" in flo.get(first).text
    assert values(session) == [(82.9, 1, True)]


def test_a_file_can_be_thrown_away_and_old_ones_go_by_themselves(flo: FlaskClient, cast: Cast, files: Path) -> None:
    where = send(flo, HEAD + GOOD).location
    flo.post(f"{where}/removal")
    assert (list(files.iterdir()), flo.get(where).status_code) == ([], 404)

    send(flo, HEAD + GOOD)
    later = Work(cast.session, cast.actor(cast.flo), NOW + timedelta(days=15))
    assert (figure_uploads.clear(later, files), list(files.iterdir())) == (1, [])


def test_only_those_who_keep_figures_come_in(client: FlaskClient, cast: Cast) -> None:
    for person, code in ((cast.ana, 403), (cast.cy, 403), (cast.dee, 200), (cast.flo, 200)):
        sign_in(client, person, cast.session)
        assert client.get("/imports").status_code == code, person.name
    sign_in(client, cast.flo, cast.session)
    where = send(client, HEAD + GOOD).location
    sign_in(client, cast.eve, cast.session)
    assert client.get(where).status_code == 404


def test_csrf_is_asked_for(app: Flask, cast: Cast) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    sign_in(client, cast.flo, cast.session)

    assert send(client, HEAD + GOOD).status_code in {400, 403}
    assert values(cast.session) == []


def test_a_figure_about_few_students_waits_for_the_office(client: FlaskClient, cast: Cast) -> None:
    typed = {
        "indicator": str(cast.graduation.id), "group": "english_learners", "year": "2024-25", "value": "70",
        "students": "10", "note": "Counted by hand",
    }  # fmt: skip
    sign_in(client, cast.ben, cast.session)
    answer = client.post("/imports/typed", data=typed, follow_redirects=True)
    assert "Your data office decides" in answer.text
    assert "Counted by hand" not in answer.text
    page = f"/indicators/{cast.graduation.id}"
    assert "70.0%" not in client.get(f"{page}?group=english_learners").text
    assert "Counted by hand" not in client.get(f"{page}/figures.csv").text

    sign_in(client, cast.dee, cast.session)  # a manager, but not of that district
    assert "Counted by hand" not in client.get("/imports/typed").text
    held = cast.session.scalars(select(Observation)).one()
    assert client.post(f"/imports/typed/{held.id}/release").status_code == 404
    sign_in(client, cast.flo, cast.session)
    assert "Counted by hand" in client.get("/imports/typed").text
    client.post(f"/imports/typed/{held.id}/release")
    assert "70.0%" in client.get(f"{page}/figures.csv").text or "70" in client.get(f"{page}/figures.csv").text
    assert "Counted by hand" in client.get(f"{page}/figures.csv").text


def test_a_held_figure_that_is_hidden_forgets_its_numbers(client: FlaskClient, cast: Cast) -> None:
    typed = {"indicator": str(cast.graduation.id), "group": "all", "year": "2024-25", "value": "70", "students": "3"}
    sign_in(client, cast.flo, cast.session)
    client.post("/imports/typed", data=typed)
    held = cast.session.scalars(select(Observation)).one()
    client.post(f"/imports/typed/{held.id}/hiding")

    cast.session.expire_all()
    kept = cast.session.scalars(select(Observation)).one()
    assert (kept.status, kept.value, kept.denominator) == ("suppressed", None, None)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"value": "170"}, "170 percent is over 100."),
        ({"numerator": "40"}, "The part (40) is larger than the whole (30)."),
        ({"year": "2024-26"}, "is not one school year"),
    ],
)
def test_what_cannot_be_is_not_kept(client: FlaskClient, cast: Cast, change: dict[str, str], says: str) -> None:
    typed = {"indicator": str(cast.graduation.id), "group": "all", "year": "2024-25", "value": "70", "students": "30"}
    sign_in(client, cast.flo, cast.session)
    page = client.post("/imports/typed", data=typed | change)

    assert (page.status_code, says in page.text) == (422, True)
    assert values(cast.session) == []
