"""Which of our pages a text links to, read from its Markdown."""

import re
from bisect import bisect_right
from collections import defaultdict

_FENCE = re.compile(r"[ >]*(`{3,}(?=[^`]*$)|~{3,})")
_ITEM = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)]) ")
_INDENTED = re.compile(r"(?: {4}|\t)")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")
_BACKTICKS = re.compile(r"(`+)")
_OPENS_A_LINK = r"(?:\]\([ \n]{0,3}<?|^ {0,3}\[[^\]\n]{1,200}\]:[ \n]{0,3}<?|\bhref=[\"']?)"
_LARGEST = 2**63 - 1  # what a column can hold


def posts_in(source: str, *, base: str = "") -> frozenset[int]:
    """Return the numbers of the posts that ``source`` links to: /posts/812 or /posts/812-number-talks.

    Args:
        source: Markdown; links inside code do not count.
        base: the address of this Braid, "https://braid.example.org"; links that begin with it count too.
    """
    return _numbers("posts", source, base)


def people_in(source: str, *, base: str = "") -> frozenset[int]:
    """Return the numbers of the people that ``source`` names: /people/12."""
    return _numbers("people", source, base)


def indicators_in(source: str, *, base: str = "") -> frozenset[int]:
    """Return the numbers of the indicators that ``source`` speaks of: /indicators/5-graduation-rate."""
    return _numbers("indicators", source, base)


def without_code(source: str) -> str:
    """Return Markdown without its code blocks and code spans."""
    words = "\n".join(_lines_outside_code(source.split("\n")))
    return "\n\n".join(_without_spans(paragraph) for paragraph in _PARAGRAPHS.split(words))


def _numbers(noun: str, source: str, base: str) -> frozenset[int]:
    if f"/{noun}/" not in source:
        return frozenset()
    home = re.escape(base.rstrip("/"))
    begins = rf"(?:{_OPENS_A_LINK}(?:{home})?|(?<![\w/]){home})" if home else _OPENS_A_LINK
    found = re.finditer(rf"{begins}/{noun}/([0-9]{{1,19}})(?!\w)", without_code(source), re.MULTILINE)
    return frozenset(number for match in found if (number := int(match[1])) <= _LARGEST)


def _lines_outside_code(lines: list[str]) -> list[str]:
    """Return the lines that are not in a fenced or an indented block of code."""
    kept = []
    fence, in_list, after_blank = "", False, True
    for line in lines:
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) and not line[mark.end() :].strip() else fence
        elif mark:
            fence = mark[1]
        elif not _INDENTED.match(line) or in_list or not after_blank:
            kept.append(line)
            if line.strip() and not line.startswith(" "):
                in_list = bool(_ITEM.match(line))
        after_blank = not line.strip() or (after_blank and bool(_INDENTED.match(line)))
    return kept


def _without_spans(paragraph: str) -> str:
    """Return a paragraph without what stands between backticks: as many of them at its end as at its beginning."""
    parts = _BACKTICKS.split(paragraph)  # words at even places, backticks at odd ones
    places = defaultdict(list)
    for place in range(1, len(parts), 2):
        places[len(parts[place])].append(place)
    kept, at = [], 0
    while at < len(parts):
        if at % 2:
            same = places[len(parts[at])]
            following = bisect_right(same, at)
            at = same[following] if following < len(same) else at
        else:
            kept.append(parts[at])
        at += 1
    return " ".join(kept)
