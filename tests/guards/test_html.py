"""Every page: strict HTML, one heading that the title begins with, labels, no id twice, nothing inline."""

from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
import pytest

from tests.guards.world import World, routes
from tests.pages import Page, get, words_of

NAMED_BY_ITSELF = {"hidden", "submit", "button", "image", "reset"}


def faults(page: Page) -> Iterator[str]:
    """Yield what is wrong with the HTML of a page."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    parser.parse(page.html)
    for (line, _), error, _ in parser.errors:
        yield f"{error} in {page.html.splitlines()[line - 1].strip()[:120]}"
    if page.root.get("lang") != "en":
        yield "no language"
    headings = [words_of(h1) for h1 in page.root.iter("h1")]
    title = words_of(page.root.find(".//title"))
    if len(headings) != 1:
        yield f"{len(headings)} main headings"
    elif not title.startswith(headings[0]):
        yield f"the title “{title}” does not begin with “{headings[0]}”"
    ids = Counter(element.get("id") for element in page.root.iter() if element.get("id"))
    yield from (f"the id {name} {many} times" for name, many in ids.items() if many > 1)
    yield from _unlabelled(page.root)
    for element in page.root.iter():
        yield from _inline(element)
        yield from _lost(element, set(ids))
        yield from _wordless(element)


def _inline(element: Element) -> Iterator[str]:
    if element.tag == "style" or (element.tag == "script" and not element.get("src")):
        yield f"inline {element.tag}"
    yield from (f"{name} on {element.tag}" for name in element.attrib if name == "style" or name.startswith("on"))


def _lost(element: Element, ids: set[str | None]) -> Iterator[str]:
    for name in ("aria-describedby", "aria-labelledby", "for"):
        lost = [one for one in (element.get(name) or "").split() if one not in ids and "__index__" not in one]
        if lost:
            yield f"{name} of a {element.tag} points to {lost}, which is not there"


def _wordless(element: Element) -> Iterator[str]:
    if element.tag in {"a", "button"} and not words_of(element) and not element.get("aria-label"):
        yield f"a {element.tag} without words {element.get('href', '')}"
    if element.tag == "img" and element.get("alt") is None:
        yield "a picture without words"


def _unlabelled(root: Element) -> Iterator[str]:
    labelled = {label.get("for") for label in root.iter("label")}
    inside = {id(control) for label in root.iter("label") for control in label.iter()}
    for tag in ("input", "select", "textarea"):
        for control in root.iter(tag):
            if control.get("type") in NAMED_BY_ITSELF or id(control) in inside:
                continue
            if (
                control.get("id") not in labelled
                and not control.get("aria-label")
                and not control.get("aria-labelledby")
            ):
                yield f"a {tag} without a label: {control.get('name')}"


@pytest.mark.parametrize("role", ["manager", "nobody"])
def test_every_page_is_sound(world: World, role: str) -> None:
    client = world.client(role)
    wrong: dict[str, list[str]] = {}
    walked = 0
    for rule in routes(world.app, "GET"):
        for address, about in world.addresses(rule):
            if about is not None and about.title not in {
                "Open to everyone",
                "Secret of the strand",
                "Secret plan",
                "Secret of the partnership",
            }:
                continue
            if rule.endpoint == "posts.new":
                continue
            walked += _walk(client, address, wrong)
    if role == "manager":
        for kind in ("practice", "meeting-note", "strand-plan"):
            walked += _walk(client, f"/posts/new?kind={kind}", wrong)
            walked += _walk(client, f"/posts?kind={kind}", wrong)
    walked += _walk(client, "/no-such-page", wrong)
    walked += _walk(client, "/search?q=secret", wrong)
    assert not wrong, "\n".join(f"{address}: {'; '.join(dict.fromkeys(said))}" for address, said in wrong.items())
    assert walked > (5 if role == "nobody" else 40)


@pytest.mark.parametrize("kind", ["practice", "meeting-note", "strand-plan"])
def test_forms_with_problems_are_sound(world: World, kind: str) -> None:
    client = world.client("manager")
    form = get(client, f"/posts/new?kind={kind}").form(f"kind={kind}").fill({"title": "", "strand_id": "999"})
    page = Page(client.post(f"/posts/new?kind={kind}", data=form), client)
    assert page.code == 422
    assert list(faults(page)) == []


def _walk(client: object, address: str, wrong: dict[str, list[str]]) -> int:
    page = get(client, address)  # type: ignore[arg-type]
    if page.answer.mimetype == "text/html" and page.code not in {301, 302, 303}:
        found = list(faults(page))
        if found:
            wrong[address] = found
        return 1
    return 0
