"""`braid verify` says when the tables are not those of the latest migration, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app.cli import main
from app.cli.hints import pasteable
from app.cli.preparation import migrate
from config import load
from tests.postgres import cluster, programs


@pytest.fixture(params=["sqlite", "postgresql"])
def installed(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("BRAID_DATABASE_URL", "BRAID_SECRET_KEY", "BRAID_SEARCH_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BRAID_DATA", str(tmp_path / "here"))
    if request.param == "sqlite":
        migrate(load())
        yield
        return
    if programs() is None:
        pytest.skip("there is no PostgreSQL server here")
    with cluster() as url:
        monkeypatch.setenv("BRAID_DATABASE_URL", url)
        migrate(load())
        yield


def tell(statement: str) -> None:
    engine = create_engine(load().database_url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.mark.usefixtures("installed")
def test_what_is_not_as_the_latest_migration_makes_it_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify"]) == 0
    assert "agree" in capsys.readouterr().out

    tell("DROP INDEX ix_reading_read_at_post_id")
    tell("ALTER TABLE comment ADD COLUMN mood VARCHAR(9)")
    assert main(["verify"]) == 3
    said = capsys.readouterr().out
    assert "the index ix_reading_read_at_post_id is missing" in said
    assert "the column mood of comment is not one of Braid" in said
    assert "braid restore" in said

    tell("DROP TABLE reading")
    assert main(["verify"]) == 3
    assert "the table reading is missing" in capsys.readouterr().out

    tell("UPDATE alembic_version SET version_num = '0005'")
    assert main(["verify"]) == 3
    told = "The tables are of an older Braid. Bring them up to date with: braid prepare"
    assert capsys.readouterr().out == f"{pasteable(told)}\n"

    tell("UPDATE alembic_version SET version_num = '9999'")
    assert main(["verify"]) == 3
    assert "of a newer Braid" in capsys.readouterr().out
