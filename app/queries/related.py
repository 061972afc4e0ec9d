"""Posts like another, or like what somebody is writing: what was tried before, and why it stopped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case, select
from sqlalchemy.orm import Session

from app.lib import text
from app.models import Adoption, District, Post
from app.models.practice import PracticeState, Verdict
from app.policy import Actor
from app.queries import freshness, hits
from app.queries.hits import Hit
from app.search import SearchIndex

MOST = 5
LONGEST = 6_000  # characters to compare with
REASON = 140  # characters of why something stopped


@dataclass(frozen=True, slots=True)
class Related:
    """A post like the one at hand; ``stopped`` says when and why, if it was given up."""

    post: Hit
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
    like_it = index.related(words[:LONGEST], actor.audiences, without=without, limit=3 * MOST)
    found = hits.by_ids(session, actor, [int(hit.key.removeprefix("post:")) for hit in like_it])
    earlier = [post for post in found if post.shared_at and (before is None or post.created_at < before)][:MOST]
    given_up = _given_up(session, [post.id for post in earlier if post.kind == "practice"])
    return [Related(post, _stopped(post, given_up.get(post.id))) for post in earlier]


@dataclass(frozen=True, slots=True)
class _Trial:
    """The end of a trial that a district gave up."""

    district: str
    ends_on: date | None
    why: str


def _given_up(session: Session, numbers: Sequence[int]) -> Mapping[int, _Trial]:
    """Return the last trial of each practice that a district gave up."""
    if not numbers:
        return {}
    return {number: _Trial(*told) for number, *told in session.execute(_trials(), {"numbers": list(numbers)})}


@cache
def _trials() -> Select[*tuple[Any, ...]]:
    why = case((Adoption.happened != "", Adoption.happened), else_=Adoption.why)
    return (
        select(Adoption.post_id, District.short_name, Adoption.ends_on, why)
        .join(District, District.id == Adoption.district_id)
        .where(
            Adoption.post_id.in_(bindparam("numbers", expanding=True)),
            Adoption.verdict == Verdict.ABANDON,
            Adoption.removed_at.is_(None),
        )
        .order_by(Adoption.ends_on, Adoption.id)
    )


def _stopped(post: Hit, trial: _Trial | None) -> str:
    if trial is not None:
        when = f" in {trial.ends_on.year}" if trial.ends_on else ""
        return f"{trial.district} stopped{when}{_because(trial.why)}"
    return f"Retired{_because(post.retired_reason)}" if post.state == PracticeState.RETIRED else ""


def _because(reason: str) -> str:
    return f": {text.shorten(reason, REASON)}" if reason.strip() else ""
