"""Pages as a browser sees them: their words, their forms as they would be sent, and what is wrong with their HTML."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

INLINE = {"a", "abbr", "b", "code", "del", "em", "i", "ins", "mark", "span", "strong", "sub", "sup", "time"}
CONTROLS = ("input", "select", "textarea")


class Filled(MultiDict[str, str]):
    """A form as it would be sent."""

    def fill(self, fields: Mapping[str, str | list[str]]) -> "Filled":
        """Type into fields, and choose from lists."""
        for name, value in fields.items():
            self.setlist(name, value if isinstance(value, list) else [value])
        return self


@dataclass
class Page:
    """One answer."""

    answer: TestResponse
    client: FlaskClient

    @property
    def code(self) -> int:
        return self.answer.status_code

    @property
    def html(self) -> str:
        return self.answer.get_data(as_text=True)

    @cached_property
    def root(self) -> Element:
        root = html5lib.HTMLParser(namespaceHTMLElements=False).parse(self.html)
        assert isinstance(root, Element)
        return root

    @property
    def words(self) -> str:
        """Everything a person reads, spaces made one."""
        return words_of(self.root.find("body"))

    @property
    def heading(self) -> str:
        return words_of(self.root.find(".//h1"))

    def form(self, action: str) -> Filled:
        """Return the form that is sent to an address ending in ``action``, as a browser would send it untouched."""
        found = [form for form in self.root.iter("form") if (form.get("action") or self.path).endswith(action)]
        assert found, f"no form to {action} on {self.path}: {[form.get('action') for form in self.root.iter('form')]}"
        return Filled(list(fields_of(found[-1])))

    @property
    def path(self) -> str:
        parts = urlsplit(self.answer.request.full_path)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def links(self) -> list[str]:
        return [a.get("href", "") for a in self.root.iter("a")]

    def actions(self) -> list[str]:
        return [form.get("action") or "" for form in self.root.iter("form")]


def get(client: FlaskClient, path: str) -> Page:
    """Open a page."""
    answer = client.get(path, headers={"Accept": "text/html"})
    answer.get_data()
    answer.close()
    return Page(answer, client)


def post(client: FlaskClient, path: str, data: object = None, *, follow: bool = False) -> Page:
    """Send a form; ``follow`` opens the page it leads to."""
    answer = client.post(path, data=data or {}, headers={"Accept": "text/html"})
    if follow:
        assert answer.status_code == 303, f"{path} answered {answer.status_code}: {Page(answer, client).words[:400]}"
        return get(client, answer.location)
    return Page(answer, client)


def words_of(element: Element | None) -> str:
    """Return the words within an element, spaces made one; not those of scripts and templates."""
    return "" if element is None else " ".join("".join(_texts(element)).split())


def fields_of(form: Element) -> Iterator[tuple[str, str]]:
    """Yield what a browser would send of a form that nobody touched (no button pressed)."""
    for element in _within(form):
        name = element.get("name")
        if element.tag not in CONTROLS or not name or element.get("disabled") is not None:
            continue
        if element.tag == "textarea":
            yield name, (element.text or "").removeprefix("\n")
        elif element.tag == "select":
            options = list(element.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None]
            if not chosen and element.get("multiple") is None:
                chosen = options[:1]
            for option in chosen:
                yield name, option.get("value", option.text or "")
        elif element.get("type") in {"checkbox", "radio"}:
            if element.get("checked") is not None:
                yield name, element.get("value", "on")
        elif element.get("type") not in {"submit", "button", "file"}:
            yield name, element.get("value", "")


def _within(element: Element) -> Iterator[Element]:
    for child in element:
        if child.tag != "template":
            yield child
            yield from _within(child)


def _texts(element: Element) -> Iterator[str]:
    if element.tag in {"script", "style", "template"} or not isinstance(element.tag, str):
        return
    apart = "" if element.tag in INLINE else " "
    yield apart + (element.text or "")
    for child in element:
        yield from _texts(child)
        yield child.tail or ""
    yield apart
