"""The editor, autosave, rows and the look, in a real browser under the strict content security policy."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from app.lib.markdown import to_html
from tests.browser.chromium import NEEDED
from tests.browser.style_guide import PROMPTS, Server, serving
from tests.markdown_samples import SAMPLES

PATIENT = 20_000  # milliseconds that a busy machine may take to do what is already on its way
pytestmark = NEEDED
WORD = """<html><head><style>p{color:red}</style></head><body>
<p class=MsoTitle>Site visit</p><h2 style='color:#2E74B5'>What we saw</h2>
<p class=MsoNormal><span style='font-family:Calibri'>Ten minutes, <b>no pencil</b>.<o:p></o:p></span></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·&nbsp;</span>first</p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o</span>inner</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>second</p>
<table><tr><td><p>School</p></td><td><p>Hours</p></td></tr><tr><td><p>North</p></td><td><p>46</p></td></tr></table>
</body></html>"""
DOCS = """<meta charset="utf-8"><b style="font-weight:normal" id="docs-internal-guid-1"><h2><span>Next</span></h2>
<p><span style="font-weight:700">Bold</span><span style="font-style:italic"> and italic</span></p>
<ul><li><p><span>call</span></p></li></ul><img src="data:image/png;base64,AAAA"></b>"""


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def server(running: Server) -> Server:
    running.text, running.saved, running.status, running.prompts = "", [], 200, {}
    return running


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()


@pytest.fixture
def edit(page: Page, server: Server) -> Callable[[str], Locator]:
    def open_text(text: str = "") -> Locator:
        server.text = text
        page.goto(f"{server.address}/edit")
        paper = page.get_by_role("textbox", name="What happened")
        expect(paper).to_be_visible()
        return paper

    return open_text


def written(page: Page) -> str:
    """Return what the form would send now."""
    return str(page.evaluate("new FormData(document.querySelector('form[data-autosave]')).get('body')"))


def paste(page: Page, html: str) -> None:
    """Paste HTML as a word processor would put it on the clipboard."""
    page.evaluate(
        """html => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            data.setData("text/plain", "plain");
            const target = document.querySelector(".ProseMirror");
            target.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        html,
    )


def test_what_is_typed_and_formatted_becomes_the_text(
    page: Page, edit: Callable[[str], Locator], complaints: list[str]
) -> None:
    edit("").click()
    bar = page.get_by_role("toolbar", name="Formatting")
    bar.get_by_role("button", name="Heading", exact=True).click()
    page.keyboard.type("What people do")
    page.keyboard.press("Enter")
    bar.get_by_role("button", name="Bold").click()
    page.keyboard.type("Ten minutes")
    bar.get_by_role("button", name="Bold").click()
    page.keyboard.type(", no pencil")
    page.keyboard.press("Enter")
    bar.get_by_role("button", name="Task list").click()
    page.keyboard.type("call")
    page.keyboard.press("Enter")
    page.keyboard.type("mail")
    bar.get_by_role("button", name="Numbered list").click()

    assert written(page) == "## What people do\n\n**Ten minutes**, no pencil\n\n1. call\n2. mail"
    assert complaints == []


def test_a_task_is_ticked_with_a_click(page: Page, edit: Callable[[str], Locator]) -> None:
    paper = edit("- [ ] call\n- [x] mail")

    paper.get_by_role("checkbox", name="Done").first.check()

    assert written(page) == "- [x] call\n- [x] mail"


def test_a_link_is_asked_for_and_made(page: Page, edit: Callable[[str], Locator]) -> None:
    edit("See the brief").click()
    page.keyboard.press("Control+a")
    page.get_by_role("button", name="Link").click()
    page.get_by_label("Address of the page").fill("not an address")
    page.keyboard.press("Enter")
    expect(page.get_by_text("That does not look like an address.")).to_be_visible()
    page.get_by_label("Address of the page").fill("www.example.org/brief")
    page.keyboard.press("Enter")

    assert written(page) == "[See the brief](https://www.example.org/brief)"


def test_a_table_grows(page: Page, edit: Callable[[str], Locator]) -> None:
    edit("").click()
    page.get_by_role("button", name="Table").click()
    page.keyboard.type("School")
    page.keyboard.press("Tab")
    page.keyboard.type("Hours")
    page.get_by_role("button", name="Delete column").click()
    page.get_by_role("button", name="Add row").click()

    lines = written(page).splitlines()
    assert [line.count("|") for line in lines] == [3] * 5
    assert "School" in lines[0]


