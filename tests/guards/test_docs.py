"""What an operator can set and type is written down."""

from pathlib import Path

import pytest

from app.cli import COMMANDS
from app.search import FACETS
from app.search.asking import MOST_FIELDS, MOST_QUOTED, MOST_UNWANTED
from config import Settings

ROOT = Path(__file__).parents[2]


def written() -> str:
    pages = sorted((ROOT / "docs" / "run").rglob("*.md"))
    assert pages, "docs/run is empty"
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_explained(name: str) -> None:
    assert f"BRAID_{name.upper()}" in written()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_explained(name: str) -> None:
    assert f"braid {name}" in written()


def test_no_page_speaks_of_a_setting_there_is_not() -> None:
    said = {
        word.strip("`.,:;()=\"'")
        for word in written().replace("=", " ").split()
        if word.strip("`(\"'").startswith("BRAID_")
    }
    known = {f"BRAID_{name.upper()}" for name in Settings.model_fields}
    known |= {name for name in said if name.startswith("BRAID_TEST_")}
    assert {name for name in said if name != "BRAID_" and name.rstrip("…*") == name} <= known


@pytest.mark.parametrize("name", FACETS)
def test_every_name_that_narrows_a_question_is_explained(name: str) -> None:
    assert f"`{name}:" in (ROOT / "docs" / "use" / "searching.md").read_text(encoding="utf-8")


def test_the_limits_of_a_question_are_those_that_are_told() -> None:
    told = " ".join((ROOT / "docs" / "use" / "searching.md").read_text(encoding="utf-8").split())

    assert f"{MOST_QUOTED} words in quotation marks" in told
    assert f"{MOST_UNWANTED} words with a minus sign" in told
    assert f"{MOST_FIELDS} names in fields" in told
