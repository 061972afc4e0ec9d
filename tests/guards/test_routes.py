"""Every route, walked by everybody: what one may not read is missing, and who only reads changes nothing."""

import re
from itertools import product
from typing import Any, ClassVar
from urllib.parse import urlencode

import pytest
from werkzeug.routing import Rule

from app.queries.searching import FACETS
from app.web.gate import is_public
from app.web.requests import PlainRequest, PlainText
from tests.guards.world import ROLES, World, routes
from tests.pages import Page, get, post

MANAGERS_ONLY = "/administration"
OWN = ("/profile", "/sign-out", "/sign-in", "/forgotten-password", "/partnerships/choice", "/join", "/new-password")
HARMLESS = (*OWN, "/preview", "/drafts", "/search", "/inbox")  # these change nothing that others see
HOSTILE = (
    *("", "x", "-5", "0", "1900", "99999", "1e9", "²", str(2**31), str(2**63), str(10**30), "9" * 5000),
    *(f"0-{2**63}", f"1-{10**30}", f"{10**30}-1", "0--1", "-"),
)
NUMBERS = re.compile(r"\d+|csrf_token[^>]*>|[0-9a-f]{16}")


class Noting(PlainText):
    """What an address asks, which notes the names that a page looks for."""

    names: ClassVar[set[str]] = set()

    def __contains__(self, name: object) -> bool:
        Noting.names.add(str(name))
        return super().__contains__(name)

    def getlist(self, key: str, type: Any = None) -> list[Any]:  # noqa: A002 - the name it has there
        Noting.names.add(key)
        found: list[Any] = super().getlist(key, type)
        return found


def forbidden(rule: Rule, role: str) -> bool:
    """Say whether a page is for managers of this partnership; Eve manages her own, and may open its pages."""
    own = role == "other_partnership" and not rule.arguments
    return rule.rule.startswith(MANAGERS_ONLY) and role != "manager" and not own


def bare(page: Page) -> str:
    """Return a page without its numbers and tokens."""
    return NUMBERS.sub("", page.html.partition("<main")[2].partition("</main>")[0])


@pytest.mark.parametrize("role", ROLES)
def test_opening_every_page(world: World, role: str) -> None:
    """Hidden is missing, for every page and everybody; nothing breaks; no secret shows anywhere."""
    client = world.client(role)
    # the same words in the address, which are all that the page may know of it
    missing = {words: bare(get(client, f"/posts/999999{words}")) for words in ("", "-anything")}
    walked = 0
    for rule in routes(world.app, "GET"):
        for address, about in world.addresses(rule):
            if about is world.posts["plan"]:
                continue  # shared as the other one is
            page = get(client, address)
            walked += 1
            where = f"{role} {address} answered {page.code}"
            assert page.code < 500, where
            if rule.endpoint == "static":
                continue
            open_to_all = is_public(world.app.view_functions[rule.endpoint])
            if role in {"nobody", "departed"} and not open_to_all:
                assert page.code == 303, where
                assert page.answer.location.startswith("/sign-in"), where
            elif about is not None and not world.reads(role, about):
                if role in {"nobody", "departed"}:
                    assert page.code == 303, where
                    assert page.answer.location.startswith("/sign-in"), where
                else:
                    assert page.code == 404, where
                    assert bare(page) == missing["-anything" if address.endswith("-anything") else ""], where
            elif forbidden(rule, role):
                assert page.code in {403, 404}, where
            if role in {"nobody", "departed", "other_partnership", "past_observer"}:
                assert "Secret" not in page.html, where
                assert "Ben Example" not in page.html.replace("Open to everyone", ""), where
    assert walked > 50


@pytest.mark.parametrize(
    "role", ["nobody", "other_partnership", "observer", "past_observer", "departed", "other_district"]
)
def test_sending_everything(world: World, role: str) -> None:
    """Who may not, changes nothing: 404 for what is hidden, a sentence for what may only be read."""
    client = world.client(role)
    for rule in routes(world.app, "POST"):
        if rule.rule.startswith(OWN):
            continue
        for address, about in world.addresses(rule):
            if about is world.posts["plan"]:
                continue
            page = post(client, address, {"body": "x", "sharing": "public", "state": "done", "text": "x"})
            where = f"{role} POST {address} answered {page.code}"
            assert page.code < 500, where
            if role in {"nobody", "departed"}:
                assert page.code in {302, 303, 401}, where
            elif about is not None and not (world.reads(role, about) or "/trash/" in address):
                assert page.code == 404, where
            elif role in {"observer", "past_observer"} and not rule.rule.startswith(HARMLESS):
                assert page.code in {403, 404}, where
                if page.code == 403:
                    assert "<h1>You cannot do that</h1>" in page.html, where
            elif forbidden(rule, role):
                assert page.code in {403, 404}, where


@pytest.mark.parametrize("role", ["lead", "manager"])
def test_sending_nonsense_breaks_nothing(world: World, role: str) -> None:
    client = world.client(role)
    for rule in routes(world.app, "POST"):
        if "sign-out" in rule.rule or "departure" in rule.rule:
            continue
        for address, _ in world.addresses(rule):
            for data in ({}, {"state": "x", "sharing": "x", "next": "//evil", "met_on": "x", "district_id": "x" * 50}):
                page = post(client, address, data)
                assert page.code < 500, f"{role} POST {address} answered {page.code}"


def test_numbers_no_database_holds_are_missing(world: World) -> None:
    client = world.client("manager")
    known = {**world.values, **{name: number for there in world.hanging.values() for name, number in there.items()}}
    numbers = {"post_id", *(name for name, value in known.items() if isinstance(value, int))}
    walked = 0
    for rule in routes(world.app, "GET"):
        names = rule.arguments & numbers
        for number in (2**31, 10**30) if names else ():
            values = {name: "x" for name in rule.arguments} | {name: number for name in names}
            built = rule.build(values, append_unknown=False)
            assert built is not None
            assert get(client, built[1]).code == 404, built[1]
            walked += 1
    assert walked > 40


@pytest.mark.parametrize("role", ["nobody", "manager"])
def test_no_number_in_an_address_breaks_a_page(world: World, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a page looks for in its address, it is given as numbers that make no sense there."""
    monkeypatch.setattr(PlainRequest, "parameter_storage_class", Noting)
    client = world.client(role)
    found: set[str] = set()
    for rule in {rule.endpoint: rule for rule in routes(world.app, "GET")}.values():
        for address in [path for path, about in world.addresses(rule) if about in {None, world.posts["partnership"]}]:
            Noting.names = {"q", "page", *FACETS} if rule.endpoint == "search.show" else set()
            get(client, address)
            names = sorted(Noting.names)
            found.update(f"{rule.endpoint} {name}" for name in names)
            for name, value in product(names, HOSTILE):
                page = get(client, f"{address}?{urlencode({name: value})}")
                assert page.code < 500, f"{role} {address}?{name}={value} answered {page.code}"
    expected = {"home.show after"} if role == "nobody" else {"posts.listing after", "imports.listing before"}
    assert expected <= found
