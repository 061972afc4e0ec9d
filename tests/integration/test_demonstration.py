"""The demonstration partnership is written as people would have written it, each thing on its day."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.lib import passwords
from app.models import (
    Adoption,
    Comment,
    Commitment,
    Event,
    ImportBatch,
    Observation,
    Partnership,
    Person,
    Post,
    PostLink,
    Revision,
)
from app.policy import OPERATOR
from app.services import demonstration, demonstration_posts
from app.work import Work, working

LATER = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


@pytest.fixture
def shown(session: Session) -> Session:
    with working(session, OPERATOR, LATER) as work:
        demonstration_posts.load(work, demonstration.read())
    return session


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_demonstration(shown: Session) -> None:
    assert count(shown, Post) >= 28
    assert count(shown, Observation) == 1260
    assert count(shown, Comment) > 40
    assert count(shown, Adoption) > 15
    assert count(shown, PostLink) > 20
    assert {"open", "done"} <= set(shown.scalars(select(Commitment.state)))
    assert shown.scalars(select(Partnership.notice)).one().startswith("The figures are real and public.")
    _nothing_is_from_the_future(shown)
    _nothing_happens_on_the_day_it_is_loaded(shown)
    _links_lead_somewhere(shown)
    _history_is_whole(shown)
    _people_can_sign_in(shown)
    with pytest.raises(ValueError, match="already"):
        demonstration_posts.load(Work(shown, OPERATOR, LATER), demonstration.read())
    shown.rollback()


def _nothing_is_from_the_future(shown: Session) -> None:
    latest = shown.scalar(select(func.max(Event.at)))
    assert latest is not None
    assert latest <= LATER
    posts = shown.scalars(select(Post)).all()
    assert min(post.created_at.year for post in posts) < 2015
    assert all(post.shared_at is None or post.created_at <= post.shared_at <= LATER for post in posts)
    departed = shown.scalars(select(Person).where(Person.departed_at.is_not(None))).all()
    assert all(person.successor_id for person in departed)
    assert departed


def _nothing_happens_on_the_day_it_is_loaded(shown: Session) -> None:
    today = LATER.replace(hour=0)
    assert shown.execute(select(Event.action, Event.thing).where(Event.at >= today)).all() == []
    for moment in (Post.edited_at, Adoption.edited_at, Revision.saved_at, ImportBatch.imported_at):
        assert (shown.scalar(select(func.max(moment))) or today) < today


def _links_lead_somewhere(shown: Session) -> None:
    for body in [*shown.scalars(select(Post.body)), *shown.scalars(select(Comment.body))]:
        assert "](post:" not in body
        assert "](person:" not in body


def _history_is_whole(shown: Session) -> None:
    rows = shown.execute(
        select(Post.revision, func.count(Revision.id), func.max(Revision.number))
        .join(Revision, Revision.post_id == Post.id)
        .group_by(Post.id, Post.revision)
    )
    assert all(revision == copies == last for revision, copies, last in rows)


def _people_can_sign_in(shown: Session) -> None:
    told = demonstration.sign_ins(shown)
    assert len(told) >= 6
    for one in told:
        person = shown.scalars(select(Person).where(Person.email == one.email)).one()
        assert person.password_hash
    assert passwords.verify(person.password_hash, demonstration.PASSWORD)
    assert passwords.problems(demonstration.PASSWORD, email=told[0].email, name=told[0].name) is None


def test_without_it_nobody_is_shown(session: Session) -> None:
    assert demonstration.sign_ins(session) == []
