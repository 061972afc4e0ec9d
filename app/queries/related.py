"""Posts like another, or like what somebody is writing: what was tried before, and why it stopped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, raiseload

from app.lib import text
from app.models import Adoption, Post, Practice
from app.models.practice import PracticeState, Verdict
from app.policy import Actor
from app.queries import freshness, posts
from app.search import SearchIndex

MOST = 5
LONGEST = 6_000  # characters to compare with
REASON = 140  # characters of why something stopped


@dataclass(frozen=True, slots=True)
class Related:
    """A post like the one at hand; ``stopped`` says when and why, if it was given up."""

    post: Post
    stopped: str = ""


def of(session: Session, actor: Actor, index: SearchIndex, post: Post) -> Sequence[Related]:
    """Return earlier posts like ``post`` that ``actor`` may read, the most alike first.

    Raises:
        IndexDamaged: if the engine cannot read its index.
    """
    words = f"{post.title}\n{post.title}\n{post.body}"
    return like(session, actor, index, words, besides=post.id, before=post.created_at)


def like(  # noqa: PLR0913
    session: Session,
    actor: Actor,
    index: SearchIndex,
    words: str,
    *,
    besides: int | None = None,
    before: datetime | None = None,
) -> Sequence[Related]:
    """Return shared posts like ``words`` that ``actor`` may read, the most alike first.

    Raises:
        IndexDamaged: if the engine cannot read its index.
    """
    without = freshness.stale(session, actor) | ({f"post:{besides}"} if besides else frozenset())
    hits = index.related(words[:LONGEST], actor.audiences, without=without, limit=3 * MOST)
    found = posts.by_ids(session, actor, [int(hit.key.removeprefix("post:")) for hit in hits])
    earlier = [post for post in found if post.is_shared and (before is None or post.created_at < before)][:MOST]
    given_up = _given_up(session, [post.id for post in earlier if post.kind == "practice"])
    return [Related(post, _stopped(post, given_up.get(post.id))) for post in earlier]


def _given_up(session: Session, numbers: Sequence[int]) -> Mapping[int, Adoption]:
    """Return the last trial of each practice that a district gave up."""
    if not numbers:
        return {}
    query = (
        select(Adoption)
        .where(Adoption.post_id.in_(numbers), Adoption.verdict == Verdict.ABANDON, Adoption.removed_at.is_(None))
        .order_by(Adoption.ends_on, Adoption.id)
    )
    trials = session.scalars(query.options(joinedload(Adoption.district), raiseload("*")))
    return {trial.post_id: trial for trial in trials}


def _stopped(post: Post, trial: Adoption | None) -> str:
    if trial is not None:
        when = f" in {trial.ends_on.year}" if trial.ends_on else ""
        why = trial.happened or trial.why
        return f"{trial.district.short_name} stopped{when}{_because(why)}"
    if isinstance(post, Practice) and post.state == PracticeState.RETIRED:
        return f"Retired{_because(post.retired_reason)}"
    return ""


def _because(reason: str) -> str:
    return f": {text.shorten(reason, REASON)}" if reason.strip() else ""
