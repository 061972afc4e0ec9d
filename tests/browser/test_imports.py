"""A data office brings figures in, in a real browser: looks, explains, corrects, loads, takes out again."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Route, expect
from sqlalchemy import create_engine, update
from sqlalchemy.orm import Session

from app.db import prepare
from app.models import FigureUpload
from tests.browser.chromium import NEEDED
from tests.browser.living import Living, braid, living
from tests.browser.test_story import Someone
from tests.people import Cast

pytestmark = NEEDED

HEAD = "indicator,cds,year,group,value,numerator,denominator,status,source\n"
GOOD = "four_year_graduation_rate,10621660000000,2022-23,all,82.3,4000,4860,reported,State file\n"
WRONG = [
    GOOD,
    GOOD.replace("82.3", "182.3").replace("2022-23", "2021-22"),
    GOOD.replace("2022-23", "2020-22"),
    GOOD.replace("4000", "4900").replace("2022-23", "2019-20"),
    GOOD.replace("all", "english_learners").replace("4860", "5860"),
    GOOD.replace("four_year_graduation_rate", "graduation").replace("2022-23", "2018-19"),
]
SENTENCES = [
    "Row 3, value: 182.3 percent is over 100.",
    "Row 4, year: “2020-22” is not one school year.",
    "Row 5, numerator: The part (4900) is larger than the whole (4860).",
    "Row 2, denominator: All students are 4860, fewer than the 5860 of “english_learners” in row 6.",
    "Row 7, indicator: No indicator is called “graduation”.",
]
LOCAL = "LEA;Jahr;Who;Grad rate;Cohort\n10-62166;2023;Everybody;82.3;4860\n10-62166;2023;EL;<11;9\n"
STUDENTS = "SSID,Last name,Score\n4000000017,Ruiz,812\n"


@pytest.fixture(scope="module")
def braids(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    data = tmp_path_factory.mktemp("imports")
    braid(data, "prepare", "--empty")
    engine = create_engine(f"sqlite:///{data}/braid.db")
    prepare(engine)
    with Session(engine) as session:
        Cast.arrive(session, datetime.now(UTC))
    engine.dispose()
    with living(data) as running:
        yield running


class Office(Someone):
    """Flo of the data office."""

    def _hear(self, message: ConsoleMessage) -> None:
        if "422" not in message.text:  # a form with something to mend, which the browser tells of
            super()._hear(message)

    def looks(self, where: str) -> None:
        """Look with axe, and keep a picture where one is asked for."""
        folder = os.environ.get("BRAID_TEST_PICTURES")
        if folder:
            self.page.screenshot(path=Path(folder) / f"{where}.png", full_page=True)
            self.page.set_viewport_size({"width": 390, "height": 900})
            self.page.emulate_media(color_scheme="dark")
            self.page.screenshot(path=Path(folder) / f"{where}, phone.png", full_page=True)
        super().looks(where)

    def send(self, content: str, name: str = "figures.csv") -> None:
        """Choose a file, and send it without the mouse."""
        self.page.goto("/imports")
        self.page.get_by_label("File", exact=True).set_input_files(
            {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
        )
        self.press("Look at the file")

    def press(self, name: str) -> None:
        """Walk to a button with the keyboard, and press it."""
        for _ in range(80):
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate("document.activeElement.ariaLabel || document.activeElement.innerText || ''")
            if name in " ".join(str(focused).split()):
                self.page.keyboard.press("Enter")
                self.page.wait_for_load_state()
                return
        msg = f"no way to “{name}” by keyboard on {self.page.url}"
        raise AssertionError(msg)


def test_figures_come_in_and_go_out(browser: Browser, braids: Living) -> None:
    flo = Office(browser, braids)
    flo.sign_in("flo@longbeach.example")
    page = flo.page
    page.goto("/imports")
    expect(page.get_by_text("No figures were loaded here yet.")).to_be_visible()
    flo.looks("import, empty")

    flo.send(STUDENTS, "names.xlsx")
    expect(page.get_by_text("looks like one row per student").first).to_be_visible()

    flo.send(HEAD + "".join(WRONG))
    for sentence in SENTENCES:
        expect(page.get_by_text(sentence)).to_be_visible()
    assert page.get_by_role("button", name="Load all").count() == 0
    flo.looks("import, preview with errors")

    flo.send(HEAD + GOOD)
    expect(page.get_by_text("82.3%")).to_be_visible()
    flo.press("Load all 1 figures")
    expect(page.get_by_text("The figures are in.")).to_be_visible()
    flo.send(HEAD + GOOD.replace("82.3", "82.7"))
    page.get_by_role("link", name="Restated (1)").click()
    expect(page.get_by_role("row", name="82.3%")).to_contain_text("82.7%")
    flo.looks("import, preview of a restatement")
    flo.press("Load all 1 figures")
    expect(page.get_by_text("The figures are in.")).to_be_visible()
    flo.looks("import, listing")
    flo.press("Take out again what figures.csv brought")
    expect(page.get_by_text("1 figure is out again. What they had restated is back.")).to_be_visible()
    flo.leave()


def test_a_kind_of_file_is_explained(browser: Browser, braids: Living) -> None:
    flo = Office(browser, braids)
    flo.sign_in("flo@longbeach.example")
    page = flo.page
    page.goto("/imports/mappings")
    flo.send(LOCAL, "local.csv")
    expect(page.get_by_text("Braid does not know this kind of file.")).to_be_visible()
    flo.looks("import, unknown file")
    flo.press("Say what the columns mean")
    page.get_by_label("Name of this kind of file").fill("Our graduation file")
    page.get_by_label("Who", exact=True).select_option(label="Student group")
    page.get_by_label("One year there, such as 2024, is").select_option(label="when it ended")
    page.get_by_label("Indicator, if no column says it").select_option(label="Four-year graduation rate")
    flo.press("Keep this and read the file")
    expect(page.get_by_text("Below are the names in “Who”.").first).to_be_visible()
    flo.looks("columns, with names to choose")
    page.get_by_label("Everybody").select_option(label="All students")
    page.get_by_label("EL", exact=True).select_option(label="English learners")
    flo.press("Keep this and read the file")
    expect(page.get_by_role("button", name="Load all 2 figures")).to_be_visible()

    page.goto("/imports/mappings")
    flo.looks("kinds of file")
    page.get_by_role("link", name="Our graduation file").click()
    page.get_by_label("Name of this kind of file").fill("Graduation")
    flo.press("Keep what the columns mean")
    expect(page.get_by_role("button", name="Say this again")).to_be_visible()
    flo.looks("a kind of file")
    page.goto("/imports/mappings/shipped/api-growth")
    flo.leave()


def test_a_long_file_shows_how_far_it_is(browser: Browser, braids: Living) -> None:
    flo = Office(browser, braids)
    flo.sign_in("flo@longbeach.example")
    page = flo.page
    years = [f"{year}-{(year + 1) % 100:02}" for year in range(1976, 2026)]
    rows = [GOOD.replace("2022-23", year).replace("State file", f"File {n}") for n in range(300) for year in years]

    flo.send(HEAD + "".join(rows), "long.csv")

    expect(page.get_by_role("progressbar")).to_be_visible()
    number = int(page.url.rpartition("/")[2])
    expect(page.get_by_role("button", name="Load all 15,000 figures")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("1 to 50 of 15,000")).to_be_visible()
    page.get_by_label("Page, of 300").fill("300")
    page.keyboard.press("Enter")
    expect(page.get_by_text("14,951 to 15,000 of 15,000")).to_be_visible()
    flo.looks("import, the last of 300 pages")
    standing_still(braids, number, page)
    page.goto(f"/imports/{number}")
    expect(page.get_by_role("progressbar")).to_be_visible()
    flo.looks("import, being loaded")
    page.goto("/imports/typed")
    flo.looks("typing in one figure")
    flo.leave()


def standing_still(braids: Living, number: int, page: Page) -> None:
    """Let a file be on its way for ever, and its page stay as it is while we look."""
    engine = create_engine(f"sqlite:///{braids.data}/braid.db")
    prepare(engine)
    with Session(engine) as session:
        session.execute(update(FigureUpload).where(FigureUpload.id == number).values(state="loading"))
        session.commit()
    engine.dispose()

    def still(route: Route) -> None:
        answer = route.fetch()
        headers = {name: value for name, value in answer.headers.items() if name != "refresh"}
        route.fulfill(response=answer, headers=headers)

    page.route(f"**/imports/{number}", still)
