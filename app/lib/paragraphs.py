"""What people type into a plain box: paragraphs, and lists with a dash or a number before each line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

_POINT = re.compile(r"\s*[-*•–]\s+(?=\S)")
_NUMBER = re.compile(r"\s*(\d{1,2})[.)]\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together: a paragraph (``p``), points (``ul``) or numbered points (``ol``)."""

    tag: str
    lines: tuple[str, ...]


def blocks(text: str) -> list[Block]:
    """Return the paragraphs and lists of ``text``, without the signs that make the lists.

    A list of numbers counts from 1, so that “2009. We began” stays the sentence it is.
    """
    return [block for part in re.split(r"\n[^\S\n]*\n", text.replace("\r\n", "\n")) for block in _part(part)]


def _part(part: str) -> Iterator[Block]:
    expected = 1
    said: list[tuple[str, str]] = []
    for line in part.split("\n"):
        number = _NUMBER.match(line)
        if not line.strip():
            continue
        if number and int(number[1]) == expected:
            said.append(("ol", line[number.end() :].strip()))
            expected += 1
        elif point := _POINT.match(line):
            said.append(("ul", line[point.end() :].strip()))
        elif said and said[-1][0] != "p" and line.startswith("  "):  # a point that goes on in the next line
            said[-1] = (said[-1][0], f"{said[-1][1]} {line.strip()}")
        else:
            said.append(("p", line.strip()))
            expected = 1
    for tag, lines in groupby(said, key=lambda one: one[0]):
        yield Block(tag, tuple(line for _, line in lines))
