"""Searching in a real browser: typing, choosing by keyboard, refining, paging, saving; axe with the list open."""

import os
import re
import threading
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from app.search import SearchIndex
from app.services import indexing
from tests.browser.chromium import NEEDED
from tests.people import Cast, sign_in

SHOTS = os.environ.get("BRAID_SHOTS")
pytestmark = NEEDED


@pytest.fixture
def address(app: Flask, cast: Cast, engine: Engine, index: SearchIndex) -> Iterator[str]:
    """Serve a partnership with some posts, and return where."""
    for number in range(24):
        cast.practice(cast.ana, f"Number talks, round {number}", shared="partnership", body="Pairs talk for a minute.")
    cast.note(cast.ana, "October call about talks", shared="partnership")
    cast.practice(cast.ana, "Ninth-grade placement", shared="partnership", body="English learners wait less.")
    with Session(engine) as session:
        indexing.rebuild(session, index, app.extensions["braid.renderer"])
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def open_as_ben(
    browser: Browser, address: str, app: Flask, cast: Cast, session: Session
) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []

    def open_page(**how: object) -> Page:
        client = app.test_client()
        sign_in(client, cast.ben, session)
        cookie = client.get_cookie("session")
        assert cookie is not None
        context = browser.new_context(base_url=address, **how)  # type: ignore[arg-type]
        context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


def sound(page: Page) -> None:
    """Say what axe finds wrong, which is nothing."""
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png")


def box(page: Page) -> Locator:
    return page.get_by_role("search", name="Posts").get_by_role("combobox")


def test_the_list_under_the_box_by_keyboard(open_as_ben: Callable[..., Page]) -> None:
    page = open_as_ben()
    page.goto("/search")
    here = box(page)
    here.press_sequentially("math", delay=20)
    options = page.get_by_role("option")
    expect(options).to_have_count(1)
    expect(here).to_have_attribute("aria-expanded", "true")
    assert here.get_attribute("aria-activedescendant") is None
    sound(page)

    here.press("ArrowDown")
    chosen = here.get_attribute("aria-activedescendant")
    assert page.locator(f"#{chosen}").inner_text().startswith("Mathematics")
    expect(here).to_be_focused()
    here.press("Escape")
    expect(here).to_have_attribute("aria-expanded", "false")
    expect(here).to_have_value("math")
    here.press("Escape")
    expect(here).to_have_value("")

    here.press_sequentially("talks")
    expect(page.get_by_role("option").first).to_be_visible()
    expect(page.locator("[aria-live=polite]").last).to_have_text(re.compile(r"\d+ suggestions?"))
    here.press("ArrowUp")
    last = page.get_by_role("option").last
    expect(last).to_have_attribute("aria-selected", "true")
    here.press("ArrowDown")
    assert here.get_attribute("aria-activedescendant") is None
    here.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?q=talks"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Search: talks")


def test_the_box_at_the_top_leads_straight_to_a_post(open_as_ben: Callable[..., Page]) -> None:
    page = open_as_ben()
    page.goto("/")
    top = page.get_by_role("search", name="Everything").get_by_role("combobox")
    top.press_sequentially("ninth")
    expect(page.get_by_role("option", name="Ninth-grade placement")).to_be_visible()
    sound(page)
    top.press("ArrowDown")
    top.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ninth-grade placement")


def test_answers_come_in_order_however_fast_one_types(open_as_ben: Callable[..., Page]) -> None:
    page = open_as_ben()
    page.goto("/search")

    def late(route: Route) -> None:
        page.wait_for_timeout(600)
        route.continue_()

    page.route(re.compile(r"/suggestions\?q=n$"), late)
    here = box(page)
    here.press("n")
    page.wait_for_timeout(200)
    here.press_sequentially("inth", delay=5)
    expect(page.get_by_role("option")).to_have_text([re.compile("Ninth-grade placement")])
    page.wait_for_timeout(800)
    expect(page.get_by_role("option")).to_have_text([re.compile("Ninth-grade placement")])


def test_refine_page_and_save(open_as_ben: Callable[..., Page]) -> None:
    page = open_as_ben()
    page.goto("/search?q=talks")
    page.get_by_label("Practices").check()
    expect(page).to_have_url(re.compile("kind=practice"))
    page.get_by_role("navigation", name="Pages of results").get_by_role("link", name="2").click()
    expect(page.get_by_text("page 2 of 2")).to_be_visible()
    page.get_by_text("Save this search").click()
    page.get_by_label("Name", exact=True).fill("Talks everywhere")
    page.get_by_label("Tell me when something new appears").check()
    sound(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Saved searches")
    expect(page.get_by_role("link", name="Talks everywhere")).to_be_visible()
    sound(page)
    page.get_by_role("button", name=re.compile("^Feed")).click()
    expect(page.get_by_label("Address of the feed")).to_have_value(re.compile(r"/feeds/.+\.atom"))
    sound(page)
    page.goto("/inbox")
    sound(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_how_it_looks(open_as_ben: Callable[..., Page], scheme: str, width: int) -> None:
    page = open_as_ben(color_scheme=scheme, viewport={"width": width, "height": 900})
    for name, path in {
        "nothing": "/search?q=xylophones",
        "found": "/search?q=EL",
        "spelled": "/search?q=placment",
        "named": "/search?q=graduation",
        "past": "/search",
    }.items():
        page.goto(path)
        sound(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is too wide at {width}"
        shot(page, f"{name}-{scheme}-{width}")
    box(page).press_sequentially("a")
    expect(page.get_by_role("option").first).to_be_visible()
    sound(page)
    shot(page, f"open-{scheme}-{width}")
