"""What Braid counts on of its databases."""

import pytest
from flask import Flask
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.db import db
from app.models import Mark
from app.services.patience import try_briefly


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


def test_a_page_after_the_database_was_started_anew_finds_it(app: Flask) -> None:
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            pytest.skip("SQLite is in our own process")
        with db.engine.connect() as connection:
            number = connection.scalar(text("SELECT pg_backend_pid()"))
        elsewhere = create_engine(db.engine.url)
        with elsewhere.connect() as other:
            assert other.scalar(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
        elsewhere.dispose()

        with db.engine.connect() as connection:
            assert connection.scalar(text("SELECT pg_backend_pid()")) != number


def test_the_columns_of_an_answer_are_those_of_its_own_statement(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        for _ in range(2):
            assert connection.execute(text("SELECT 1 AS one, 2 AS two")).mappings().one() == {"one": 1, "two": 2}
            assert connection.execute(text("SELECT 2 AS two")).mappings().one() == {"two": 2}
            assert not connection.execute(text("UPDATE mark SET value = value WHERE name = 'nothing'")).returns_rows


def test_what_another_request_has_just_written_is_not_written_again(session: Session) -> None:
    values = {"name": "twice", "value": "first"}
    try_briefly(session, insert(Mark), values)
    session.commit()
    try_briefly(session, insert(Mark), values | {"value": "second"})
    session.commit()

    assert session.scalars(select(Mark.value).where(Mark.name == "twice")).all() == ["first"]
