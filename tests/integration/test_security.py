"""Attacks through the browser: scripts in what people write, forged forms, other addresses, too much at once."""

import time
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.models import Comment, Person, Post
from app.web import here
from app.web.forms.post import LONGEST_BODY
from app.web.headers import POLICY
from tests.guards.world import World, build, routes
from tests.pages import Page, get, post
from tests.people import PASSWORD, Cast, sign_in
from tests.unit.test_markdown import HOSTILE

SOON = 40.0  # seconds on a busy machine; an answer takes a fraction of one
EVERYTHING = "\n\n".join(HOSTILE)


def client_of(app: Flask, person: Person, session: Session) -> FlaskClient:
    client = app.test_client()
    sign_in(client, person, session)
    return client


@pytest.fixture
def ana(app: Flask, cast: Cast, session: Session) -> FlaskClient:
    return client_of(app, cast.ana, session)


def dangers(page: Page) -> Iterator[str]:
    """Yield what would run or lead away in a page."""
    for element in page.root.iter():
        if isinstance(element.tag, str):
            yield from _dangers(element)


def _dangers(element: Element) -> Iterator[str]:
    if element.tag in {"iframe", "object", "embed", "style", "base", "applet", "frame"}:
        yield element.tag
    if element.tag == "script" and not (element.get("src") or "").startswith("/static/"):
        yield "script"
    if element.tag == "meta" and element.get("http-equiv"):
        yield "meta http-equiv"
    for name, value in element.attrib.items():
        if name.startswith("on") or name in {"style", "srcdoc", "xlink:href"}:
            yield f"{element.tag} {name}"
        address = "".join(value.split()).lower()
        if name in {"href", "src", "action", "formaction"} and address.startswith(
            ("javascript:", "vbscript:", "data:text")
        ):
            yield f"{element.tag} {name}={value}"


def test_scripts_in_posts_and_comments_stay_words(ana: FlaskClient, cast: Cast, session: Session) -> None:
    title = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    form = get(ana, "/posts/new?kind=practice").form("kind=practice")
    form.fill(
        {
            "title": title,
            "body": EVERYTHING,
            "problem": EVERYTHING[:19_000],
            "core": HOSTILE[0],
            "tags": '<b onmouseover=alert(1)>, "><svg/onload=alert(2)>',
            "serves_grades": "<svg onload=alert(1)>",
        }
    )
    page = post(ana, "/posts/new?kind=practice", form, follow=True)
    assert page.heading == title
    assert list(dangers(page)) == []
    number = session.scalar(select(func.max(Post.id)))
    session.rollback()
    assert post(ana, f"/posts/{number}/sharing", {"sharing": "partnership"}).code == 303
    assert post(ana, f"/posts/{number}/comments", {"body": EVERYTHING[:9_999]}).code == 303
    everywhere = (
        f"/posts/{number}",
        f"/posts/{number}/edit",
        f"/posts/{number}/history",
        f"/posts/{number}/history/1",
        f"/posts/{number}/sharing",
        "/",
        "/posts",
        "/drafts",
        f"/strands/{cast.learners.id}",
        "/search?tag=%3Cb%20",
    )
    for path in everywhere:
        page = get(ana, path)
        assert page.code == 200, path
        assert list(dangers(page)) == [], path
    assert post(ana, "/preview", {"text": EVERYTHING}).code == 200
    assert list(dangers(post(ana, "/preview", {"text": EVERYTHING}))) == []


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", '"><svg/onload=alert(1)>', "{{7*7}}", "javascript:alert(1)", "%00<b>", "\u202e<i>"],
)
def test_search_shows_what_was_typed_as_words(ana: FlaskClient, hostile: str) -> None:
    page = Page(
        ana.get("/search", query_string={"q": hostile, "kind": hostile, "strand": hostile, "year": hostile}), ana
    )
    assert page.code == 200
    assert list(dangers(page)) == []
    assert "49" not in page.heading


def test_scripts_in_a_profile_stay_words(app: Flask, ana: FlaskClient, cast: Cast, session: Session) -> None:
    form = get(ana, "/profile").form("/profile")
    hostile = "<img src=x onerror=alert(1)>"
    assert (
        post(ana, "/profile", form.fill({"name": hostile, "title": hostile, "expertise": EVERYTHING[:900]})).code == 303
    )
    cast.practice(by=cast.ana, shared="partnership")
    ben = client_of(app, cast.ben, session)
    for path in (f"/people/{cast.ana.id}", "/people", "/", "/posts"):
        page = get(ben, path)
        assert page.code == 200, path
        assert list(dangers(page)) == [], path
    assert hostile in get(ben, f"/people/{cast.ana.id}").words


