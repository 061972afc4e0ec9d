"""Fixtures: one empty database per test, on whichever engine BRAID_TEST_DATABASE_URL names."""

import os
import socket
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from app import create_app
from app.charts import Charts, Picture
from app.db import db, prepare
from app.lib.rendering import Renderer
from app.models import Base
from app.search import open_index
from app.search.protocol import SearchIndex
from config import Settings
from tests.people import Cast
from tests.postgres import cluster

HERE = {"127.0.0.1", "::1", "localhost"}
NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)

hypothesis.settings.register_profile("untimed", deadline=None)  # time is measured in bench/
hypothesis.settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def no_one_else() -> Iterator[None]:
    """Let no test speak to anyone but this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in HERE:
            msg = f"a test tried to reach {address}, beyond this machine"
            raise AssertionError(msg)
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, on PostgreSQL, what asks no database or starts its own: the round on SQLite has that."""
    if os.environ.get("BRAID_TEST_DATABASE_URL") != "postgresql":
        return
    asking = [item for item in items if {"engine", "database_url"} & set(getattr(item, "fixturenames", ()))]
    if len(asking) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if item not in asking])
        items[:] = asking


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    wanted = os.environ.get("BRAID_TEST_DATABASE_URL", "sqlite")
    if wanted == "postgresql":
        with cluster() as url:
            yield url
    else:
        yield f"sqlite:///{tmp_path_factory.mktemp('db')}/t.db"


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_engine(database_url)
    prepare(engine)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as session:
        yield session
    empty(engine)


def empty(engine: Engine) -> None:
    """Delete every row, events too (their guard is taken down for the moment)."""
    with engine.begin() as connection:
        names = [table.name for table in reversed(Base.metadata.sorted_tables)]
        if engine.dialect.name == "postgresql":
            connection.execute(
                text("TRUNCATE " + ", ".join(f'"{name}"' for name in names) + " RESTART IDENTITY CASCADE")
            )
            return
        guard = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'event_no_delete'")).scalar_one()
        connection.execute(text("DROP TRIGGER event_no_delete"))
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for name in names:
            connection.execute(text(f'DELETE FROM "{name}"'))
        connection.execute(text(guard))


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SearchIndex]:
    index = open_index(f"whoosh:{tmp_path}/index")
    yield index
    index.close()


@pytest.fixture
def cast(session: Session) -> Cast:
    return Cast.arrive(session, NOW)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", secret_key="x" * 32, database_url=database_url)


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    """One for all tests: its processes take half a second to start."""
    renderer = Renderer()
    yield renderer
    renderer.close()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """Compiled templates, for all tests: to compile them takes longer than most pages."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(
    settings: Settings,
    index: SearchIndex,
    cast: Cast,  # noqa: ARG001 - people are there
    renderer: Renderer,
    templates: BytecodeCache,
) -> Iterator[Flask]:
    app = create_app(settings, index=index)
    app.jinja_env.bytecode_cache = templates
    app.extensions["braid.renderer"] = renderer
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=False)
    app.extensions["braid.clock"] = lambda: NOW
    yield app  # without a context of its own: each request has one, or all would share who is signed in
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Draw no charts, which takes long and has tests of its own: note in words what would be drawn, in order."""
    asked: list[str] = []

    def one(_: Charts, picture: Picture) -> str:
        asked.append(str(picture))
        return "(a chart)"

    def several(charts: Charts, pictures: Sequence[Picture]) -> list[str]:
        return [one(charts, picture) for picture in pictures]

    monkeypatch.setattr(Charts, "picture", one)
    monkeypatch.setattr(Charts, "panels", several)
    return asked
