"""What setting up decides before it does anything."""

import argparse
import subprocess
import sys
from pathlib import Path

import pytest

import bootstrap

ROOT = Path(bootstrap.__file__).parent


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with two lock files and an environment that has nothing installed."""
    (tmp_path / "requirements.lock").write_text("flask==3.1.3 \\\n    --hash=sha256:ab\n")
    (tmp_path / "requirements-dev.lock").write_text("flask==3.1.3 \\\n    --hash=sha256:ab\npytest==9.0.0\n")
    (tmp_path / ".venv").mkdir()
    return tmp_path


def finish(packages: bootstrap.Packages) -> None:
    """Leave the stamps that an installation leaves."""
    for stamp, digest in packages.stamps.items():
        stamp.write_text(digest)


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (4, 0)])
def test_a_python_that_is_new_enough_is_no_problem(version: tuple[int, int]) -> None:
    assert bootstrap.python_problem(version) is None


def test_an_older_python_is_named_with_what_to_type() -> None:
    problem = bootstrap.python_problem((3, 9))

    assert problem is not None
    assert "this is 3.9" in problem
    assert "sudo apt install" in problem


def test_a_hash_knows_contents_and_names_but_not_the_order(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("ab")
    two.write_text("c")
    before = bootstrap.digest_of([one, two], tmp_path)
    assert bootstrap.digest_of([two, one], tmp_path) == before

    one.write_text("a")
    two.write_text("bc")  # the same bytes, divided differently
    moved = bootstrap.digest_of([one, two], tmp_path)
    two.rename(tmp_path / "three")
    renamed = bootstrap.digest_of([one, tmp_path / "three"], tmp_path)

    assert len({before, moved, renamed}) == 3


def test_a_stamp_is_stale_until_it_says_the_same(tmp_path: Path) -> None:
    stamp = tmp_path / "stamp"
    assert bootstrap.is_stale(stamp, "abc")

    stamp.write_text("abc\n")

    assert not bootstrap.is_stale(stamp, "abc")
    assert bootstrap.is_stale(stamp, "abd")


def test_packages_are_installed_once_for_each_lock(tree: Path) -> None:
    to_run = bootstrap.packages_to_run(tree, tree / ".venv")
    assert to_run.are_stale

    finish(to_run)

    assert not bootstrap.packages_to_run(tree, tree / ".venv").are_stale
    assert bootstrap.packages_to_test(tree, tree / ".venv").are_stale


def test_what_the_tests_need_is_enough_to_run(tree: Path) -> None:
    finish(bootstrap.packages_to_test(tree, tree / ".venv"))

    assert not bootstrap.packages_to_run(tree, tree / ".venv").are_stale


def test_a_changed_lock_makes_both_stale(tree: Path) -> None:
    finish(bootstrap.packages_to_test(tree, tree / ".venv"))

    (tree / "requirements.lock").write_text("flask==3.1.4\n")

    assert bootstrap.packages_to_run(tree, tree / ".venv").are_stale
    assert bootstrap.packages_to_test(tree, tree / ".venv").are_stale


def test_every_package_of_the_lock_is_counted_once(tree: Path) -> None:
    assert bootstrap.pins(tree / "requirements-dev.lock") == ["flask==3.1.3", "pytest==9.0.0"]


def test_our_lock_for_tests_holds_every_pin_of_the_one_for_running() -> None:
    to_run, to_test = (set(bootstrap.pins(ROOT / name)) for name in ("requirements.lock", "requirements-dev.lock"))

    assert len(to_run) > 20
    assert to_run <= to_test


def test_only_our_own_files_make_the_front_end_stale(tmp_path: Path) -> None:
    for name in ("src/app.ts", "node_modules/htmx/htmx.js"):
        file = tmp_path / name
        file.parent.mkdir(parents=True)
        file.touch()

    assert bootstrap.frontend_sources(tmp_path) == [tmp_path / "src/app.ts"]


def test_a_copied_environment_is_recognised(tmp_path: Path) -> None:
    venv = tmp_path / ".venv"
    venv.mkdir()
    (venv / "pyvenv.cfg").write_text(f"home = /usr/bin\ncommand = /usr/bin/python3 -m venv {venv}\n")
    assert not bootstrap.is_moved(venv)

    copied = venv.rename(tmp_path / "elsewhere")

    assert bootstrap.is_moved(copied)


def test_a_failure_is_told_without_the_chatter() -> None:
    log = "Collecting flask==9\n\nWARNING: Retrying (Retry(total=4))\nERROR: No match for flask==9\n"

    assert bootstrap.last_words(log) == "ERROR: No match for flask==9"


def test_a_port_is_a_number_a_machine_has() -> None:
    assert bootstrap.port("8000") == 8000
    for typed in ("http", "0", "65536", "-1", "٣"):
        with pytest.raises(argparse.ArgumentTypeError, match="such as 8000"):
            bootstrap.port(typed)


def test_run_says_what_it_was_asked_for() -> None:
    wanted = bootstrap.run_options(["--port", "8080", "--empty"])

    assert (wanted.host, wanted.port, wanted.workers) == (None, 8080, None)
    assert (wanted.empty, wanted.prepare) == (True, False)


def test_the_command_starts_from_anywhere_even_in_a_folder_with_a_space(tmp_path: Path) -> None:
    root = tmp_path / "our braid"
    (root / "app").mkdir(parents=True)
    (root / "app" / "__init__.py").touch()
    (root / "app" / "cli.py").write_text("import sys\ndef main():\n    print(sys.argv[1:])\n    return 3\n")
    python = root / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    command = root / "braid"
    command.write_text(bootstrap.LAUNCHER.format(python=python, root=str(root)))
    command.chmod(0o755)

    words = [str(command), "search", "number talks"]
    said = subprocess.run(words, cwd="/", capture_output=True, text=True, check=False)

    assert (said.returncode, said.stdout, said.stderr) == (3, "['search', 'number talks']\n", "")


def test_a_command_that_fails_is_told_in_its_own_last_words(capfd: pytest.CaptureFixture[str]) -> None:
    fails = [sys.executable, "-c", "print('Collecting x'); raise SystemExit('no space left')"]

    with pytest.raises(bootstrap.SetupError, match=r"^no space left$"):
        bootstrap.follow(fails, "Installing packages")

    assert capfd.readouterr().out == "Installing packages …\n"


def test_braid_works_where_there_is_no_front_end_to_build(tmp_path: Path) -> None:
    bootstrap.build_frontend(tmp_path / "frontend", tmp_path / "dist")

    assert list(tmp_path.iterdir()) == []