def test_every_change_needs_a_token_of_its_own_page(app: Flask, cast: Cast, session: Session) -> None:
    world: World = build(app, cast, session)
    app.config["WTF_CSRF_ENABLED"] = True
    client = world.client("manager")
    before = session.scalar(select(func.count()).select_from(Post))
    walked = 0
    for rule in routes(app, "POST"):
        for address, _ in world.addresses(rule):
            page = post(
                client, address, {"body": "x", "sharing": "public", "email": "ana@fresno.example", "password": PASSWORD}
            )
            assert page.code == 400, f"{address} answered {page.code}"
            assert page.heading == "This form is out of date"
            walked += 1
    assert walked > 40
    form = get(client, "/posts/new?kind=practice").form("kind=practice").fill({"title": "With its token"})
    assert post(client, "/posts/new?kind=practice", form).code == 303
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Post)) == (before or 0) + 1
    stranger = world.client("lead")
    assert post(stranger, "/posts/new?kind=practice", form).code == 400  # somebody else's token


@pytest.mark.parametrize("target", [
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/%0d%0aX: y",
    "javascript:alert(1)", "/\t/evil.example", "http:/evil.example", " //evil.example", "/..//evil.example",
])  # fmt: skip
def test_signing_in_leads_nowhere_else(app: Flask, cast: Cast, target: str) -> None:
    client = app.test_client()
    answer = client.post(
        "/sign-in", query_string={"next": target}, data={"email": cast.ana.email, "password": PASSWORD, "next": target}
    )
    assert answer.status_code == 303
    assert answer.location.startswith("/")
    assert not answer.location.startswith(("//", "/\\"))
    assert "X" not in answer.headers


@pytest.mark.parametrize("path", [
    "/static/../config.py", "/static/..%2fconfig.py", "/static/%2e%2e/config.py", "/static/....//config.py",
    "/static//etc/passwd", "/static/%00", "/posts/../static/plain.css", "/posts/1%00", "/posts/-1", "/posts/1.5",
    "/posts/١", "/drafts/../posts", "/%ff%fe", "/posts/" + "9" * 400,
])  # fmt: skip
def test_path_tricks_find_nothing(ana: FlaskClient, path: str) -> None:
    page = get(ana, path)
    assert page.code in {400, 404, 308, 405}, page.code
    assert "secret_key" not in page.html
    assert "root:" not in page.html


def test_too_much_at_once_is_answered_quickly_and_keeps_what_there_is(
    ana: FlaskClient, cast: Cast, session: Session
) -> None:
    one = cast.practice(by=cast.ana, shared="partnership")
    path = f"/posts/{one.id}/edit"
    form = get(ana, path).form(path)
    began = time.monotonic()
    for many in (10 * 1024 * 1024, 12 * 1024 * 1024):
        page = post(ana, path, form.fill({"body": "x" * many}))
        assert page.code == 413
        assert "The most we take is 10 MB" in page.words
    page = post(ana, path, form.fill({"body": "x" * 1_000_000}))
    assert page.code == 422
    assert "Split it into two posts." in page.words
    assert len(page.form(path)["body"]) == 1_000_000
    assert post(ana, f"/posts/{one.id}/comments", {"body": "x" * 3_000_000}).code == 422
    assert get(ana, "/search?q=" + "x" * 20_000).code in {200, 414}
    many_parts = {f"decisions-{n}-text": "x" for n in range(6000)}
    assert post(ana, path, many_parts).code in {413, 422}
    assert time.monotonic() - began < SOON * 3
    session.rollback()
    kept = session.get(Post, one.id)
    assert kept is not None
    assert (kept.body, kept.revision) == ("Who speaks, and who waits?", 1)


@pytest.mark.parametrize(
    "text", ["[" * 1_000_000, "*a " * 60_000, "> " * 90_000, "| a " * 40_000, "`" * 150_000, "[a](" * 40_000]
)
def test_text_made_to_be_slow_is_shown_as_typed(ana: FlaskClient, text: str) -> None:
    began = time.monotonic()
    page = post(ana, "/preview", {"text": text})
    assert page.code == (200 if len(text) <= LONGEST_BODY else 422)
    assert time.monotonic() - began < SOON
    assert len(page.html) > 20
    form = get(ana, "/posts/new?kind=practice").form("kind=practice").fill({"title": "Tangled", "body": text})
    page = post(ana, "/posts/new?kind=practice", form)
    assert page.code in {303, 422}
    if page.code == 303:
        assert get(ana, page.answer.location).code == 200
    assert time.monotonic() - began < SOON * 3


