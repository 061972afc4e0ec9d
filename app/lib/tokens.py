"""Secrets for links and sessions: what is sent is random, what is kept is its digest."""

import hmac
import secrets
from hashlib import sha256

_BYTES = 32


def new() -> str:
    """Return a fresh random token that fits in an address."""
    return secrets.token_urlsafe(_BYTES)


def digest(token: str) -> str:
    """Return what to store instead of ``token``: its SHA-256, as 64 hexadecimal digits."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def matches(token: str, stored: str) -> bool:
    """Whether ``stored`` is the digest of ``token``; takes the same time whichever character differs."""
    return hmac.compare_digest(digest(token).encode(), stored.encode("utf-8", "surrogatepass"))
