"""Getting in and staying in: signing in slowly enough for strangers, sessions as rows, passwords."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update

from app.lib import passwords, tokens
from app.models import Membership, PasswordReset, Person, SignIn, SignInFailure
from app.policy import Actor
from app.services import letters
from app.work import Work

ACCOUNT_TRIES, ADDRESS_TRIES = 5, 20  # a whole district office may share one address
MEMORY = timedelta(hours=1)  # how long a failure counts
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=15)
KEPT = timedelta(days=30)  # a browser not seen for so long has to sign in again
RESET_ENDS = timedelta(hours=1)
RESETS_AN_HOUR = 3
GIVEN_ENDS = timedelta(days=1)  # of a link that is handed over by a person
SEEN_EVERY = timedelta(minutes=10)
NOT_YOURS = "That is not your password now. Try again, or sign out and ask for a new one."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser that is signed in now. Only it knows the token; we keep the digest."""

    token: str
    sign_in: SignIn


def admit(work: Work, email: str, address: str) -> timedelta:
    """Count a try to sign in before it is judged; return how long to wait, which is nothing when it may go on.

    The count is written first, under the writer's lock, so that tries at the same moment see each other; the
    caller commits before it judges the password. ``sign_in`` takes the count back when the password is right.
    """
    account = _account(email)
    if work.session.get_bind().dialect.name == "postgresql":
        for name in sorted({account, address}):
            work.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(name))))
    this = SignInFailure(account=account, address=address, at=work.now)
    work.session.add(this)
    work.session.flush()
    by_account = _wait(work, this, SignInFailure.account == account, ACCOUNT_TRIES)
    by_address = _wait(work, this, SignInFailure.address == address, ADDRESS_TRIES)
    wait = max(by_account, by_address)
    if wait:
        work.session.delete(this)
    return wait


def sign_in(work: Work, email: str, password: str, *, browser: str = "") -> SignedIn | None:
    """Begin a session for whoever has this e-mail and password, or return None.

    Whether the account is missing, departed or has another password, the work done is the same.
    """
    person = work.session.scalar(select(Person).where(Person.email == email.strip().lower()))
    stored = person.password_hash if person is not None and person.departed_at is None else None
    fits = len(password) <= passwords.LONGEST
    if not passwords.verify(stored if fits else None, password[: passwords.LONGEST]) or person is None or not stored:
        return None
    if passwords.needs_rehash(stored):
        person.password_hash = passwords.hash(password)
    _forget_failures(work, person.email)
    return begin(work, person, browser=browser)


