"""What Braid counts on of its databases."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.db import db


def test_postgresql_keeps_what_it_planned_when_a_page_only_read(app: Flask) -> None:
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            pytest.skip("SQLite plans in its own process")
        with db.engine.connect() as connection:
            for _ in range(3):
                connection.execute(text("SELECT 41 + 1"))
                connection.rollback()
            with pytest.raises(DBAPIError):
                connection.execute(text("SELECT 1 / 0"))
            connection.rollback()

            kept = connection.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
            assert "SELECT 41 + 1" in kept
            assert connection.scalar(text("SELECT 41 + 1")) == 42
