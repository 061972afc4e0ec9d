"""The commands, as somebody types them: what they print, what they change, how they end."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from app.cli import COMMANDS, braid, main
from app.db import prepare
from app.models import Base, Letter, Membership, Partnership, Person, Post
from app.queries import actors
from config import ROOT
from tests.conftest import NOW
from tests.people import Cast

Braid = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with the cast in it, where commands work."""
    for name in [name for name in os.environ if name.startswith("BRAID_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BRAID_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def here(home: Path) -> Iterator[Cast]:
    engine = create_engine(f"sqlite:///{home}/braid.db")
    prepare(engine)
    Base.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as session:
        yield Cast.arrive(session, NOW)
    engine.dispose()


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Braid:
    def run(*words: str) -> tuple[int, str, str]:
        code = main(words)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name: str) -> None:
    said = CliRunner().invoke(braid, [name, "--help"]).output

    if name == "import":
        said += CliRunner().invoke(braid, [name, "posts", "--help"]).output
        assert "figures" in said
    assert "For example: " in said
    assert f"braid {name}" in " ".join(said.split()) or "$(braid secret)" in said


def test_what_is_not_understood_ends_with_2(typed: Braid) -> None:
    assert typed("serve", "--port", "none")[0] == 2
    assert typed("sing")[0] == 2


def test_a_setting_that_makes_no_sense_is_named(home: Path, typed: Braid, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRAID_SECRET_KEY", "short")

    code, _, said = typed("verify")

    assert code == 1
    assert "braid secret" in said
    assert home.exists()


def test_without_a_database_it_says_what_to_type(home: Path, typed: Braid) -> None:
    assert typed("verify") == (1, "", "There is no database yet. Make one with: braid prepare\n")
    assert home.exists()


def test_secret_makes_a_long_one_each_time(typed: Braid) -> None:
    first, second = typed("secret")[1].strip(), typed("secret")[1].strip()

    assert len(first) >= 32
    assert first != second


def test_init_makes_a_partnership_with_a_manager(home: Path, typed: Braid) -> None:
    (home / "password").write_text("four lamps on a quiet hill\n", encoding="utf-8")

    code, said, _ = typed(
        "init", "--partnership", "North and South", "--manager", "Dee@north.example", "--name", "Dee Stone",
        "--password-file", str(home / "password"), "--district", "Fresno Unified:10621660000000",
    )  # fmt: skip

    assert code == 0
    assert "North and South is ready" in said
    engine = create_engine(f"sqlite:///{home}/braid.db")
    with Session(engine) as session:
        person = session.scalars(select(Person)).one()
        assert (person.email, person.name) == ("dee@north.example", "Dee Stone")
        assert session.scalars(select(Membership.role)).all() == ["manager"]
        assert actors.of(session, person, datetime.now(UTC).date()).manages(
            session.scalars(select(Partnership.id)).one()
        )
    engine.dispose()
    file = str(home / "password")
    again = typed("init", "--partnership", "North and South", "--manager", "x@north.example", "--password-file", file)
    assert again[0] == 1
    assert "North and South" in again[2]


def test_invite_prints_the_link_and_promises_the_letter(here: Cast, typed: Braid) -> None:
    code, said, _ = typed(
        "invite", "New@fresno.example", "--partnership", "Fresno–Long Beach", "--district", "fresno",
        "--role", "strand_lead", "--strand", "Mathematics",
    )  # fmt: skip

    assert code == 0
    link = said.split()[-1]
    assert link.startswith("http://127.0.0.1:8000/join/")
    letter = here.session.scalars(select(Letter)).one()
    assert letter.recipient == "new@fresno.example"
    assert link in letter.text


def test_invite_asks_which_partnership_when_there_are_several(here: Cast, typed: Braid) -> None:
    code, _, said = typed("invite", "new@fresno.example", "--district", "Fresno")

    assert code == 1
    assert f"“{here.partnership.name}”" in said
    assert "--partnership" in said


def test_search_shows_only_what_that_person_may_read(here: Cast, typed: Braid) -> None:
    here.practice(by=here.ana, title="Number talks", shared="partnership")
    here.practice(by=here.ana, title="Number talks, my notes")
    assert typed("work", "--until-idle")[0] == 0

    code, said, _ = typed("search", "number", "talks", "--as", here.ben.email, "--json")

    found = json.loads(said)
    number = here.session.scalars(select(Post.id).where(Post.title == "Number talks")).one()
    assert code == 0
    assert found == {
        "total": 1,
        "hits": [
            {"key": str(number), "kind": "practice", "title": "Number talks", "url": f"/posts/{number}-number-talks"}
        ],
    }
    assert json.loads(typed("search", "talks", "--as", here.ana.email, "--json")[1])["total"] == 2
    assert json.loads(typed("search", "talks", "--as", here.eve.email, "--json")[1])["total"] == 0


def test_search_as_nobody_says_what_to_type(here: Cast, typed: Braid) -> None:
    code, _, said = typed("search", "talks", "--as", "who@fresno.example")

    assert here.partnership.id
    assert code == 1
    assert "braid invite who@fresno.example" in said


def test_reindex_makes_a_lost_index_again(here: Cast, home: Path, typed: Braid) -> None:
    here.practice(by=here.ana, title="Number talks", shared="partnership")
    typed("work", "--until-idle")
    for file in sorted((home / "index").rglob("*"), reverse=True):
        file.rmdir() if file.is_dir() else file.unlink()

    assert typed("reindex")[:2] == (0, "Indexed 1 post.\n")

    assert json.loads(typed("search", "talks", "--as", here.ben.email, "--json")[1])["total"] == 1


def test_import_figures_needs_a_data_office(here: Cast, home: Path, typed: Braid) -> None:
    (home / "figures.csv").write_text("indicator,cds\n", encoding="utf-8")

    code, _, said = typed("import", "figures", str(home / "figures.csv"), "--as", here.ana.email)

    assert code == 1
    assert "data office" in said


def test_a_port_in_use_is_a_sentence(here: Cast, typed: Braid) -> None:
    assert here.partnership.id
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        code, _, said = typed("serve", "--port", str(port))

    assert code == 1
    assert f"--port {port + 1}" in said


def test_the_command_starts_from_any_folder(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from app.cli import main; sys.exit(main(['secret']))"],
        cwd=home, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, len(done.stdout.strip()) >= 32, done.stderr) == (0, True, "")
