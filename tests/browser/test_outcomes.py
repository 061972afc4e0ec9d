"""Outcomes as leaders see them: the pages of the demonstration in a real browser, on a screen and on paper."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from app.models import Goal, Indicator, IndicatorLink, Post
from app.services import demonstration
from tests.browser.chromium import NEEDED
from tests.browser.living import Living, braid, living
from tests.browser.test_story import Someone

SHEETS = re.compile(rb"/Type\s*/Page\b")  # of a PDF as Chromium writes it
LETTER = {"format": "Letter", "print_background": False}
INDICATORS = ("api_growth", "four_year_graduation_rate", "chronic_absenteeism_rate")

pytestmark = NEEDED


class Reader(Someone):
    """Somebody of the demonstration."""

    def sign_in(self, email: str) -> None:
        self.page.goto("/sign-in")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(demonstration.PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Living, dict[str, str]]]:
    """Serve the demonstration; return the addresses of what it shows."""
    data = tmp_path_factory.mktemp("outcomes")
    braid(data, "prepare")
    engine = create_engine(f"sqlite:///{data}/braid.db")
    with Session(engine) as session:
        known = {one.code: one.id for one in session.scalars(select(Indicator))}
        places = {code: f"/indicators/{known[code]}" for code in INDICATORS}
        places["crosswalk"] = f"/crosswalks/{known['four_year_graduation_rate']}"
        places |= {f"goal-{number}": f"/goals/{number}" for number in session.scalars(select(Goal.id))}
        for kind in ("practice", "strand-plan"):
            linked = select(Post.id).join(IndicatorLink, IndicatorLink.post_id == Post.id).group_by(Post.id)
            shared = linked.where(Post.kind == kind, Post.shared_at.is_not(None))
            places[kind] = f"/posts/{session.scalars(shared.order_by(func.count().desc(), Post.id)).first()}"
    engine.dispose()
    with living(data) as running:
        yield running, places


@pytest.fixture
def leader(browser: Browser, shown: tuple[Living, dict[str, str]]) -> Iterator[Reader]:
    reader = Reader(browser, shown[0])
    reader.sign_in("marisol.etcheverry@fresno.example")
    yield reader
    reader.leave()


def sheets(page: Page) -> int:
    return len(SHEETS.findall(page.pdf(**LETTER)))  # type: ignore[arg-type]


def test_an_indicator_prints_on_one_sheet(leader: Reader, shown: tuple[Living, dict[str, str]]) -> None:
    for code in INDICATORS:
        leader.page.goto(shown[1][code])
        expect(leader.page.get_by_role("button", name="Print this page")).to_be_visible()

        assert sheets(leader.page) == 1, code

        leader.page.emulate_media(media="print")
        for words in (".chart-sentence", ".panels-large svg", "#newest", "#definition", ".one-sheet .properties"):
            expect(leader.page.locator(words).first).to_be_visible()
        for words in ("#notes-heading", "#by-group", "#figures", "main form"):
            expect(leader.page.locator(words).first).to_be_hidden()
        leader.page.emulate_media(media="null")


def test_a_goal_prints_on_one_sheet(leader: Reader, shown: tuple[Living, dict[str, str]]) -> None:
    goals = [path for name, path in shown[1].items() if name.startswith("goal-")]
    for path in goals:
        leader.page.goto(path)

        assert sheets(leader.page) == 1, path
    assert len(goals) > 1


def test_printing_is_a_button(leader: Reader, shown: tuple[Living, dict[str, str]]) -> None:
    leader.page.goto(shown[1]["api_growth"])
    leader.page.evaluate("window.print = () => { document.title = 'printed' }")

    leader.page.get_by_role("button", name="Print this page").click()

    expect(leader.page).to_have_title("printed")


def test_lines_are_told_apart_without_colour(leader: Reader, shown: tuple[Living, dict[str, str]]) -> None:
    """In a chart of both districts no two lines have both the dash and the mark of another."""
    leader.page.goto(shown[1]["api_growth"])
    panels = leader.page.locator("[aria-labelledby=by-group] .panel-picture svg")
    looks = panels.first.evaluate(
        "svg => [...svg.querySelectorAll('path')].filter(path => path.getAttribute('stroke-width') === '2.5')"
        ".map(path => path.getAttribute('stroke-dasharray'))"
    )

    assert panels.count() > 5
    assert len(set(looks)) == 2, looks


def test_every_page_of_outcomes_is_accessible(leader: Reader, shown: tuple[Living, dict[str, str]]) -> None:
    for name, path in {"indicators": "/indicators", "goals": "/goals", "crosswalks": "/crosswalks", **shown[1]}.items():
        leader.page.goto(path)
        leader.looks(name)
    leader.page.goto(shown[1]["practice"])
    leader.page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true })")
    leader.looks("a practice with everything open")
