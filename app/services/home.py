"""Remembering when somebody last looked at their home page."""

from datetime import timedelta

from sqlalchemy import or_, update

from app.models import Person
from app.services.patience import try_briefly
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
    )
    try_briefly(work.session, noted)  # if it cannot be noted now, the next visit notes it
