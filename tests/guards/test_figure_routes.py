"""Loading figures is for data offices and managers; every address of it, walked by everybody else."""

import pytest
from sqlalchemy import func, select

from app.models import FigureUpload, ImportBatch, Observation, SavedMapping
from tests.guards.world import World, routes
from tests.pages import get, post

IMPORTS = "/imports"
TYPED = {"typed_figures.listing", "typed_figures.add"}  # for leads of strands, too
OWN = {"name"}  # what an address names that belongs to nobody


def counted(world: World) -> list[int | None]:
    """Count everything that loading figures could change."""
    session = world.cast.session
    session.expire_all()
    tables = (FigureUpload, ImportBatch, SavedMapping, Observation)
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]


@pytest.mark.parametrize("role", ["observer", "past_observer", "member", "lead", "other_partnership"])
def test_others_neither_see_nor_change_figures_on_their_way_in(world: World, role: str) -> None:
    client, before, walked = world.client(role), counted(world), 0
    for method, send in (("GET", get), ("POST", post)):
        for rule in routes(world.app, method):
            own = role == "other_partnership" and not rule.arguments - OWN
            typing = role == "lead" and rule.endpoint in TYPED
            if not rule.rule.startswith(IMPORTS) or own or typing:
                continue
            for address, _ in world.addresses(rule):
                page = send(client, address)
                assert page.code in {403, 404}, f"{role} {method} {address} answered {page.code}"
                assert "Secret" not in page.html, address
                walked += 1
    assert walked >= 12
    assert counted(world) == before


def test_every_address_of_figures_on_their_way_in_is_walked(world: World) -> None:
    missed = [
        rule.rule
        for method in ("GET", "POST")
        for rule in routes(world.app, method)
        if rule.rule.startswith(IMPORTS) and not list(world.addresses(rule))
    ]
    assert missed == []


@pytest.mark.parametrize("role", ["other_district", "manager"])
def test_those_who_keep_figures_open_every_page(world: World, role: str) -> None:
    client = world.client(role)
    for rule in routes(world.app, "GET"):
        if rule.rule.startswith(IMPORTS):
            for address, _ in world.addresses(rule):
                page = get(client, address)
                assert (page.code, len(list(page.root.iter("h1")))) == (200, 1), address
    assert "Secret figures.csv" in get(client, "/imports").html
    shows = role == "other_district"  # only the office of the figure’s own district sees what is held
    assert ("Secret count" in get(client, "/imports/typed").html) is shows
