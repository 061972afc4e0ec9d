"""Words that mean the same: the sets that Braid brings, and what a question makes of sets."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path

import yaml

SHIPPED = Path(__file__).parents[1] / "vocabulary" / "english.yaml"
MOST_WORDS = 12  # of one set
LONGEST = 60  # characters of one word or phrase

_QUOTED = re.compile('["“”„][^"“”„]*["“”„]')

Words = tuple[str, ...]


@cache
def shipped() -> Mapping[str, Words]:
    """Return the sets that Braid brings, by key, in the order of the file."""
    entries = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    return {entry["key"]: tuple(entry["words"]) for entry in entries}


@lru_cache(maxsize=32)
def alternatives(sets: tuple[Words, ...]) -> Mapping[str, Words]:
    """Return every word or phrase in lower case, with the others that mean the same."""
    found: dict[str, dict[str, None]] = {}
    for words in sets:
        for word in words:
            found.setdefault(plain(word), {}).update(dict.fromkeys(w for w in words if plain(w) != plain(word)))
    return {word: tuple(others) for word, others in found.items() if others}


def plain(words: str) -> str:
    """Return ``words`` as they are compared: lower case, one space between two."""
    return " ".join(words.lower().split())


def parse(lines: str) -> list[str]:
    """Return the words of a set as somebody typed them: one a line, or between commas; nothing twice.

    Raises:
        ValueError: if there are fewer than two, too many, or one is too long; the message is for people.
    """
    typed = [" ".join(part.split()) for part in re.split(r"[\n,;]", lines)]
    words = list({plain(word): word for word in reversed(typed) if word}.values())[::-1]
    if len(words) < 2:  # noqa: PLR2004
        msg = "Write at least two words or phrases that mean the same, one on each line."
        raise ValueError(msg)
    if len(words) > MOST_WORDS:
        msg = f"Keep it to {MOST_WORDS} words or phrases: more make results worse. Leave out the rarest."
        raise ValueError(msg)
    too_long = next((word for word in words if len(word) > LONGEST), None)
    if too_long is not None:
        msg = f"“{too_long[:30]}…” is longer than {LONGEST} characters. Shorten it to the words people search for."
        raise ValueError(msg)
    silent = next((word for word in words if not any(char.isalnum() for char in word)), None)
    if silent is not None:
        msg = f"“{silent}” has no letter or number in it, so nobody could search for it. Leave it out."
        raise ValueError(msg)
    return words


def used(question: str, known: Mapping[str, Words]) -> Sequence[str]:
    """Return the words and phrases of ``question`` that have alternatives, the longest first, outside quotes."""
    said = plain(_QUOTED.sub(" | ", question))
    found: list[str] = []
    for word in sorted(known, key=lambda one: -len(one)):
        if word in said and re.search(rf"(?<![\w:-]){re.escape(word)}(?![\w-])", said):
            found.append(word)
            said = said.replace(word, "|")
    return found


def exactly(question: str, words: Iterable[str]) -> str:
    """Return ``question`` with ``words`` in quotation marks, so that only they are looked for."""
    for word in words:
        pattern = r"\s+".join(re.escape(part) for part in word.split())
        question = re.sub(
            rf'(?<![\w:"-])({pattern})(?![\w"-])(?=(?:[^"]*"[^"]*")*[^"]*$)', r'"\1"', question, flags=re.IGNORECASE
        )
    return question
