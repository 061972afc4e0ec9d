"""The rule in Python, its SQL twin and the search filter must always agree."""

from datetime import UTC, date, datetime
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from app.lib import labels
from app.models import Membership, Post, PostAudience
from app.policy import NOBODY, Action, Actor, can, may_restore, readable, restorable
from app.queries import actors
from app.search import open_index
from app.search.protocol import SearchDocument, SearchQuery
from tests.people import Cast

LABELS = (labels.PUBLIC, "partnership:1", "partnership:11", "district:1:1", "district:1:11", "strand:1", "strand:11")
some = st.frozensets(st.sampled_from((*LABELS, "person:1", "person:11")))


def found_by(shared: frozenset[str], held: frozenset[str]) -> bool:
    """Say whether a search finds a post shared with some labels, for a reader who holds others."""
    with TemporaryDirectory() as folder:  # fresh each time: Hypothesis seeds what whoosh names its files by
        index = open_index(f"whoosh:{folder}")
        facets: dict[str, frozenset[str]] = {"kind": frozenset({"practice"})}
        index.apply([SearchDocument("post:1", 1, "Talk", "talk", shared, facets, 20_000)])
        found = index.search(SearchQuery("talk", held)).total == 1
        index.close()
    return found


@settings(max_examples=40, derandomize=True, suppress_health_check=list(HealthCheck))
@given(shared=some, held=some, is_trashed=st.booleans(), leads=st.booleans(), is_mine=st.booleans())
def test_python_sql_and_search_agree(  # noqa: PLR0917
    session: Session,
    cast: Cast,
    shared: frozenset[str],
    held: frozenset[str],
    is_trashed: bool,  # noqa: FBT001
    leads: bool,  # noqa: FBT001
    is_mine: bool,  # noqa: FBT001
) -> None:
    post = session.scalar(select(Post)) or cast.practice(by=cast.ana)
    session.execute(delete(PostAudience).where(PostAudience.post_id == post.id))
    if shared:
        session.execute(insert(PostAudience), [{"post_id": post.id, "label": label} for label in shared])
    post.trashed_at = datetime(2026, 11, 1, tzinfo=UTC) if is_trashed else None
    post.author_id = (cast.ana if is_mine else cast.ben).id
    session.flush()
    session.expire(post)
    whole = cast.actor(cast.ana)
    actor = Actor(
        cast.ana.id, held, whole.parts, frozenset({cast.learners.id}) if leads else frozenset(), whole.teams, 1
    )

    by_rule = can(actor, Action.READ, post)
    by_sql = session.scalar(select(Post.id).where(readable(actor), Post.id == post.id)) is not None
    assert by_rule == by_sql
    assert found_by(shared, held) == (by_rule or (is_trashed and not shared.isdisjoint(held)))
    from_trash = session.scalar(select(Post.id).where(restorable(actor), Post.id == post.id)) is not None
    assert from_trash == may_restore(actor, post)
    for action in Action:
        assert not can(actor, action, post) or by_rule  # whoever may do anything to it may read it


@pytest.mark.parametrize("role", ["manager", "strand_lead", "member", "observer"])
@pytest.mark.parametrize("days", [(-10, None), (-10, 10), (-10, -1), (1, 10)])
def test_a_membership_counts_on_its_days_alone(
    session: Session, cast: Cast, role: str, days: tuple[int, int | None]
) -> None:
    today = date(2026, 11, 20).toordinal()
    membership = session.scalars(select(Membership).where(Membership.person_id == cast.flo.id)).one()
    membership.role = role
    membership.starts_on = date.fromordinal(today + days[0])
    membership.ends_on = None if days[1] is None else date.fromordinal(today + days[1])
    session.flush()
    actor = actors.of(session, cast.flo, date.fromordinal(today))
    counts = days[0] <= 0 and (days[1] is None or days[1] >= 0)
    assert (labels.partnership(cast.partnership.id) in actor.audiences) == counts
    assert actor.manages(cast.partnership.id) == (counts and role == "manager")
    assert actor.writes(cast.partnership.id) == (counts and role != "observer")
    assert bool({f"strand:{cast.maths.id}", f"strand:{cast.learners.id}"} & actor.audiences) == (
        counts and role in {"manager", "observer"}
    )


def test_nobody_reads_only_what_is_public(session: Session, cast: Cast) -> None:
    cast.practice(by=cast.ana, title="Ours", shared="partnership")
    public = cast.practice(by=cast.ana, title="Everyone’s", shared="public")
    assert can(NOBODY, Action.READ, public)
    assert session.scalars(select(Post.id).where(readable(NOBODY))).all() == [public.id]
    assert not any(can(NOBODY, action, public) for action in Action if action is not Action.READ)
    assert session.scalars(select(Post.id).where(restorable(NOBODY))).all() == []


def test_someone_departed_holds_what_nobody_holds(cast: Cast) -> None:
    assert cast.actor(cast.gus) == NOBODY
