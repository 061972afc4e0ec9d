"""Remembering when somebody last looked at their home page in a partnership."""

from datetime import timedelta

from sqlalchemy import or_, update

from app.models import Membership
from app.services.patience import try_briefly
from app.work import Work

AT_MOST_EVERY = timedelta(minutes=30)


def seen(work: Work) -> None:
    """Note that the actor sees the home page of their partnership now, unless that was noted in the last half hour."""
    noted = (
        update(Membership)
        .where(
            Membership.person_id == work.actor.person_id,
            Membership.partnership_id == work.actor.partnership_id,
            or_(Membership.home_seen_at.is_(None), Membership.home_seen_at <= work.now - AT_MOST_EVERY),
        )
        .values(home_seen_at=work.now)
    )
    try_briefly(work.session, noted)  # if it cannot be noted now, the next visit notes it
