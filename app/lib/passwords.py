"""Keeping and checking passwords."""

import re
import unicodedata
from functools import cache
from string import ascii_lowercase

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn.frequency_lists import FREQUENCY_LISTS

SHORTEST, LONGEST = 12, 200
_TELLING = 4  # a shorter part of a name, such as "Ana", is in too many good passwords
_MIXED_UP = str.maketrans("@431!05$7", "aaeiiosst")
_COMMON: frozenset[str] = frozenset(word for words in FREQUENCY_LISTS.values() for word in words)
_RUNS = tuple(
    row * 3 for run in ("1234567890", "qwertyuiopasdfghjklzxcvbnm", ascii_lowercase) for row in (run, run[::-1])
)
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_NAME_PARTS = re.compile(r"[^\W\d_]+")

_hasher = PasswordHasher()


def hash(password: str) -> str:  # noqa: A001 - read as passwords.hash
    """Return what to store: an Argon2id hash with its salt and settings."""
    return _hasher.hash(_same(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one behind ``stored``.

    With nothing stored it does the same work against a hash nobody has the password of, so that the time taken
    does not tell whether an account exists.
    """
    try:
        _hasher.verify(stored or _nobodys(), _same(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether ``stored`` was made with older settings and should be made again at the next sign-in."""
    return _hasher.check_needs_rehash(stored)


def problems(password: str, *, email: str, name: str) -> str | None:
    """Return a sentence that says what is wrong with a new password, or nothing when it is good.

    Only length and being easy to guess count; no rules about capitals, digits or signs.
    """
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters. A few words that mean something to you are easy to remember."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    plain = password.casefold()
    if _is_common(plain):
        return (
            "This is one of the first passwords anyone would try. Choose a few words that only you would put together."
        )
    told = _telling_part(plain, email=email, name=name)
    if told:
        return f"Leave “{told}” out: people who know you would try it first. Choose a few other words."
    return None


@cache
def _nobodys() -> str:
    """Return a hash with today's settings that stands in for an account that does not exist."""
    return _hasher.hash("nobody has this password")


def _same(password: str) -> str:
    """Return ``password`` in one spelling of its accents, however the keyboard composed them."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace").decode()


def _is_common(plain: str) -> bool:
    """Whether it is a common password, perhaps with signs for letters, digits around it, or said twice."""
    letters = plain.translate(_MIXED_UP)
    candidates = {plain, letters, _repeated(plain), _core(plain), _core(letters)}
    return any(plain in run for run in _RUNS) or len(set(plain)) < _TELLING or not candidates.isdisjoint(_COMMON)


def _core(plain: str) -> str:
    """Return ``plain`` without the digits and signs around it, if that is most of it."""
    core = _AROUND.sub("", plain)
    return core if 2 * len(core) >= len(plain) else plain


def _repeated(plain: str) -> str:
    """Return the shortest part that ``plain`` is made of by saying it again and again."""
    return plain[: (plain + plain).find(plain, 1)]


def _telling_part(plain: str, *, email: str, name: str) -> str | None:
    """Return the part of the person's e-mail or name that the password contains."""
    mailbox = email.casefold().partition("@")[0]
    parts = [mailbox, *_NAME_PARTS.findall(mailbox), *_NAME_PARTS.findall(name.casefold())]
    return next((part for part in parts if len(part) >= _TELLING and part in plain), None)
