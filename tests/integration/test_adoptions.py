"""Trials of a practice, in the browser."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Adoption, Person
from tests.pages import get, post
from tests.people import Cast, sign_in


def client_of(app: Flask, person: Person, session: Session) -> FlaskClient:
    client = app.test_client()
    sign_in(client, person, session)
    return client


def recorded(cast: Cast) -> list[Adoption]:
    cast.session.rollback()
    cast.session.expire_all()
    return list(cast.session.scalars(select(Adoption).order_by(Adoption.id)))


def test_a_trial_is_recorded_changed_removed_and_brought_back(app: Flask, cast: Cast, session: Session) -> None:
    one = cast.practice(by=cast.ana, shared="partnership")
    ben = client_of(app, cast.ben, session)
    path = f"/posts/{one.id}/adoptions/new"
    form = get(ben, path).form(path)
    assert (form["district_id"], form["starts_on"]) == (str(cast.long_beach.id), "2026-11-20")
    form.fill({"starts_on": "2026-09-01", "scale": "12 schools", "adapted": "Only grade 9"})
    page = post(ben, path, form, follow=True)
    assert "12 schools" in page.words
    assert "Long Beach" in page.words
    trial = recorded(cast)[0]
    assert (trial.district_id, trial.verdict, trial.recorded_by_id) == (cast.long_beach.id, None, cast.ben.id)

    path = f"/adoptions/{trial.id}/edit"
    form = get(ben, path).form(path)
    assert form["adapted"].strip() == "Only grade 9"
    page = post(ben, path, form.fill({"verdict": "abandon", "happened": ""}))
    assert page.code == 422
    assert "Say what happened and why it was given up" in page.words
    form.fill({"ends_on": "2026-11-01", "happened": "No time left in the day."})
    assert "No time left in the day." in post(ben, path, form, follow=True).words

    page = post(ben, f"/adoptions/{trial.id}/removal", follow=True)
    undo = f"/adoptions/{trial.id}/restoration"
    assert "The record was removed." in page.words
    assert undo in page.actions()
    assert "12 schools" not in page.words
    assert "12 schools" in post(ben, undo, follow=True).words


def test_what_is_wrong_is_said_and_kept(app: Flask, cast: Cast, session: Session) -> None:
    one = cast.practice(by=cast.ana, shared="partnership")
    ben = client_of(app, cast.ben, session)
    path = f"/posts/{one.id}/adoptions/new"
    form = get(ben, path).form(path).fill({"starts_on": "2026-09-01", "ends_on": "2026-08-01", "scale": "12 schools"})
    page = post(ben, path, form)
    assert page.code == 422
    assert "The trial cannot end before it began." in page.words
    assert page.form(path)["scale"] == "12 schools"
    assert post(ben, path, form.fill({"starts_on": "soon", "ends_on": ""})).code == 422
    assert recorded(cast) == []


def test_each_district_records_its_own(app: Flask, cast: Cast, session: Session) -> None:
    one = cast.practice(by=cast.ana, shared="partnership")
    ben = client_of(app, cast.ben, session)
    path = f"/posts/{one.id}/adoptions/new"
    form = get(ben, path).form(path)
    page = post(ben, path, form.fill({"district_id": str(cast.fresno.id)}))
    assert page.code in {403, 422}
    assert recorded(cast) == []
    dee = client_of(app, cast.dee, session)
    assert post(dee, path, form.fill({"district_id": str(cast.long_beach.id)})).code == 303
    trial = recorded(cast)[0]
    ana = client_of(app, cast.ana, session)
    for there in (f"/adoptions/{trial.id}/edit", f"/adoptions/{trial.id}/removal"):
        page = post(ana, there, form)
        assert page.code == 403
        assert "your own district" in page.words


def test_observers_record_nothing_and_strangers_find_nothing(app: Flask, cast: Cast, session: Session) -> None:
    one = cast.practice(by=cast.ana, shared="partnership")
    path = f"/posts/{one.id}/adoptions/new"
    cy, eve = client_of(app, cast.cy, session), client_of(app, cast.eve, session)
    page = get(cy, path)
    assert page.code == 403
    assert "Observers can read “Number talks” but not record a trial of it." in page.words
    assert get(eve, path).code == 404
    note = cast.note(by=cast.ana, shared="partnership")
    assert get(eve, f"/posts/{note.id}/adoptions/new").code == 404
