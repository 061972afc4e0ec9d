"""What has to be done once a day: emptying the trash, and forgetting what nobody needs any more."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, delete, or_, select

from app.models import InboxItem, Invitation, Post, Reading, SavedSearch, SignIn, UnfoundSearch, WorkingCopy
from app.services import accounts, jobs
from app.services.indexing import night_after
from app.work import Work

TRASH = timedelta(days=90)
COPIES = timedelta(days=90)
SIGN_INS = timedelta(days=30)  # as long as the cookie lasts
LINKS = timedelta(days=90)
READINGS = timedelta(days=365)
SEARCHES = timedelta(days=180)  # what was looked for in vain, and what was seen in an inbox

_POST: Table = Post.metadata.tables["post"]


def nightly(work: Work) -> None:
    """Do all of it, and promise to do so again next night. Safe to run twice."""
    empty_trash(work)
    forget(work)
    jobs.schedule(work, "upkeep", "nightly", night_after(work.now))


def empty_trash(work: Work) -> int:
    """Erase posts that have been in the trash for ninety days; return how many. The audit log keeps their titles."""
    old = work.session.execute(
        select(_POST.c.id, _POST.c.title, _POST.c.partnership_id).where(_POST.c.trashed_at < work.now - TRASH)
    ).all()
    for row in old:
        work.session.execute(delete(_POST).where(_POST.c.id == row.id))
        work.record("post.erased", f"post:{row.id}", partnership_id=row.partnership_id, title=row.title)
    return len(old)


def forget(work: Work) -> None:
    """Delete working copies nobody came back to, sign-ins that ended, old failures, and links that no longer work."""
    accounts.tidy(work)
    for table, is_old in _old(work.now):
        work.session.execute(delete(table).where(is_old), execution_options={"synchronize_session": False})


def _old(now: datetime) -> Sequence[tuple[type, ColumnElement[bool]]]:
    return (
        (WorkingCopy, WorkingCopy.saved_at < now - COPIES),
        (SignIn, or_(SignIn.ended_at < now - SIGN_INS, SignIn.seen_at < now - SIGN_INS)),
        (Invitation, Invitation.expires_at < now - LINKS),
        (UnfoundSearch, UnfoundSearch.searched_at < now - SEARCHES),
        (InboxItem, InboxItem.read_at < now - SEARCHES),
        (SavedSearch, SavedSearch.removed_at < now - LINKS),
        (Reading, Reading.read_at < now - READINGS),
    )
