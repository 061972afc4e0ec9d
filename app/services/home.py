"""Remembering when somebody last looked at their home page."""

from datetime import timedelta

from sqlalchemy import or_, update
from sqlalchemy.exc import OperationalError

from app.models import Person
from app.work import Work

AT_MOST_EVERY = timedelta(minutes=30)


def seen(work: Work) -> None:
    """Note that the actor sees their home page now, unless that was noted within the last half hour."""
    noted = (
        update(Person)
        .where(
            Person.id == work.actor.person_id,
            or_(Person.home_seen_at.is_(None), Person.home_seen_at <= work.now - AT_MOST_EVERY),
        )
        .values(home_seen_at=work.now)
        .execution_options(synchronize_session=False)
    )
    try:
        work.session.execute(noted)
    except OperationalError:  # a long import holds the database: not worth a page that fails; the next visit notes it
        work.session.rollback()
