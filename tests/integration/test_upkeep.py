"""Once a day the trash is emptied and what nobody needs is forgotten."""

from datetime import timedelta

from sqlalchemy import func, select

from app.models import Event, Job, Post, Revision, SignIn, WorkingCopy
from app.policy import NOBODY
from app.services import posts, upkeep
from app.work import Work
from tests.people import Cast


def later(cast: Cast, days: int) -> Work:
    return Work(cast.session, NOBODY, cast.now + timedelta(days=days))


def test_the_trash_keeps_ninety_days(cast: Cast) -> None:
    post, kept = cast.practice(by=cast.ana, title="Gone"), cast.practice(by=cast.ana, title="Kept")
    number = post.id
    posts.trash(cast.work(cast.ana), post)
    cast.session.commit()

    assert upkeep.empty_trash(later(cast, 89)) == 0
    assert upkeep.empty_trash(later(cast, 91)) == 1
    cast.session.commit()
    cast.session.expire_all()

    assert cast.session.scalars(select(Post.title)).all() == [kept.title]
    assert cast.session.scalars(select(Revision.post_id)).all() == [kept.id]
    erased = cast.session.scalars(select(Event).where(Event.action == "post.erased")).one()
    assert (erased.thing, erased.detail) == (f"post:{number}", {"title": "Gone"})
    assert f"post:{number}" in cast.session.scalars(select(Job.key).where(Job.name == "index")).all()


def test_what_nobody_needs_is_forgotten(cast: Cast) -> None:
    cast.session.add_all(
        [
            WorkingCopy(
                person_id=cast.ana.id, key="a", kind="practice", partnership_id=cast.partnership.id,
                fields=[], saved_at=cast.now,
            ),
            SignIn(token_digest="x" * 64, person_id=cast.ana.id, started_at=cast.now, seen_at=cast.now),
        ]
    )  # fmt: skip
    cast.session.commit()

    upkeep.forget(later(cast, 29))
    assert cast.session.scalar(select(func.count()).select_from(SignIn)) == 1
    upkeep.nightly(later(cast, 91))
    cast.session.commit()

    assert cast.session.scalar(select(func.count()).select_from(SignIn)) == 0
    assert cast.session.scalar(select(func.count()).select_from(WorkingCopy)) == 0
    assert cast.session.scalars(select(Job.name).where(Job.key == "nightly")).all() == ["upkeep"]
