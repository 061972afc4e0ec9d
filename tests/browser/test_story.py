"""The story of Braid, in a real browser against a real server: two districts share what they learn."""

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.db import prepare
from tests.browser.chromium import NEEDED
from tests.browser.living import Living, braid, living
from tests.people import PASSWORD, Cast

LOOKS = [("light", 1280), ("dark", 390), ("dark", 1280), ("light", 390)]
pytestmark = NEEDED


@pytest.fixture(scope="module")
def braids(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    data = tmp_path_factory.mktemp("story")
    braid(data, "prepare", "--empty")
    engine = create_engine(f"sqlite:///{data}/braid.db")
    prepare(engine)
    with Session(engine) as session:
        Cast.arrive(session, datetime.now(UTC))
    engine.dispose()
    with living(data) as running:
        yield running


class Someone:
    """One person at one browser; every page they pass is looked at with axe, in light and dark, wide and narrow."""

    def __init__(self, browser: Browser, braids: Living) -> None:
        self.context = browser.new_context(base_url=braids.url, viewport={"width": 1280, "height": 900})
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "409" not in message.text and "404" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def sign_in(self, email: str) -> None:
        self.page.goto("/sign-in")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def looks(self, where: str) -> None:
        """Say that the page is accessible however one looks at it, and nothing sticks out of a phone."""
        for scheme, width in LOOKS:
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            self.page.set_viewport_size({"width": width, "height": 900})
            found = Axe().run(self.page, options={"resultTypes": ["violations"]})
            told = [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found.response["violations"]]
            assert not told, f"{where}, {scheme}, {width}: {json.dumps(told, indent=1)}"
            wide = self.page.locator("html").evaluate("e => e.scrollWidth")
            assert wide <= width, f"{where} is {wide} wide on a screen of {width}"
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.emulate_media(color_scheme="light")

    def leave(self) -> None:
        self.context.close()
        assert self.complaints == []


def invited(browser: Browser, braids: Living, dee: Someone, email: str, district: str, name: str) -> Someone:  # noqa: PLR0917
    """Let a manager invite somebody, who comes in through the letter."""
    page = dee.page
    page.goto("/administration/invitations/new")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("District", exact=True).select_option(label=district)
    page.get_by_label("Role").select_option(label="Strand lead")
    page.get_by_label("English learners").check()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text(f"The invitation to {email} is on its way.")).to_be_visible()
    page.goto("/outbox")
    link = page.locator(".entry", has_text=email).get_by_role("link").first.get_attribute("href") or ""
    assert "/join/" in link
    guest = Someone(browser, braids)
    guest.page.goto(link.removeprefix(braids.url))
    if name.startswith("Ana"):
        guest.looks("the invitation")
    guest.page.get_by_label("Your name").fill(name)
    guest.page.get_by_label("Choose a password").fill(PASSWORD)
    guest.page.get_by_role("button", name="Come in").click()
    expect(guest.page.get_by_role("heading", level=1)).not_to_contain_text("Welcome to")
    return guest


def write(page: Page, text: str) -> None:
    """Type the text of a post, in whichever form the editor has."""
    rich = page.locator("[contenteditable=true]").first
    plain = page.locator("textarea[name=body]")
    expect(rich.or_(plain).first).to_be_visible()
    if rich.count():
        rich.click()
        page.keyboard.press("Control+A")
        page.keyboard.type(text)
    else:
        plain.fill(text)


def found_by_searching(page: Page, words: str, title: str) -> float:
    """Search until it is found; return how long that took."""
    began = time.monotonic()
    while time.monotonic() - began < 20:
        page.goto(f"/search?q={words}")
        if page.get_by_role("link", name=title).count():
            return time.monotonic() - began
        time.sleep(0.1)
    raise AssertionError(page.locator("main").inner_text())


