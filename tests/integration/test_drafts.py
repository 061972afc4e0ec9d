"""What is typed and not saved is kept; and what a writer asks for meanwhile."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.lib.rendering import Renderer
from app.models import Person, WorkingCopy
from app.web.forms.post import LONGEST_BODY, TOO_LONG
from tests.pages import get, post
from tests.people import Cast, sign_in


def client_of(app: Flask, person: Person, session: Session) -> FlaskClient:
    client = app.test_client()
    sign_in(client, person, session)
    return client


def kept(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(WorkingCopy)) or 0


def test_a_new_text_survives_a_closed_tab(app: Flask, cast: Cast, session: Session) -> None:
    ana = client_of(app, cast.ana, session)
    page = get(ana, "/posts/new?kind=meeting-note")
    form = page.form("kind=meeting-note").fill({"title": "November", "decisions-0-text": "Keep it", "tags": "one, two"})
    saving = next(one.get("data-autosave", "") for one in page.root.iter("form") if one.get("data-autosave"))
    answer = ana.post(saving, data=form, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert answer.json == {"saved": "09:00"}

    drafts = get(ana, "/drafts")
    assert "November" in drafts.words
    there = next(link for link in drafts.links() if "draft=" in link)
    again = get(ana, there)
    assert "This is what you had typed and not saved yet." in again.words
    back = again.form(there)
    assert (back["title"], back["decisions-0-text"].strip(), back["tags"]) == ("November", "Keep it", "one, two")
    assert post(ana, "/posts/new?kind=meeting-note", form).code == 303
    assert kept(session) == 0


def test_changes_to_a_post_are_kept_for_their_writer_alone(app: Flask, cast: Cast, session: Session) -> None:
    note = cast.note(by=cast.ana, shared="strand", decisions=[{"id": None, "text": "One"}])
    ana, ben = client_of(app, cast.ana, session), client_of(app, cast.ben, session)
    path = f"/posts/{note.id}/edit"
    form = get(ana, path).form(path).fill({"body": "Half a thought", "decisions-0-remove": "y"})
    assert post(ana, f"/drafts/post-{note.id}", form).code == 200
    assert get(ana, path).form(path)["body"].strip() == "Half a thought"
    assert get(ana, path).form(path).get("decisions-0-remove") == "y"
    assert get(ben, path).form(path)["body"].strip() == "We agreed."
    assert post(ana, f"/drafts/post-{note.id}/removal").code == 303
    assert get(ana, path).form(path)["body"].strip() == "We agreed."


def test_nonsense_keeps_nothing(app: Flask, cast: Cast, session: Session) -> None:
    note = cast.note(by=cast.ana, shared="partnership", strand_id=cast.maths.id)
    ana, flo, cy, eve = (client_of(app, one, session) for one in (cast.ana, cast.flo, cast.cy, cast.eve))
    assert post(ana, "/drafts/k?kind=nonsense", {"title": "x"}).code == 404
    assert post(ana, f"/drafts/{'k' * 65}?kind=practice", {"title": "x"}).code == 400
    assert post(ana, "/drafts/post-x?kind=practice", {"title": "x"}).code == 404
    assert post(ana, f"/drafts/post-{'9' * 30}", {"title": "x"}).code == 404
    assert post(eve, f"/drafts/post-{note.id}", {"title": "x"}).code == 404
    assert post(flo, f"/drafts/post-{note.id}", {"title": "x"}).code == 403
    assert post(cy, "/drafts/k?kind=practice", {"title": "x"}).code == 403
    assert post(ana, "/drafts/k?kind=practice", {"body": "x" * 2_000_001}).code == 413
    assert kept(session) == 0


def test_a_preview_is_what_the_page_will_show(app: Flask, cast: Cast, session: Session) -> None:
    ana = client_of(app, cast.ana, session)
    page = post(ana, "/preview", {"text": "## Hello\n\n<script>alert(1)</script> *you*"})
    assert "<em>you</em>" in page.html
    assert "<script" not in page.html


def test_a_preview_of_more_than_a_post_holds_says_what_saving_it_would(
    app: Flask, cast: Cast, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = client_of(app, cast.ana, session)
    assert post(ana, "/preview", {"text": "x" * LONGEST_BODY}).code == 200

    def never(*_: object, **__: object) -> None:
        pytest.fail("too long a text was rendered")

    monkeypatch.setattr(Renderer, "render", never)
    page = post(ana, "/preview", {"text": "x" * (LONGEST_BODY + 1)})
    form = get(ana, "/posts/new?kind=practice").form("kind=practice")
    saved = post(ana, "/posts/new?kind=practice", form.fill({"title": "Long", "body": "x" * (LONGEST_BODY + 1)}))

    assert (page.code, page.words) == (422, TOO_LONG)
    assert saved.code == 422
    assert TOO_LONG in saved.words


def test_mentions_offer_only_what_one_may_read(app: Flask, cast: Cast, session: Session) -> None:
    cast.practice(by=cast.ana, title="Number talks for all", shared="partnership")
    cast.practice(by=cast.ana, title="Number secrets")
    ben, eve = client_of(app, cast.ben, session), client_of(app, cast.eve, session)
    labels = [one["label"] for one in ben.get("/mentions?q=number").json or []]
    assert labels == ["Number talks for all"]
    assert [one["label"] for one in ben.get("/mentions?q=Ana").json or []] == ["Ana Example"]
    assert [one["label"] for one in eve.get("/mentions?q=Ana").json or []] == []
    assert ben.get("/mentions?q=Gus").json == [], "who has left is not offered"
    assert [one["label"] for one in eve.get("/mentions?q=number").json or []] == []
    assert ben.get("/mentions?q=%25").json == []
