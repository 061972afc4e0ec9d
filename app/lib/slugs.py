"""The readable tail of an address: /posts/812-number-talks."""

import re
import unicodedata

_LONGEST = 60
_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")
_ACCENTS = re.compile(r"[\u0300-\u036f]")
_APOSTROPHES = re.compile(r"['’]")


def slug(title: str) -> str:
    """Return the words of ``title`` in plain ASCII, at most 60 characters, cut between words; may be empty."""
    spelled = title.casefold().replace("ø", "o").replace("æ", "ae").replace("ł", "l")
    letters = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", spelled))
    words = _BETWEEN_WORDS.sub("-", _ACCENTS.sub("", letters).lower()).strip("-")
    if len(words) <= _LONGEST:
        return words
    kept = words[: _LONGEST + 1].rpartition("-")[0]
    return kept or words[:_LONGEST]
