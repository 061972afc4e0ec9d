"""What `./test` decides before it starts pytest."""

from tests import start


def test_tests_use_the_cores_unless_asked_otherwise() -> None:
    assert start.processes(2, ["-k", "search"]) == ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    assert start.processes(64, [])[1] == str(start.MOST_PROCESSES)
    assert start.processes(1, []) == []
    assert start.processes(2, ["-n0"]) == []
    assert start.processes(2, ["--pdb"]) == []


def test_the_whole_suite_also_runs_on_postgresql_where_it_is() -> None:
    plain = {"PATH": "/usr/bin"}
    on_both = start.rounds(plain, [], has_postgres=True)
    assert [round_.get("BRAID_TEST_DATABASE_URL") for round_, _ in on_both] == ["postgresql", None]

    assert start.rounds(plain, [], has_postgres=False) == [(plain, [])]
    assert start.rounds(plain, ["-k", "search"], has_postgres=True) == [(plain, ["-k", "search"])]
    chosen = {"BRAID_TEST_DATABASE_URL": "postgresql"}
    assert start.rounds(chosen, [], has_postgres=True) == [(chosen, [])]


def test_a_missing_program_comes_with_its_package() -> None:
    assert start.found("Chromium", None, "the browser tests run", "chromium").endswith("sudo apt install chromium")
    assert "/usr/bin/chromium" in start.found("Chromium", "/usr/bin/chromium", "the browser tests run", "chromium")
