"""What changed between two versions of a text, in words, for people to read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

Kind = Literal["same", "added", "removed", "folded"]

_MOST_LINES = 4000  # in the part that differs; more are shown as one block gone and one block come
_MOST_WORDS = 1500  # in one place; more are compared by lines
_ALIKE = 0.3  # below this share of common words a sentence was written anew, and mixing both is unreadable
_WORD = re.compile(r"\s+|[\w’'-]+|[^\w\s]")
_KEPT = 80  # characters that stay in sight on each side of a fold
_WORTH_FOLDING = 400


@dataclass(frozen=True)
class Stretch:
    """Text that is the same, was added or was removed; or "folded", the same and out of sight."""

    kind: Kind
    text: str


def compare(before: str, after: str) -> tuple[Stretch, ...]:
    """Return ``after`` with what was removed from ``before`` and added to it, in reading order.

    What is the same and what was removed, put together, is ``before``; with what was added, ``after``.
    """
    return tuple(_joined(_by_lines(_lines(before), _lines(after))))


def paragraphs(stretches: Sequence[Stretch]) -> tuple[tuple[Stretch, ...], ...]:
    """Return the stretches of each paragraph; empty lines between paragraphs are left out."""
    found: list[list[Stretch]] = [[]]
    for stretch in stretches:
        for place, part in enumerate(re.split(r"\n\s*\n", stretch.text)):
            if place:
                found.append([])
            if part.strip("\n"):
                found[-1].append(Stretch(stretch.kind, part.strip("\n") if place else part))
    return tuple(tuple(parts) for parts in found if any(part.text.strip() for part in parts))


def fold(stretches: Sequence[Stretch], *, kept: int = _KEPT) -> tuple[Stretch, ...]:
    """Return the stretches with the middle of long unchanged ones folded.

    Args:
        stretches: what ``compare`` gave.
        kept: about how many characters stay in sight beside a change, up to the end of a word.
    """
    last = len(stretches) - 1
    return tuple(
        part
        for place, stretch in enumerate(stretches)
        for part in _folded(stretch, kept if place else 0, kept if place < last else 0)
    )


def is_changed(stretches: Sequence[Stretch]) -> bool:
    """Whether anything was added or removed."""
    return any(stretch.kind in {"added", "removed"} for stretch in stretches)


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _by_lines(before: list[str], after: list[str]) -> Iterator[Stretch]:
    """Compare line by line, and where lines were replaced, word by word."""
    begin = _common(before, after)
    end = _common(before[begin:][::-1], after[begin:][::-1])
    old, new = before[begin : len(before) - end], after[begin : len(after) - end]
    yield Stretch("same", "".join(before[:begin]))
    if max(len(old), len(new)) > _MOST_LINES:
        yield from _replaced(old, new)
    else:
        for kind, gone, come in _steps(old, new):
            yield from _by_words(gone, come) if kind == "replace" else _step(kind, gone, come)
    yield Stretch("same", "".join(before[len(before) - end :]))


def _by_words(before: Sequence[str], after: Sequence[str]) -> Iterator[Stretch]:
    old, new = _WORD.findall("".join(before)), _WORD.findall("".join(after))
    if max(len(old), len(new)) > _MOST_WORDS:
        yield from _replaced(before, after)
        return
    steps = list(_steps(old, new))
    common = sum(_is_word(word) for kind, words, _ in steps if kind == "equal" for word in words)
    if common < _ALIKE * max(sum(map(_is_word, old)), sum(map(_is_word, new))):
        yield from _replaced(before, after)
        return
    for has_changed, run in groupby(steps, key=lambda step: step[0] != "equal" or not any(map(_is_word, step[1]))):
        if has_changed:
            yield from _changed(list(run))
        else:
            yield from (Stretch("same", "".join(words)) for _, words, _ in run)


_Step = tuple[str, Sequence[str], Sequence[str]]


def _changed(run: Sequence[_Step]) -> Iterator[Stretch]:
    """Show neighbouring changes as one; a space or comma between two changes is no place to rest the eye."""
    if all(kind == "equal" for kind, _, _ in run):
        yield from (Stretch("same", "".join(words)) for _, words, _ in run)
        return
    first, last = run[0], run[-1]
    if first[0] == "equal":
        yield Stretch("same", "".join(first[1]))
        run = run[1:]
    if last[0] == "equal":
        run = run[:-1]
    yield from _replaced([word for _, gone, _ in run for word in gone], [word for _, _, come in run for word in come])
    if last[0] == "equal":
        yield Stretch("same", "".join(last[1]))


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[_Step]:
    """Return (equal, replace, insert or delete; what was there; what is there now)."""
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new).get_opcodes():
        yield kind, old[old_from:old_to], new[new_from:new_to]


def _step(kind: str, gone: Sequence[str], come: Sequence[str]) -> Iterator[Stretch]:
    if kind == "equal":
        yield Stretch("same", "".join(gone))
    else:
        yield from _replaced(gone, come)


def _replaced(gone: Sequence[str], come: Sequence[str]) -> Iterator[Stretch]:
    yield Stretch("removed", "".join(gone))
    yield Stretch("added", "".join(come))


def _joined(stretches: Iterator[Stretch]) -> Iterator[Stretch]:
    """Join neighbours of one kind and leave out empty ones."""
    for kind, run in groupby((stretch for stretch in stretches if stretch.text), key=lambda stretch: stretch.kind):
        yield Stretch(kind, "".join(stretch.text for stretch in run))


def _folded(stretch: Stretch, head: int, tail: int) -> Iterator[Stretch]:
    text = stretch.text
    begin = _word_end(text, head) if head else 0
    end = len(text) - (_word_end(text[::-1], tail) if tail else 0)
    if stretch.kind != "same" or len(text) < _WORTH_FOLDING or end - begin < _WORTH_FOLDING // 2:
        yield stretch
        return
    parts = (Stretch("same", text[:begin]), Stretch("folded", text[begin:end]), Stretch("same", text[end:]))
    yield from (part for part in parts if part.text)


def _word_end(text: str, at: int) -> int:
    """Return where the word at ``at`` ends."""
    space = re.compile(r"\s").search(text, at)
    return space.start() if space else len(text)


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """Return how many lines both begin with."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((place for place, (was, now) in pairs if was != now), min(len(old), len(new)))


def _is_word(text: str) -> bool:
    return text[0].isalnum()
