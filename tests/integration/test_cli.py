"""The commands, as somebody types them: what they print, what they change, how they end."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from app.cli import COMMANDS, braid, main
from app.cli.installation import in_use
from app.db import prepare
from app.lib.figure_answers import Answers
from app.models import Base, Event, Letter, Membership, Observation, Partnership, Person, Post
from app.policy import NOBODY
from app.queries import accounts as known
from app.queries import actors
from app.services import accounts, mappings
from app.work import Work
from config import ROOT, load
from tests.conftest import NOW
from tests.people import Cast

Braid = Callable[..., tuple[int, str, str]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with the cast in it, where commands work."""
    for name in [name for name in os.environ if name.startswith("BRAID_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
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


def test_what_braid_keeps_is_its_owners_alone(home: Path, typed: Braid) -> None:
    assert typed("prepare", "--empty")[0] == 0
    assert {path.name: oct(path.stat().st_mode & 0o077) for path in (home / "braid.db", home / "secret")} == {
        "braid.db": "0o0",
        "secret": "0o0",
    }


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
    assert typed("verify") == (1, "", f"There is no database yet. Make one with: BRAID_DATA={home} braid prepare\n")
    assert home.exists()


def test_what_it_says_to_type_works_when_pasted(
    home: Path, typed: Braid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    ours = tmp_path / "bin" / "braid"
    ours.write_text("#!/bin/sh\n")
    ours.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")

    assert f"with: BRAID_DATA={home} {ours} prepare\n" in typed("verify")[2], "it is not on the path"
    monkeypatch.chdir(tmp_path)
    assert f"with: BRAID_DATA={home} bin/braid prepare\n" in typed("verify")[2]
    assert "Usage: bin/braid serve" in typed("serve", "--port", "none")[2]
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:/usr/bin:/bin")
    assert f"with: BRAID_DATA={home} braid prepare\n" in typed("verify")[2]
    monkeypatch.setenv("BRAID_DATABASE_URL", f"sqlite:///{home}/another.db")
    assert "with: braid prepare\n" in typed("verify")[2], "one of the settings alone would mislead"
    monkeypatch.delenv("BRAID_DATABASE_URL")
    ours.unlink()
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert f"{tmp_path}/bin/python -m app.cli prepare\n" in typed("verify")[2]


def test_a_link_has_the_address_of_the_running_site(
    here: Cast, home: Path, typed: Braid, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = ("invite", "new@fresno.example", "--partnership", here.partnership.name, "--district", "Fresno")

    _, said, note = typed(*wanted)
    assert "http://127.0.0.1:8000/join/" in said
    assert "so the link supposes http://127.0.0.1:8000." in note
    assert "export BRAID_PUBLIC_URL=https://braid.example.org" in note
    with in_use(load(), at="http://127.0.0.1:8123"):
        _, said, note = typed(*wanted)
        assert "http://127.0.0.1:8123/join/" in said
        assert "http://127.0.0.1:8123 is where Braid runs just now" in note
    (home / "in-use").write_text("http://127.0.0.1:8123")  # as a process leaves it that was killed
    assert "http://127.0.0.1:8000/join/" in typed(*wanted)[1]
    monkeypatch.setenv("BRAID_PUBLIC_URL", "https://braid.example.org")
    with in_use(load(), at="http://127.0.0.1:8123"):
        _, said, note = typed(*wanted)
    assert "https://braid.example.org/join/" in said
    assert note == ""


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("invite", "a@b.example", "--district", "F", "--until", "tomorrow"), "such as --until 2027-06-30"),
        (("search", "talks", "--as", "ana"), "“ana” is not an e-mail address. Write one like"),
        (("restore", "nowhere"), "nowhere is not there. Type the path of a file that “braid backup” wrote"),
        (("import", "figures", "nowhere", "--as", "a@b.example"), "such as figures/graduation.csv"),
        (("import", "posts", "nowhere", "--as", "ana@fresno.example"), "Type the path of a folder of Markdown files"),
        (
            ("init", "--partnership", "N", "--manager", "a@b.example", "--password-file", "nowhere"),
            "nowhere is not there. Type the path of a file that holds the password, such as password.txt",
        ),
    ],
)
def test_what_was_mistyped_is_answered_with_what_to_type(
    here: Cast, typed: Braid, words: tuple[str, ...], answer: str
) -> None:
    code, _, said = typed(*words)

    assert here.partnership.id
    assert code in {1, 2}
    assert answer in said


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
    assert "39 indicators are defined; files of figures can be imported." in said
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


def test_reset_prints_a_link_that_works_once(here: Cast, typed: Braid) -> None:
    code, said, note = typed("reset", "Ana@fresno.example")

    assert code == 0
    assert said.startswith("A new password for Ana Example, once and until this time tomorrow: http://127.0.0.1:8000/")
    assert "so the link supposes http://127.0.0.1:8000." in note
    token = said.split()[-1].rpartition("/new-password/")[2]
    now = datetime.now(UTC)
    here.session.rollback()
    assert known.reset(here.session, token, now + timedelta(hours=23)) is not None
    assert known.reset(here.session, token, now + timedelta(hours=25)) is None
    line = here.session.scalars(select(Event).order_by(Event.id.desc())).first()
    assert line is not None
    assert (line.action, line.actor_id, line.thing) == ("person.given_reset", None, f"person:{here.ana.id}")
    assert line.partnership_id == here.partnership.id
    asked = known.reset(here.session, token, now)
    assert asked is not None
    accounts.use_reset(Work(here.session, NOBODY, now), asked, "four lamps on a quiet hill")
    assert known.reset(here.session, token, now) is None


def test_reset_says_why_not(here: Cast, typed: Braid) -> None:
    assert "“ana” is not an e-mail address" in typed("reset", "ana")[2]
    assert "Nobody has the e-mail who@fresno.example" in typed("reset", "who@fresno.example")[2]
    assert "marked as departed" in typed("reset", here.gus.email)[2]


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


HEAD = "indicator,cds,year,group,value,denominator,status,source\n"
GOOD = "four_year_graduation_rate,10621660000000,2022-23,all,82.3,4860,reported,State file\n"
FIGURES = HEAD + GOOD


def import_figures(typed: Braid, here: Cast, path: Path, content: str, *more: str) -> tuple[int, str, str]:
    path.write_text(content, encoding="utf-8")
    return typed("import", "figures", str(path), "--as", here.flo.email, *more)


def kept(here: Cast) -> list[tuple[float, int, bool]]:
    here.session.expire_all()
    query = select(Observation.value, Observation.vintage, Observation.is_latest).order_by(Observation.id)
    return [(float(value or 0), vintage, latest) for value, vintage, latest in here.session.execute(query)]


def test_import_figures_guesses_and_again_changes_nothing(here: Cast, home: Path, typed: Braid) -> None:
    path = home / "figures.csv"

    assert import_figures(typed, here, path, FIGURES)[:2] == (0, "1 new, 0 restated, 0 unchanged.\n")
    assert import_figures(typed, here, path, FIGURES)[:2] == (0, "0 new, 0 restated, 1 unchanged.\n")
    changed = import_figures(typed, here, path, FIGURES.replace("82.3", "82.7"))
    assert changed[:2] == (0, "0 new, 1 restated, 0 unchanged.\n")
    assert kept(here) == [(82.3, 1, False), (82.7, 2, True)]


def test_import_figures_by_a_mapping(here: Cast, home: Path, typed: Braid) -> None:
    path = home / "local.csv"
    content = "LEA;Year;Rate\n10-62166;2022-23;82.3\n"
    code, _, said = import_figures(typed, here, path, content)
    assert (code, "does not know this kind of file" in said, "LEA, Year, Rate" in said) == (1, True, True)
    code, _, said = import_figures(typed, here, path, content, "--mapping", "Ours")
    assert (code, "There is no mapping called “Ours”. There are: api-base," in " ".join(said.split())) == (1, True)

    answers = Answers({"LEA": "code", "Year": "year", "Rate": "value"}, "Our count", indicator=here.graduation.code)
    mappings.save(here.work(here.flo), answers.mapping("Ours"))
    here.session.commit()

    assert import_figures(typed, here, path, content, "--mapping", "Ours")[:2] == (
        0, "1 new, 0 restated, 0 unchanged.\n",
    )  # fmt: skip
    assert import_figures(typed, here, path, FIGURES, "--mapping", "figures")[:2] == (
        0, "1 new, 0 restated, 0 unchanged.\n",
    )  # fmt: skip
    code, _, said = import_figures(typed, here, path, content, "--mapping", "caaspp")
    assert (code, "There is no column" in said) == (1, True)


def test_import_figures_names_each_wrong_row_and_loads_nothing(here: Cast, home: Path, typed: Braid) -> None:
    wrong = GOOD.replace("82.3", "182.3").replace("2022-23", "2021-22")

    code, _, said = import_figures(typed, here, home / "figures.csv", FIGURES + wrong)

    assert code == 1
    assert "Row 3, value: 182.3 percent is over 100." in said
    assert "Nothing was loaded: 1 row is wrong." in " ".join(said.split())
    assert kept(here) == []


def test_import_figures_refuses_single_students(here: Cast, home: Path, typed: Braid) -> None:
    code, _, said = import_figures(typed, here, home / "names.txt", "SSID,Score\n4000000017,812\n")

    assert (code, "looks like one row per student" in " ".join(said.split())) == (1, True)