def test_two_districts_share_what_they_learn(browser: Browser, braids: Living) -> None:  # noqa: PLR0915
    dee = Someone(browser, braids)
    dee.page.goto("/sign-in")
    dee.looks("signing in")
    dee.sign_in("dee@fresno.example")
    ana = invited(browser, braids, dee, "ana.ruiz@fresno.example", "Fresno Unified", "Ana Ruiz")
    ben = invited(browser, braids, dee, "ben.ito@longbeach.example", "Long Beach Unified", "Ben Ito")
    ana.looks("the first day at Home")

    # Ana writes a practice, links it to an indicator, shares it.
    page = ana.page
    page.goto("/posts/new?kind=practice")
    page.get_by_label("Title").fill("Number talks in grade 9")
    page.get_by_label("Strand", exact=True).select_option(label="English learners")
    write(page, "Ten minutes at the start of every lesson, no pencils, every answer is heard.")
    page.get_by_label("Indicator", exact=True).first.select_option(label="Four-year graduation rate")
    ana.looks("writing a practice")
    page.get_by_role("button", name="Save and share").click()
    ana.looks("choosing who sees it")
    page.get_by_role("button", name="Share with both districts").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Number talks in grade 9")
    expect(page.get_by_text("Four-year graduation rate").first).to_be_visible()
    practice = page.url.removeprefix(braids.url)

    # Ben finds it by searching, comments, records a trial.
    page = ben.page
    took = found_by_searching(page, "pencils", "Number talks in grade 9")
    assert took < 10
    ben.looks("the results")
    page.get_by_role("link", name="Number talks in grade 9").first.click()
    page.get_by_label("Your comment").fill("How do you keep it to ten minutes?")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("How do you keep it to ten minutes?")).to_be_visible()
    page.get_by_role("link", name="We are trying this").click()
    page.get_by_label("Scale").fill("Three high schools")
    ben.looks("recording a trial")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Three high schools")).to_be_visible()
    ben.looks("a practice")

    # Both edit one meeting note at once.
    page = ana.page
    page.goto("/posts/new?kind=meeting-note")
    page.get_by_label("Title").fill("Call about number talks")
    page.get_by_label("Strand", exact=True).select_option(label="English learners")
    write(page, "We meet on Monday.")
    promise = page.get_by_role("group", name="Commitment 1")
    promise.get_by_label("What was promised").fill("Send the observation sheet")
    promise.get_by_label("Who will do it").select_option(label="Ben Ito, Long Beach")
    promise.get_by_label("Their district").select_option(label="Long Beach Unified")
    promise.get_by_label("Owed to").select_option(label="Fresno Unified")
    promise.get_by_label("Due").fill((date.today() + timedelta(days=7)).isoformat())  # noqa: DTZ011
    page.get_by_role("button", name="Save and share").click()
    page.get_by_role("button", name="Share with the English learners team").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Call about number talks")
    note = page.url.removeprefix(braids.url)
    number = note.removeprefix("/posts/").partition("-")[0]
    for one in (ana, ben):
        one.page.goto(f"/posts/{number}/edit")
    write(ana.page, "We meet on Tuesday.")
    write(ben.page, "We meet on Friday.")
    ben.page.get_by_label("Agenda").fill("The calendar")
    ana.page.get_by_role("button", name="Save", exact=True).click()
    expect(ana.page.get_by_text("We meet on Tuesday.")).to_be_visible()
    ben.page.get_by_role("button", name="Save", exact=True).click()
    expect(ben.page.get_by_text("Ana Ruiz changed the same thing while you were writing")).to_be_visible()
    expect(ben.page.get_by_label("Agenda")).to_have_value("The calendar")
    ben.looks("both versions")
    write(ben.page, "We meet on Tuesday and Friday.")
    ben.page.get_by_role("button", name="Save", exact=True).click()
    expect(ben.page.get_by_text("We meet on Tuesday and Friday.")).to_be_visible()

    # A commitment is closed.
    page = ben.page
    page.goto("/commitments")
    ben.looks("my commitments")
    page.get_by_role("button", name=re.compile("Done.*Send the observation sheet")).click()
    ana.page.goto(note)
    expect(ana.page.locator(".commitment.is-done")).to_contain_text("Send the observation sheet")
    ana.looks("a meeting note")

    # A stranger sees none of it.
    eve = Someone(browser, braids)
    eve.sign_in("eve@oakland.example")
    nobody = Someone(browser, braids)
    for path in (practice, note, f"/posts/{number}/edit", f"/posts/{number}/history"):
        eve.page.goto(path)
        expect(eve.page.get_by_role("heading", level=1)).to_have_text("Nothing is here")
        nobody.page.goto(path)
        expect(nobody.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    eve.looks("nothing")
    for one in (eve, nobody):
        for path in ("/", "/search?q=pencils", "/search?q=observation", "/posts"):
            one.page.goto(path)
            expect(one.page.locator("main")).not_to_contain_text("Number talks")
            expect(one.page.locator("main")).not_to_contain_text("observation sheet")
    for one in (dee, ana, ben, eve, nobody):
        one.leave()
