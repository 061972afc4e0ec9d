"""What people type, read into a small tree of our own: words, "phrases", -without and field:value.

Never fails: what cannot be understood is said in a sentence, and the rest is looked for.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.search.analysis import STOP_WORDS, Token, fold, tokens
from app.search.protocol import FACETS

LONGEST_QUESTION = 2_000
MOST_WORDS = 64
MOST_QUOTED = 40
"""Words in quotation marks, of all phrases together: each is looked up with every place where it stands."""
MOST_UNWANTED = 32
MOST_FIELDS = 24
"""Values of fields, of all of them together."""

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_PARTS = re.compile(
    r'(?P<no>-(?=[^\s-]))?(?:(?P<field>[^\W\d_]{1,20}):(?!//))?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+)|(?<=:))'
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word to find. ``walk-through`` is found as ``walkthrough`` and as ``walk`` with ``through``."""

    ways: tuple[tuple[str, ...], ...]
    """Each way is exact words that must all be there; any way will do."""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that must follow each other."""

    words: tuple[str, ...]

    @property
    def telling(self) -> tuple[tuple[str, int], ...]:
        """The words that are indexed, and how far from the beginning each is; the commonest are not."""
        return tuple((word, at) for at, word in enumerate(self.words) if word not in STOP_WORDS)


def starts_of(phrase: Phrase, words: Sequence[str]) -> list[int]:
    """Return where ``phrase`` begins in ``words``."""
    wanted, count = phrase.words, len(phrase.words)
    return [at for at, word in enumerate(words) if word == wanted[0] and tuple(words[at : at + count]) == wanted]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was understood."""

    words: tuple[Word, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    without: tuple[Word | Phrase, ...] = ()
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    without_fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rest: str = ""
    """The question without its fields, for a caller that reads those itself."""
    said: tuple[str, ...] = ()
    """The words outside quotation marks in order, the commonest too; an empty one where something stood between."""
    notes: tuple[str, ...] = ()
    is_empty: bool = True
    """Nothing was typed at all, which asks for everything."""

    @property
    def has_nothing_to_find(self) -> bool:
        """Say whether something was typed and nothing of it can be looked for."""
        return not (self.is_empty or self.words or self.phrases or self.without or self.fields or self.without_fields)


def ask(typed: str) -> Asked:
    """Return what ``typed`` asks for."""
    reading = _Reading()
    question = typed.translate(_QUOTES).replace("\0", " ")
    if len(question) > LONGEST_QUESTION:
        question = question[:LONGEST_QUESTION]
        reading.note(f"Only the first {LONGEST_QUESTION:,} characters were searched for.")
    if question.count('"') % 2:
        before, after = question.rsplit('"', 1)
        question = f"{before} {after}"
        reading.note("One quotation mark has no partner, so the words after it were searched for one by one.")
    for part in _PARTS.finditer(question):
        reading.take(part)
    return reading.asked(is_empty=not typed.strip())


def plain_words(typed: str) -> list[tuple[int, int, str]]:
    """Return where single words stand in ``typed``, outside quotation marks, fields and what is not wanted."""
    found = []
    question = typed[:LONGEST_QUESTION].translate(_QUOTES)
    for part in _PARTS.finditer(question):
        if part["word"] is not None and part["field"] is None and part["no"] is None:
            at = part.start("word")
            placed = ((at + token.start, at + token.end, token.parts) for token in tokens(part["word"]))
            found += [(start, end, parts[0]) for start, end, parts in placed if len(parts) == 1 and parts[0]]
    return found


class _Reading:
    """What has been understood so far."""

    def __init__(self) -> None:
        self.counts: dict[tuple[tuple[str, ...], ...], int] = {}
        self.phrases: dict[Phrase, None] = {}
        self.without: dict[Word | Phrase, None] = {}
        self.fields: dict[str, set[str]] = {}
        self.without_fields: dict[str, set[str]] = {}
        self.rest: list[str] = []
        self.said: list[str] = []
        self.notes: dict[str, None] = {}
        self.common: dict[str, None] = {}
        self.values = 0
        self.quoted = 0

    def note(self, sentence: str) -> None:
        self.notes.setdefault(sentence)

    def take(self, part: re.Match[str]) -> None:
        name, value = part["field"], part["phrase"] if part["word"] is None else part["word"]
        if name is None:
            self.rest.append(part.group())
            self._take_text(value or "", quoted=part["phrase"] is not None, no=part["no"] is not None)
        elif fold(name) in FACETS:
            self._take_field(fold(name), (value or "").strip(), no=part["no"] is not None)
        else:
            self.rest.append(part.group())
            if value:
                self.note(f"“{name}:” is not something to search by, so its words were searched for. Try {_fields()}.")
            self._take_text(f"{name} {value or ''}", quoted=False, no=part["no"] is not None)

    def _take_field(self, name: str, value: str, *, no: bool) -> None:
        if not value:
            self.note(f"Say which {name} after “{name}:”.")
            return
        if self.values >= MOST_FIELDS:
            self.note(f"Only the first {MOST_FIELDS} names such as strand: and author: were searched by.")
            return
        self.values += 1
        (self.without_fields if no else self.fields).setdefault(name, set()).add(value)

    def _take_text(self, text: str, *, quoted: bool, no: bool) -> None:
        found = list(tokens(text))
        if quoted and found:
            self.said.append("")
            self._take_phrase(found, text, no=no)
            return
        self.said += [""] if no else [part for token in found for part in token.parts if part]
        for token in found:
            ways = _ways(token)
            if not ways:
                self.common.setdefault(text[token.start : token.end])
            elif no:
                self._leave_out(Word(ways))
            elif ways in self.counts or len(self.counts) < MOST_WORDS:
                self.counts[ways] = self.counts.get(ways, 0) + 1
            else:
                self.note(f"Only the first {MOST_WORDS} different words were searched for.")

    def _take_phrase(self, found: list[Token], text: str, *, no: bool) -> None:
        words = tuple(part for token in found for part in token.parts if part)
        if self.quoted + len(words) > MOST_QUOTED:
            words = words[: MOST_QUOTED - self.quoted]
            self.note(f"Only the first {MOST_QUOTED} words in quotation marks were searched for.")
        self.quoted += len(words)
        phrase = Phrase(words)
        if words and not phrase.telling:
            self.common.setdefault(text.strip())
        elif words and no:
            self._leave_out(phrase)
        elif words:
            self.phrases.setdefault(phrase)

    def _leave_out(self, unwanted: Word | Phrase) -> None:
        if unwanted in self.without or len(self.without) < MOST_UNWANTED:
            self.without.setdefault(unwanted)
        else:
            self.note(f"Only the first {MOST_UNWANTED} words with a minus sign were left out.")

    def asked(self, *, is_empty: bool) -> Asked:
        asked = Asked(
            words=tuple(Word(ways, times) for ways, times in self.counts.items()),
            phrases=tuple(self.phrases),
            without=tuple(self.without),
            fields={name: frozenset(values) for name, values in self.fields.items()},
            without_fields={name: frozenset(values) for name, values in self.without_fields.items()},
            rest=" ".join(self.rest),
            said=tuple(self.said),
            notes=tuple(self.notes),
            is_empty=is_empty,
        )
        if not asked.has_nothing_to_find:
            return asked
        return Asked(notes=(*asked.notes, self._nothing()), is_empty=False)

    def _nothing(self) -> str:
        if self.common:
            typed = " ".join(self.common)[:60]
            return f"“{typed}” is in almost every post. Add a word that says more."
        return "There is no word or number in that to search for."


def _ways(token: Token) -> tuple[tuple[str, ...], ...]:
    parts = tuple(part for part in token.parts if part)
    apart = parts if parts and not any(part in STOP_WORDS for part in parts) else ()
    ways = ((token.joined,) if token.joined else (), apart)
    return tuple(way for way in ways if way)


def _fields() -> str:
    return ", ".join(f"{name}:" for name in FACETS[:-1]) + f" or {FACETS[-1]}:"