def test_headers_stand_on_every_answer(app: Flask, ana: FlaskClient, cast: Cast) -> None:
    cast.practice(by=cast.ana, shared="partnership")
    anyone = app.test_client()
    answers = [
        *(
            ana.get(path)
            for path in ("/", "/posts/1", "/no-such-page", "/static/plain.css", "/static/none", "/mentions?q=a")
        ),
        *(ana.post(path) for path in ("/posts/1/comments", "/posts/999/trash")),
        ana.post("/preview", data={"text": "x" * 11_000_000}),
        ana.put("/posts/1"),
        *(anyone.get(path) for path in ("/", "/posts", "/sign-in")),
    ]
    assert {answer.status_code for answer in answers} >= {200, 401, 404, 405, 413, 422}
    for answer in answers:
        answer.close()
        where = f"{answer.request.method} {answer.request.path} {answer.status_code}"
        assert answer.headers["Content-Security-Policy"] == POLICY, where
        assert answer.headers["X-Content-Type-Options"] == "nosniff", where
        assert answer.headers["Referrer-Policy"] == "same-origin", where
        assert "Server" not in answer.headers or "Python" not in answer.headers["Server"], where
    assert "unsafe" not in POLICY
    assert "frame-ancestors 'none'" in POLICY
    assert "object-src" in POLICY or "default-src 'none'" in POLICY
    assert "no-cache" in answers[0].headers["Cache-Control"]


def test_cookies_are_kept_from_scripts_and_other_sites(app: Flask, cast: Cast) -> None:
    answer = app.test_client().post("/sign-in", data={"email": cast.ana.email, "password": PASSWORD, "remember": "y"})
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Domain" not in cookie


def test_an_error_page_tells_nothing_of_the_inside(
    app: Flask, ana: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(**_: object) -> str:
        msg = "the secret inside"
        raise RuntimeError(msg)

    monkeypatch.setitem(app.view_functions, "trash.listing", break_down)
    page = get(ana, "/trash")
    assert page.code == 500
    assert page.heading == "That did not work"
    assert "secret inside" not in page.html
    assert "Traceback" not in page.html


def test_a_statement_that_fails_still_gets_a_whole_error_page(
    app: Flask, ana: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(**_: object) -> str:
        here.session().execute(text("SELECT nothing FROM nowhere"))
        return "not reached"

    monkeypatch.setitem(app.view_functions, "trash.listing", break_down)
    page = get(ana, "/trash")
    assert page.code == 500
    assert page.heading == "That did not work"
    assert "Ana Example" in page.words


def test_a_method_cannot_be_put_on_another(ana: FlaskClient, cast: Cast, session: Session) -> None:
    one = cast.practice(by=cast.ana, shared="partnership")
    headers = {"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST"}
    assert ana.get(f"/posts/{one.id}/trash", headers=headers).status_code == 405
    assert ana.get(f"/posts/{one.id}/trash?_method=POST").status_code == 405
    for method in (ana.put, ana.patch, ana.delete):
        assert method(f"/posts/{one.id}").status_code == 405
    session.rollback()
    kept = session.get(Post, one.id)
    assert kept is not None
    assert not kept.is_trashed


def test_a_foreign_host_name_gets_into_no_page_and_no_mail(app: Flask, cast: Cast, session: Session) -> None:
    client = app.test_client()
    page = Page(client.get("/sign-in", headers={"Host": "evil.example"}), client)
    assert "evil.example" not in page.html
    page = Page(
        client.post("/forgotten-password", data={"email": cast.ana.email}, headers={"Host": "evil.example"}), client
    )
    assert page.code in {200, 303}
    assert "evil.example" not in page.html
    dee = client_of(app, cast.dee, session)
    assert "evil.example" not in get(dee, "/outbox").html
    assert session.scalar(select(func.count()).select_from(Comment)) == 0


def test_a_nul_is_left_out_and_no_database_meets_it(ana: FlaskClient, cast: Cast, session: Session) -> None:
    assert get(ana, "/search?q=%00talks").code == 200
    assert ana.post("/drafts/k%00ey?kind=practice", data={"title": "x"}).status_code == 404
    assert ana.post("/drafts/key?kind=practice", data={"title": "a\0b"}).status_code == 200
    form = get(ana, "/posts/new?kind=practice").form("kind=practice").fill({"title": "Number\0 talks", "body": "a\0b"})
    assert post(ana, "/posts/new?kind=practice", form).code == 303
    kept = session.scalars(select(Post).where(Post.author_id == cast.ana.id)).one()
    assert (kept.title, kept.body) == ("Number talks", "ab")
