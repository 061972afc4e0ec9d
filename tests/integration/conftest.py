"""What integration tests share."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from app.models import Job
from app.search import SearchIndex
from app.services import indexing

Indexed = Callable[[], None]


@pytest.fixture
def indexed(engine: Engine, index: SearchIndex, app: Flask) -> Indexed:
    """Return what brings the index up to date, and does the jobs that promised it."""

    def bring() -> None:
        with Session(engine) as session:
            indexing.rebuild(session, index, app.extensions["braid.renderer"])
            session.execute(delete(Job).where(Job.name == "index"))
            session.commit()

    return bring