def begin(work: Work, person: Person, *, partnership_id: int | None = None, browser: str = "") -> SignedIn:
    """Begin a session for ``person``, whoever they have just shown to be; every session has a token of its own."""
    token = tokens.new()
    row = SignIn(
        token_digest=tokens.digest(token),
        person_id=person.id,
        partnership_id=partnership_id or _last_partnership(work, person),
        browser=browser[:200],
        started_at=work.now,
        seen_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    _as(work, person.id).record("person.signed_in", _thing(person.id), partnership_id=row.partnership_id)
    return SignedIn(token, row)


def is_stale(row: SignIn, now: datetime) -> bool:
    """Whether it is time to note again that a browser was seen."""
    return now - row.seen_at >= SEEN_EVERY


def seen(work: Work, digest: str) -> None:
    """Note that a browser was just seen, at most every ten minutes; end the session of one not seen for a month."""
    row = work.session.scalar(select(SignIn).where(SignIn.token_digest == digest, SignIn.ended_at.is_(None)))
    if row is None or not is_stale(row, work.now):
        return
    if work.now - row.seen_at > KEPT:
        row.ended_at = work.now
    else:
        row.seen_at = work.now


def choose(work: Work, row: SignIn, partnership_id: int) -> bool:
    """Look at another partnership from this browser; say whether the actor is in it."""
    if work.actor.part(partnership_id) is None:
        return False
    row.partnership_id = partnership_id
    return True


def sign_out(work: Work, row: SignIn) -> None:
    """End one session."""
    if row.ended_at is None:
        row.ended_at = work.now
        work.record("person.signed_out", _thing(row.person_id), partnership_id=row.partnership_id)


def sign_out_everywhere(work: Work, person_id: int, *, but: SignIn | None = None) -> int:
    """End every session of a person, except the one given; return how many there were."""
    ended = _end_sessions(work, person_id, but)
    work.record(
        "person.signed_out_everywhere", _thing(person_id), partnership_id=work.actor.partnership_id, ended=ended
    )
    return ended


def change_password(work: Work, person: Person, old: str, new: str, *, but: SignIn) -> str | None:
    """Change the password of somebody signed in and end their other sessions; return what is wrong, if anything."""
    if not passwords.verify(person.password_hash, old[: passwords.LONGEST]):
        return NOT_YOURS
    wrong = passwords.problems(new, email=person.email, name=person.name)
    if wrong is None:
        _set(work, person, new)
        _end_sessions(work, person.id, but)
        _forget_failures(work, person.email)
    return wrong


def set_password(work: Work, person: Person, password: str) -> None:
    """Give ``person`` a password, and end whatever sessions the old one began.

    Raises:
        ValueError: if it is too short or too easy to guess; the message is for people.
    """
    wrong = passwords.problems(password, email=person.email, name=person.name)
    if wrong:
        raise ValueError(wrong)
    _set(work, person, password)
    _end_sessions(work, person.id, None)


def ask_reset(work: Work, email: str) -> None:
    """Promise a letter with a link to a new password, if anyone has that e-mail.

    Whether somebody has it is found out by the job, so the answer takes as long in both cases.
    """
    work.promise("reset", f"account:{_account(email)}")


def send_resets(work: Work, keys: Sequence[str], at: str) -> None:
    """Write the letters that ``ask_reset`` promised: the handler of the job ``reset``.

    Args:
        work: of the worker.
        keys: digests of e-mail addresses, most of which may be nobody's.
        at: the address of this installation, for the link.
    """
    wanted = {key.removeprefix("account:") for key in keys}
    emails = work.session.execute(select(Person.id, Person.email).where(Person.departed_at.is_(None)))
    for person_id in [person_id for person_id, email in emails if _account(email) in wanted]:
        _send_reset(work, work.session.get_one(Person, person_id), at)


def open_reset(work: Work, person: Person, at: str) -> str:
    """Return a link to a new password for ``person``, which whoever runs Braid gives them. It works once, for a day.

    Raises:
        ValueError: if they have left; the message is for people.
    """
    if person.departed_at is not None:
        msg = f"{person.name} is marked as departed and cannot sign in. A manager can bring them back first."
        raise ValueError(msg)
    token = _new_reset(work, person, GIVEN_ENDS)
    work.record("person.given_reset", _thing(person.id), partnership_id=_last_partnership(work, person))
    return f"{at}/new-password/{token}"


def use_reset(work: Work, asked: PasswordReset, password: str) -> None:
    """Choose a new password through a link, which then works no more; every session ends.

    Raises:
        ValueError: if the password will not do, or the link was used a moment ago; the message is for people.
    """
    wrong = passwords.problems(password, email=asked.person.email, name=asked.person.name)
    if wrong:
        raise ValueError(wrong)
    used = work.session.execute(
        update(PasswordReset)
        .where(PasswordReset.person_id == asked.person_id, PasswordReset.used_at.is_(None))
        .values(used_at=work.now)
        .execution_options(synchronize_session=False)
    )
    if not used.rowcount:  # type: ignore[attr-defined]
        msg = "This link was used already. Ask for a new one."
        raise ValueError(msg)
    _set(work, asked.person, password)
    _end_sessions(work, asked.person_id, None)
    _forget_failures(work, asked.person.email)


def tidy(work: Work) -> None:
    """Forget failures that no longer count and links that ended; safe to run at any time."""
    work.session.execute(delete(SignInFailure).where(SignInFailure.at < work.now - MEMORY))
    work.session.execute(delete(PasswordReset).where(PasswordReset.expires_at < work.now - KEPT))


def end_sessions(work: Work, person_id: int) -> int:
    """End every session of a person who may not come in any more."""
    return _end_sessions(work, person_id, None)


def _wait(work: Work, this: SignInFailure, same: ColumnElement[bool], tries: int) -> timedelta:
    """Return how long from now a try has to wait, given the failures before it."""
    count, latest = work.session.execute(
        select(func.count(), func.max(SignInFailure.at)).where(
            same, SignInFailure.id != this.id, SignInFailure.at > work.now - MEMORY
        )
    ).one()
    if count < tries:
        return timedelta(0)
    wait = min(FIRST_WAIT * 2 ** min(count - tries, 10), LONGEST_WAIT)
    left: timedelta = latest + wait - work.now
    return max(left, timedelta(0))


def _forget_failures(work: Work, email: str) -> None:
    work.session.execute(delete(SignInFailure).where(SignInFailure.account == _account(email)))


def _send_reset(work: Work, person: Person, at: str) -> None:
    lately = select(func.count()).where(
        PasswordReset.person_id == person.id, PasswordReset.created_at > work.now - RESET_ENDS
    )
    if (work.session.scalar(lately) or 0) >= RESETS_AN_HOUR:
        return
    token = _new_reset(work, person, RESET_ENDS)
    _as(work, person.id).record("person.asked_reset", _thing(person.id), partnership_id=_last_partnership(work, person))
    letters.write(
        work,
        person.email,
        "Choose a new password for Braid",
        f"Hello {person.name},\n\n"
        "somebody asked for a new password for your account on Braid. If that was you, choose one here:\n\n"
        f"{at}/new-password/{token}\n\n"
        "The link works once, for an hour. If it was not you, do nothing: your password stays as it is.\n",
    )


def _new_reset(work: Work, person: Person, ends: timedelta) -> str:
    token = tokens.new()
    work.session.add(
        PasswordReset(
            token_digest=tokens.digest(token),
            person_id=person.id,
            created_at=work.now,
            expires_at=work.now + ends,
        )
    )
    return token


def _last_partnership(work: Work, person: Person) -> int | None:
    """Return the partnership that somebody looked at last, or else their first."""
    today = work.now.date()
    memberships = work.session.scalars(
        select(Membership).where(Membership.person_id == person.id).order_by(Membership.starts_on, Membership.id)
    )
    mine = [membership.partnership_id for membership in memberships if membership.is_current(today)]
    last = work.session.scalar(
        select(SignIn.partnership_id).where(SignIn.person_id == person.id).order_by(SignIn.id.desc()).limit(1)
    )
    return last if last in mine else next(iter(mine), None)


def _set(work: Work, person: Person, password: str) -> None:
    person.password_hash = passwords.hash(password)
    doer = work if work.actor.is_operator else _as(work, person.id)
    doer.record("person.chose_password", _thing(person.id), partnership_id=_last_partnership(work, person))


def _as(work: Work, person_id: int) -> Work:
    """Return the same work done by somebody who has just shown who they are."""
    return replace(work, actor=Actor(person_id))


def _end_sessions(work: Work, person_id: int, but: SignIn | None) -> int:
    query = update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    if but is not None:
        query = query.where(SignIn.id != but.id)
    done = work.session.execute(query.values(ended_at=work.now).execution_options(synchronize_session="fetch"))
    return int(done.rowcount)  # type: ignore[attr-defined]


def _account(email: str) -> str:
    return tokens.digest(email.strip().lower())


def _thing(person_id: int) -> str:
    return f"person:{person_id}"
