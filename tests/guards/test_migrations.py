"""The migrations make exactly what the models say, on both databases, there and back, with rows in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, func, inspect, select
from sqlalchemy.orm import Session

from app import create_app
from app.db import db
from app.models import Base, Event, Post
from config import Settings
from tests.conftest import NOW
from tests.people import Cast
from tests.postgres import cluster, programs

ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/m.db"
        return
    if programs() is None:
        pytest.skip("there is no PostgreSQL server here")
    with cluster() as url:
        yield url


@pytest.fixture
def alembic(address: str, tmp_path: Path) -> Iterator[tuple[Config, Engine]]:
    app = create_app(Settings(data=tmp_path / "data", secret_key="x" * 32, database_url=address))
    with app.app_context():
        config = app.extensions["migrate"].migrate.get_config()
        yield config, db.engine
        db.engine.dispose()
    app.extensions["braid.renderer"].close()


def test_up_down_and_up_with_rows_in_it(alembic: tuple[Config, Engine]) -> None:
    config, engine = alembic
    command.upgrade(config, "head")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, Base.metadata) == []
    with Session(engine) as session:
        cast = Cast.arrive(session, NOW)
        cast.practice(by=cast.ana, shared="partnership")
        cast.note(by=cast.ana, decisions=[{"id": None, "text": "Keep it"}])
        with pytest.raises(Exception, match="append-only"):
            session.query(Event).delete()
        session.rollback()
    command.downgrade(config, "-1")
    command.upgrade(config, "head")
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Post)) == 2
    command.downgrade(config, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    command.upgrade(config, "head")
    with Session(engine) as session:
        cast = Cast.arrive(session, NOW)
        assert cast.practice(by=cast.ana).id == 1


def test_no_migration_imports_the_application() -> None:
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "from app" not in text, path.name
        assert "import app" not in text, path.name
