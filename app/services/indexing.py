"""Keeping the search index in step with the database, which is the truth."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, raiseload, selectinload, undefer

from app import contents
from app.kinds import MEETING_KINDS
from app.lib.markdown_safety import text_of
from app.lib.rendering import Renderer
from app.lib.school_year import SchoolYear
from app.models import (
    Adoption,
    Attendee,
    Comment,
    Commitment,
    MeetingNote,
    Post,
    Practice,
    PracticeContact,
    StrandPlan,
)
from app.search import IndexDamaged, SearchDocument, SearchIndex
from app.services import jobs
from app.work import Work

log = logging.getLogger(__name__)

BATCH = 200  # documents a commit while everything is indexed again
EPOCH = date(1970, 1, 1)

WHOLE = (
    undefer(Post.html),
    joinedload(Post.author),
    selectinload(Post.shared_with),
    selectinload(Post.tagged),
    selectinload(Post.indicator_links),
    selectinload(Practice.serves),
    selectinload(Practice.asked).joinedload(PracticeContact.person),
    selectinload(Practice.adoptions).joinedload(Adoption.district),
    selectinload(MeetingNote.attendees).joinedload(Attendee.person),
    selectinload(MeetingNote.decisions),
    selectinload(MeetingNote.commitments).joinedload(Commitment.owner),
    selectinload(MeetingNote.questions),
    selectinload(StrandPlan.drivers),
    selectinload(StrandPlan.actions),
    selectinload(StrandPlan.measures),
    raiseload("*"),
)


def update(work: Work, keys: Sequence[str], index: SearchIndex, renderer: Renderer) -> None:
    """Make the index say what the database says of ``keys`` (``post:812``) now. Safe to run twice.

    A damaged index is built again from the beginning.
    """
    found = {f"post:{post.id}": post for post in _posts(work.session, [_number(key) for key in keys])}
    said = _comments(work.session, [post.id for post in found.values()])
    puts = [document(post, said.get(post.id, ()), renderer) for post in found.values()]
    try:
        index.apply(puts, [key for key in keys if key not in found])
    except IndexDamaged as error:
        log.warning("index.damaged rebuilding=yes cause=%s", type(error.__cause__).__name__)
        rebuild(work.session, index, renderer)


def reconcile(work: Work, index: SearchIndex, renderer: Renderer) -> int:
    """Queue every difference between the database and the index; return how many there were."""
    try:
        wrong = differences(work.session, index)
    except IndexDamaged as error:
        log.warning("index.damaged rebuilding=yes cause=%s", type(error.__cause__).__name__)
        rebuild(work.session, index, renderer)
        wrong = differences(work.session, index)
    for key in wrong:
        work.promise("index", key)
    if wrong:
        log.warning("index.differs count=%d first=%s", len(wrong), wrong[0])
    return len(wrong)


def differences(session: Session, index: SearchIndex) -> list[str]:
    """Return the keys of posts that the index lacks, has in another version, or should not have."""
    held = index.versions()
    wanted = versions(session)
    return sorted(key for key in wanted.keys() | held.keys() if wanted.get(key) != held.get(key))


def versions(session: Session) -> dict[str, int]:
    """Return the version of every post that should be in the index, by key."""
    rows = session.execute(select(Post.id, Post.version).where(Post.trashed_at.is_(None)))
    return {f"post:{number}": version for number, version in rows}


def rebuild(
    session: Session, index: SearchIndex, renderer: Renderer, on_progress: Callable[[int], None] | None = None
) -> int:
    """Build a new index beside the one in use, let it take its place, and return how many posts it holds.

    What changed meanwhile waits in job rows; ``reconcile`` finds what does not.
    """
    with index.rebuilding() as fresh:
        count = 0
        for posts in _all(session):
            said = _comments(session, [post.id for post in posts])
            fresh.apply([document(post, said.get(post.id, ()), renderer) for post in posts])
            count += len(posts)
            if on_progress is not None:
                on_progress(count)
    return count


def total(session: Session) -> int:
    """Return how many posts the index should hold."""
    return session.scalar(select(func.count()).select_from(Post).where(Post.trashed_at.is_(None))) or 0


def document(post: Post, comments: Iterable[Comment], renderer: Renderer) -> SearchDocument:
    """Return ``post`` as the search engine should see it. Everything in ``WHOLE`` must be loaded."""
    said = [_plain(comment, renderer) for comment in comments if not comment.is_removed]
    texts = [_plain(post, renderer), *contents.words(contents.read(post), post), *_around(post), *post.tags, *said]
    return SearchDocument(
        key=f"post:{post.id}",
        version=post.version,
        title=post.title,
        text="\n\n".join(filter(None, texts)),
        audiences=frozenset(post.audiences),
        facets={name: frozenset(values) for name, values in _facets(post).items() if values},
        day=(_day(post) - EPOCH).days,
    )


def night_after(moment: datetime) -> datetime:
    """Return the next time nobody works: eleven in the evening in California, seven in the morning in UTC."""
    morning = datetime(moment.year, moment.month, moment.day, 7, tzinfo=UTC)
    return morning if morning > moment else morning + timedelta(days=1)


def nightly(work: Work, index: SearchIndex, renderer: Renderer) -> None:
    """Reconcile, and promise to do so again next night."""
    reconcile(work, index, renderer)
    jobs.schedule(work, "reconcile", "nightly", night_after(work.now))


def _around(post: Post) -> Iterator[str]:
    """Yield the words of what hangs on a post without being part of its form: names, trials, school years."""
    yield post.author.name
    match post:
        case Practice():
            for adoption in post.adoptions:
                yield from (adoption.district.name, adoption.verdict or "", adoption.scale)
                yield from (adoption.adapted, adoption.why, adoption.happened)
            yield from (contact.person.name for contact in post.asked)
        case MeetingNote():
            yield MEETING_KINDS.get(post.meeting_kind, "")
            yield from (attendee.person.name for attendee in post.attendees if attendee.person)
            yield from (promise.owner.name for promise in post.commitments if promise.owner)
        case _:
            pass
    yield str(SchoolYear(post.school_year))


def _plain(said: Post | Comment, renderer: Renderer) -> str:
    """Return the words of a text without markup. What is not rendered yet is, within the time limit of all texts."""
    return text_of(said.html) if said.html is not None else renderer.render(said.body).text


def _facets(post: Post) -> dict[str, set[str]]:
    districts, verdicts, states = {post.district_id}, set(), set()
    if isinstance(post, Practice):
        districts |= {adoption.district_id for adoption in post.adoptions}
        verdicts = {adoption.verdict for adoption in post.adoptions if adoption.verdict}
        states = {str(post.state)}
    if isinstance(post, MeetingNote):
        districts |= {attendee.district_id for attendee in post.attendees}
    return {
        "kind": {post.kind},
        "strand": {str(post.strand_id)} if post.strand_id else set(),
        "district": {str(number) for number in districts},
        "year": {str(post.school_year)},
        "author": {str(post.author_id)},
        "tag": set(post.tags),
        "indicator": {str(link.indicator_id) for link in post.indicator_links},
        "verdict": {str(verdict) for verdict in verdicts},
        "state": states,
    }


def _day(post: Post) -> date:
    return post.met_on if isinstance(post, MeetingNote) else post.created_at.date()


def _posts(session: Session, numbers: Sequence[int]) -> Sequence[Post]:
    query = select(Post).where(Post.id.in_(numbers), Post.trashed_at.is_(None)).order_by(Post.id)
    return session.scalars(query.options(*WHOLE).execution_options(populate_existing=True)).all()


def _all(session: Session) -> Iterator[Sequence[Post]]:
    """Yield every post that should be in the index, a batch at a time, by number."""
    last = 0
    while True:
        query = select(Post).where(Post.id > last, Post.trashed_at.is_(None)).order_by(Post.id).limit(BATCH)
        posts = session.scalars(query.options(*WHOLE)).all()
        if not posts:
            return
        last = posts[-1].id
        yield posts
        session.expunge_all()


def _comments(session: Session, numbers: Sequence[int]) -> dict[int, list[Comment]]:
    query = select(Comment).where(Comment.post_id.in_(numbers), Comment.removed_at.is_(None)).order_by(Comment.id)
    said: dict[int, list[Comment]] = {}
    for comment in session.scalars(query.options(raiseload("*"))):
        said.setdefault(comment.post_id, []).append(comment)
    return said


def _number(key: str) -> int:
    return int(key.partition(":")[2])
