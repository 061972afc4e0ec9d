"""Templates show what queries loaded; they never reach for more."""

import re
from pathlib import Path

import pytest
from sqlalchemy import inspect

from app.models import Base
from tests.guards.world import World, routes
from tests.pages import get

TEMPLATES = Path(__file__).parents[2] / "templates"
READ_WITH_ITS_POST = {"Post.shared_with"}  # the labels: asked of every post, in one statement for all


def test_no_relationship_loads_itself() -> None:
    """Then the walk of every page below is the proof: what a query forgot is an error, not a slow page."""
    lazy = {
        f"{mapper.class_.__name__}.{relation.key}"
        for mapper in Base.registry.mappers
        for relation in inspect(mapper.class_).relationships
        if relation.lazy not in {"raise", "raise_on_sql", "noload", "write_only"} and relation.parent is mapper
    }
    assert lazy <= READ_WITH_ITS_POST


def test_every_page_has_what_it_shows(world: World) -> None:
    client = world.client("manager")
    walked = 0
    for rule in routes(world.app, "GET"):
        for address, _ in world.addresses(rule):
            assert get(client, address).code < 500, address
            walked += 1
    assert walked > 50


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_trusts_what_people_wrote(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    trusted = re.findall(r"\{\{[^}]*\|\s*safe[^}]*\}\}", text)
    ours = ("html", "svg", "chart", "{{ '", '{{ "')  # made by us, or written here
    assert [one for one in trusted if not any(sign in one for sign in ours)] == []
    assert "{% autoescape false" not in text
    assert not re.search(r"\son[a-z]+=|\sstyle=|<style|javascript:", text)
