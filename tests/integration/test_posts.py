"""Writing posts: drafts, sharing, merging, history, trash."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import contents
from app.models import Event, Job, PostLink, Revision
from app.policy import Action, Denied, Sharing, can
from app.queries import actors
from app.queries import posts as found
from app.services import posts
from app.work import Work
from tests.people import Cast


def whole(cast: Cast, person: str, post_id: int) -> tuple[Work, Any]:
    work = cast.work(getattr(cast, person))
    cast.session.expire_all()
    post = found.one(cast.session, work.actor, post_id)
    assert post is not None
    return work, post


def test_a_draft_is_its_authors_alone(session: Session, cast: Cast) -> None:
    post = cast.practice(by=cast.ana)
    assert found.one(session, cast.actor(cast.ana), post.id)
    for other in (cast.ben, cast.cy, cast.dee, cast.eve, cast.flo, cast.gus):
        assert found.one(session, cast.actor(other), post.id) is None


@pytest.mark.parametrize(
    ("sharing", "readers"),
    [
        (Sharing.DISTRICT, {"ana", "cy", "dee"}),
        (Sharing.STRAND, {"ana", "ben", "cy", "dee"}),
        (Sharing.PARTNERSHIP, {"ana", "ben", "cy", "dee", "flo"}),
        (Sharing.PUBLIC, {"ana", "ben", "cy", "dee", "eve", "flo", "gus"}),
    ],
)
def test_sharing_says_exactly_who_reads(session: Session, cast: Cast, sharing: Sharing, readers: set[str]) -> None:
    post = cast.practice(by=cast.ana, shared=sharing)
    names = ("ana", "ben", "cy", "dee", "eve", "flo", "gus")
    assert {name for name in names if found.one(session, cast.actor(getattr(cast, name)), post.id)} == readers
    assert {name for name in names if can(cast.actor(getattr(cast, name)), Action.READ, post)} == readers


def test_two_people_who_change_different_things_are_merged(session: Session, cast: Cast) -> None:
    note = cast.note(by=cast.ana, shared="strand", body="First line.\n\nLast line.")
    work, post = whole(cast, "ana", note.id)
    started = contents.read(post)
    posts.save(work, post, started | {"body": "First line, by Ana.\n\nLast line."}, base=1)
    session.commit()

    work, post = whole(cast, "ben", note.id)
    saved = posts.save(
        work, post, started | {"body": "First line.\n\nLast line, by Ben.", "agenda": "Reclassification"}, base=1
    )
    session.commit()

    assert (saved.merged, saved.conflicts) == (True, ())
    _, post = whole(cast, "ana", note.id)
    assert (post.body, post.agenda) == ("First line, by Ana.\n\nLast line, by Ben.", "Reclassification")
    assert session.scalars(select(Revision.number).where(Revision.post_id == note.id)).all() == [1, 2, 3]


def test_the_same_words_changed_twice_are_a_conflict_and_nothing_is_saved(session: Session, cast: Cast) -> None:
    note = cast.note(by=cast.ana, shared="strand", body="We meet on Monday.")
    work, post = whole(cast, "ana", note.id)
    started = contents.read(post)
    posts.save(work, post, started | {"body": "We meet on Tuesday."}, base=1)
    session.commit()

    work, post = whole(cast, "ben", note.id)
    saved = posts.save(work, post, started | {"body": "We meet on Friday."}, base=1)

    assert saved.conflicts == ("body",)
    assert saved.theirs is not None
    assert saved.theirs["body"] == "We meet on Tuesday."
    _, post = whole(cast, "ana", note.id)
    assert post.body == "We meet on Tuesday."


def test_saving_without_a_change_leaves_no_trace(session: Session, cast: Cast) -> None:
    note = cast.note(by=cast.ana, commitments=[{"id": None, "text": "Send the checklist", "owner_id": cast.ana.id}])
    before = session.scalars(select(Event.action)).all()
    work, post = whole(cast, "ana", note.id)
    posts.save(work, post, contents.read(post), base=1)
    session.commit()
    assert post.revision == 1
    assert session.scalars(select(Event.action)).all() == before


def test_rows_keep_their_identity(session: Session, cast: Cast) -> None:
    note = cast.note(by=cast.ana, decisions=[{"id": None, "text": "One"}, {"id": None, "text": "Two"}])
    first, second = (decision.id for decision in note.decisions)
    work, post = whole(cast, "ana", note.id)
    content = contents.read(post)
    content["decisions"] = [content["decisions"][1] | {"text": "Two, better"}, {"id": None, "text": "Three"}]
    posts.save(work, post, content, base=1)
    session.commit()

    _, post = whole(cast, "ana", note.id)
    assert [(decision.text, decision.id == second) for decision in post.decisions] == [
        ("Two, better", True),
        ("Three", False),
    ]
    assert first not in {decision.id for decision in post.decisions}


def test_restoring_brings_back_the_words_and_the_rows(session: Session, cast: Cast) -> None:
    note = cast.note(by=cast.ana, body="Before.", decisions=[{"id": None, "text": "Keep it"}])
    work, post = whole(cast, "ana", note.id)
    posts.save(work, post, contents.read(post) | {"body": "After.", "decisions": []}, base=1)
    session.commit()
    work, post = whole(cast, "ana", note.id)
    posts.restore(work, post, 1)
    session.commit()

    _, post = whole(cast, "ana", note.id)
    assert (post.body, [d.text for d in post.decisions], post.revision) == ("Before.", ["Keep it"], 3)


def test_links_are_read_from_the_text(session: Session, cast: Cast) -> None:
    target = cast.practice(by=cast.ben, shared="partnership")
    source = cast.practice(
        by=cast.ana, body=f"See [number talks](/posts/{target.id}-number-talks).", shared="partnership"
    )
    assert session.scalars(select(PostLink.to_post_id).where(PostLink.post_id == source.id)).all() == [target.id]
    assert [post.id for post in found.backlinks(session, cast.actor(cast.ben), target.id)] == [source.id]


def test_backlinks_say_nothing_of_what_one_may_not_read(session: Session, cast: Cast) -> None:
    target = cast.practice(by=cast.ben, shared="partnership")
    cast.practice(by=cast.ana, body=f"See [it](/posts/{target.id}).", shared="district")
    assert not found.backlinks(session, cast.actor(cast.ben), target.id)


def test_the_trash_hides_and_gives_back(session: Session, cast: Cast) -> None:
    post = cast.practice(by=cast.ana, shared="partnership")
    work, whole_post = whole(cast, "ana", post.id)
    posts.trash(work, whole_post)
    session.commit()
    for person in (cast.ana, cast.ben, cast.dee):
        assert found.one(session, cast.actor(person), post.id) is None
    assert not found.in_trash(session, cast.actor(cast.flo))
    work = cast.work(cast.dee)
    trashed = found.trashed(session, work.actor, post.id)
    assert trashed is not None
    posts.untrash(work, trashed)
    session.commit()
    assert found.one(session, cast.actor(cast.ben), post.id)


def test_an_observer_changes_nothing(cast: Cast) -> None:
    note = cast.note(by=cast.ana, shared="partnership")
    work, post = whole(cast, "cy", note.id)
    for act in (
        lambda: posts.save(work, post, contents.read(post) | {"title": "Mine"}, base=1),
        lambda: posts.share(work, post, Sharing.PUBLIC),
        lambda: posts.trash(work, post),
        lambda: posts.restore(work, post, 1),
    ):
        with pytest.raises(Denied):
            act()


def test_a_membership_that_ended_gives_nothing(session: Session, cast: Cast) -> None:
    post = cast.practice(by=cast.ana, shared="partnership")
    membership = cast.actor(cast.cy)
    assert found.one(session, membership, post.id)

    later = actors.of(session, cast.cy, (cast.now + timedelta(days=400)).date())
    assert found.one(session, later, post.id) is None


def test_a_form_sent_twice_saves_once(cast: Cast) -> None:
    work = cast.work(cast.ana)
    kind = posts.kind_called("practice")
    content = posts.new_content(kind) | {"title": "Once"}
    place = cast.partnership.id
    one = posts.create(work, kind, content, partnership_id=place, draft_key="k1")
    two = posts.create(work, kind, content, partnership_id=place, draft_key="k1")
    assert one.id == two.id


def test_every_change_promises_what_must_follow(session: Session, cast: Cast) -> None:
    post = cast.practice(by=cast.ana)
    names = set(session.scalars(select(Job.name).where(Job.key == f"post:{post.id}")))
    assert {"index", "render"} <= names


def test_events_cannot_be_changed_or_deleted(session: Session, cast: Cast) -> None:
    cast.practice(by=cast.ana)
    event = session.scalars(select(Event)).first()
    assert event is not None
    event.action = "nothing.happened"
    with pytest.raises(Exception, match="append-only"):
        session.flush()
    session.rollback()