def test_the_sixty_two_constructs_survive(page: Page, edit: Callable[[str], Locator]) -> None:
    edit("")
    plain, changed = [], []
    for sample in SAMPLES:
        page.evaluate(
            """text => {
                const area = document.querySelector("textarea[data-editor]");
                area.value = text;
                area.dispatchEvent(new CustomEvent("braid:refilled"));
            }""",
            sample.source,
        )
        page.wait_for_timeout(120)
        if "is-plain" in (page.locator(".desk").get_attribute("class") or ""):
            plain.append(sample.name)
            continue
        page.locator(".ProseMirror").focus()
        page.keyboard.type("x")
        assert "x" in written(page)
        page.keyboard.press("Control+z")
        if _shape(written(page)) != _shape(sample.source):
            changed.append(sample.name)

    assert changed == []
    assert len(plain) <= 1


def _shape(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", to_html(text))).strip()


def test_an_untouched_text_is_left_to_the_letter(page: Page, edit: Callable[[str], Locator]) -> None:
    text = "Title\n=====\n\n* one\n* two"

    edit(text)

    assert written(page).replace("\r\n", "\n") == text


def test_a_text_that_would_change_opens_as_plain_text(page: Page, server: Server) -> None:
    server.text = "See page 3.\n\n[brief]: /posts/7 'an address that nothing uses'"
    page.goto(f"{server.address}/edit")
    expect(page.locator(".desk.is-plain")).to_be_visible()

    expect(page.locator(".editor-notice")).to_contain_text("Nothing is lost")
    assert written(page).replace("\r\n", "\n") == server.text


def test_plain_text_and_back(page: Page, edit: Callable[[str], Locator]) -> None:
    edit("**Ten** minutes")
    switch = page.get_by_role("button", name="Plain text")
    switch.click()
    area = page.locator("textarea[data-editor]")
    expect(area).to_be_focused()
    area.fill("**Twelve** minutes")
    switch.click()

    expect(page.locator(".ProseMirror strong")).to_have_text("Twelve")


def test_paste_from_word_keeps_the_structure(page: Page, edit: Callable[[str], Locator], complaints: list[str]) -> None:
    edit("").click()

    paste(page, WORD)

    html = _shape(written(page))
    assert "<h2 id=" in html
    assert "What we saw</h2>" in html
    assert "<p>Ten minutes, <strong>no pencil</strong>.</p>" in html
    assert "<ul><li>first<ul><li>inner</li></ul></li><li>second</li></ul>" in re.sub(r"</?p>", "", html)
    assert ">46</td>" in html
    assert "Calibri" not in html
    assert complaints == []


def test_paste_from_google_docs_keeps_the_structure(page: Page, edit: Callable[[str], Locator]) -> None:
    edit("").click()

    paste(page, DOCS)

    assert written(page) == "## Next\n\n**Bold** *and italic*\n\n- call"


def test_an_at_sign_offers_people_and_makes_a_link(page: Page, edit: Callable[[str], Locator]) -> None:
    edit("").click()
    page.keyboard.type("Ask @b")
    options = page.get_by_role("listbox", name="Mention").get_by_role("option")
    expect(options).to_have_text([re.compile("Ben Okafor")])
    page.keyboard.press("Enter")
    page.keyboard.type("about it")

    assert written(page) == "Ask [@Ben Okafor](/people/2) about it"


def test_prompts_are_seen_and_never_saved(page: Page, server: Server, edit: Callable[[str], Locator]) -> None:
    server.prompts = PROMPTS
    paper = edit("## The problem it answers\n\n## What people do\n")
    prompt = paper.locator(".prompt")
    expect(prompt).to_have_count(2)

    prompt.first.click()
    page.keyboard.type("Silence.")

    expect(prompt).to_have_count(1)
    assert written(page) == "## The problem it answers\n\nSilence.\n\n## What people do"


def test_the_toolbar_is_one_stop_with_arrow_keys(page: Page, edit: Callable[[str], Locator]) -> None:
    edit("text").click()
    page.keyboard.press("Alt+F10")
    bar = page.get_by_role("toolbar", name="Formatting")
    expect(bar.get_by_role("button", name="Heading", exact=True)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(bar.get_by_role("button", name="Subheading")).to_be_focused()
    page.keyboard.press("End")
    expect(bar.get_by_role("button", name="Plain text")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")

    assert written(page) == "## text"
    expect(page.get_by_role("textbox", name="What happened")).to_be_focused()
    assert bar.locator("button[tabindex='0']").count() == 1


def test_what_is_typed_is_on_the_server_within_three_seconds(
    page: Page, server: Server, edit: Callable[[str], Locator]
) -> None:
    page.clock.install()  # the page's own clock, so that a busy machine neither helps nor harms
    edit("").click()
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 5)
    page.keyboard.type("Two")
    page.clock.run_for(1100)
    page.keyboard.type(" minutes")  # whoever goes on typing does not put it off for ever
    page.clock.run_for(1000)
    page.keyboard.type(" more")
    assert server.saved == []
    page.clock.run_for(800)

    expect(page.locator("[data-autosave-status]")).to_contain_text("Saved 10:42", timeout=PATIENT)
    assert server.saved[-1]["body"] == "Two minutes more"
    assert server.saved[-1]["csrf_token"] == "the-token"


def test_a_failing_server_loses_nothing(page: Page, server: Server, edit: Callable[[str], Locator]) -> None:
    edit("").click()
    server.status = 503
    page.keyboard.type("Kept words")
    status = page.locator("[data-autosave-status]")
    expect(status).to_contain_text("Not connected: kept on this device", timeout=4000)
    page.get_by_role("button", name="Add a decision").click()
    page.get_by_label("What was decided").last.fill("Visit in March")

    page.reload()
    expect(page.get_by_text("did not reach Braid")).to_be_visible()
    server.status = 200
    page.get_by_role("button", name="Put it back").click()

    expect(page.get_by_role("textbox", name="What happened")).to_have_text("Kept words")
    expect(status).to_contain_text("Saved 10:42", timeout=4000)
    assert server.saved[-1]["body"] == "Kept words"
    assert "Visit in March" in server.saved[-1].values()


def test_the_server_coming_back_is_noticed(page: Page, server: Server, edit: Callable[[str], Locator]) -> None:
    edit("").click()
    server.status = 403
    page.keyboard.type("Signed out")
    status = page.locator("[data-autosave-status]")
    expect(status).to_contain_text("You are signed out: kept on this device", timeout=4000)
    server.status = 200

    expect(status).to_contain_text("Saved 10:42", timeout=5000)
    assert server.saved[-1]["body"] == "Signed out"


def test_a_closed_page_sends_what_it_has(page: Page, server: Server, edit: Callable[[str], Locator]) -> None:
    edit("").click()
    page.keyboard.type("Last words")

    page.goto(f"{server.address}/guide")

    deadline = time.monotonic() + 10
    while not server.saved and time.monotonic() < deadline:
        time.sleep(0.05)
    assert server.saved[-1]["body"] == "Last words"


def test_rows_are_added_removed_and_put_back(page: Page, edit: Callable[[str], Locator]) -> None:
    edit("")
    page.get_by_role("button", name="Add a decision").click()
    expect(page.get_by_label("What was decided").last).to_be_focused()
    page.keyboard.type("Visit in March")
    page.get_by_role("button", name="Remove Decision 2").click()
    undo = page.get_by_role("button", name="Undo", exact=True).last
    expect(undo).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_label("What was decided").last).to_have_value("Visit in March")
    names = page.evaluate("[...new FormData(document.querySelector('form[data-autosave]')).keys()]")
    assert "decisions-1-text" in names
    assert "decisions-1-remove" not in names


def test_the_preview_is_shown_and_focused(page: Page, edit: Callable[[str], Locator]) -> None:
    edit("").click()
    page.keyboard.type("Twelve chars")
    page.get_by_role("button", name="Preview").click()

    pane = page.get_by_role("region", name="Preview")
    expect(pane).to_have_text("Preview of 12 characters")
    expect(pane).to_be_focused()

    edit("").click()
    page.keyboard.insert_text("Too long. " * 10)
    page.get_by_role("button", name="Preview").click()
    expect(pane).to_have_text("Split it into two.")


def test_menus_close_on_escape(page: Page, server: Server) -> None:
    page.goto(f"{server.address}/guide")
    new = page.locator(".top-new")
    new.locator("summary").click()
    expect(page.get_by_role("link", name="Meeting notes").first).to_be_visible()
    page.keyboard.press("Escape")

    expect(new).not_to_have_attribute("open", "")
    expect(new.locator("summary")).to_be_focused()


def test_without_script_the_form_works(browser: Browser, server: Server) -> None:
    server.text = "A plain text"
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.address}/edit")

    expect(page.get_by_label("What happened")).to_have_value("A plain text")
    expect(page.get_by_label("Remove")).to_be_visible()
    expect(page.get_by_role("button", name="Add a decision")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", ["guide", "edit", "public/guide", "guide#menu"])
def test_axe_finds_nothing(browser: Browser, server: Server, path: str, width: int, scheme: str) -> None:
    server.text, server.prompts = "## What people do\n\n- [ ] call\n\n| a |\n| --- |\n| 1 |", PROMPTS
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    page.goto(f"{server.address}/{path}")
    page.wait_for_timeout(400)

    found = Axe().run(page).response["violations"]

    assert [(fault["id"], fault["nodes"][0]["html"][:160]) for fault in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
