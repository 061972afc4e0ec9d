"""Lists as CommonMark and word processors write them, rewritten as Python-Markdown reads them.

Python-Markdown nests by four columns and wants an empty line before a list, a table or a fence. People, and the
editor, nest by the width of the marker and put a list straight under its sentence. This preprocessor closes the gap.
"""

import re
from enum import Enum, auto

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

_STEP = "    "
_DEEPEST = 12  # quotes within quotes; what is deeper stays as it was written
_AFTER_WHITESPACE_BEFORE_FENCES = 27.5  # normalize_whitespace is 30, superfences 25

_ITEM = re.compile(r"(?P<before> {0,3})(?P<mark>[-*+]|\d{1,9}[.)])(?:(?P<gap> {1,4})(?=\S)|(?P<code> {5,})(?=\S)| *$)")
_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_TABLE_RULE = re.compile(r" {0,3}\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
_BREAK = re.compile(r" {0,3}([-*_])(?: *\1){2,} *$")
_QUOTE = re.compile(r" {0,3}> ?")
_BLOCK = re.compile(r" {0,3}(#{1,6}\s|>|\||={3,}\s*$|<)")


class _Kind(Enum):
    """What the line before was."""

    BLANK = auto()
    TEXT = auto()
    ITEM = auto()
    FENCE = auto()
    QUOTE = auto()
    OTHER = auto()


_OPEN = frozenset({_Kind.TEXT, _Kind.ITEM})  # a paragraph that the next line may go on with


class _Rewriter:
    """Reads lines one after the other and knows which list items are still open."""

    def __init__(self, lines: list[str], depth: int) -> None:
        self.lines = [line.expandtabs(4) for line in lines]
        self.depth = depth
        self.out: list[str] = []
        self.columns: list[int] = []  # where the content of each open item begins
        self.fence = ""
        self.fence_column = 0
        self.last = _Kind.BLANK

    def run(self) -> list[str]:
        """Return the lines, rewritten."""
        at = 0
        while at < len(self.lines):
            at += self._take(at)
        return self.out

    def _take(self, at: int) -> int:
        """Write the line at ``at``, or the whole quote that begins there; return how many lines that was."""
        line = self.lines[at]
        if not line.strip():
            self.out.append("")
            self.last = self.last if self.fence else _Kind.BLANK
        elif self.fence:
            self._inside_fence(line)
        else:
            return self._outside(at, line)
        return 1

    def _inside_fence(self, line: str) -> None:
        body = line[min(_indent(line), self.fence_column) :]
        self._write(body)
        if re.fullmatch(rf" {{0,3}}{re.escape(self.fence[0])}{{{len(self.fence)},}}\s*", body):
            self.fence, self.last = "", _Kind.FENCE

    def _outside(self, at: int, line: str) -> int:
        still_open = [column for column in self.columns if column <= _indent(line)]
        here = still_open[-1] if still_open else 0
        rest = line[here:]
        item = None if _BREAK.match(rest) else _ITEM.match(rest)
        if not item and len(still_open) < len(self.columns) and self._goes_on(rest):
            self._write(line.lstrip(), _Kind.TEXT)
            return 1
        self.columns = still_open
        if item:
            self._item(item, rest, here)
        elif fence := _FENCE.match(rest):
            self._open_fence(fence[1], rest, here)
        elif _QUOTE.match(rest) and self.depth < _DEEPEST:
            return self._quote(at, here)
        else:
            self._text(at, rest, here)
        return 1

    def _goes_on(self, rest: str) -> bool:
        """Whether a line with too little indentation still belongs to the paragraph above it."""
        return self.last in _OPEN and not any(p.match(rest) for p in (_BLOCK, _FENCE, _BREAK))

    def _item(self, item: re.Match[str], rest: str, here: int) -> None:
        mark = item["mark"]
        if not self.columns and self.last in {_Kind.TEXT, _Kind.QUOTE}:
            if mark[0].isdigit() and mark[:-1] != "1" and self.last is _Kind.TEXT:
                self._write(rest, _Kind.TEXT)  # "in the year\n2008. " is a sentence, not the 2008th item
                return
            self.out.append("")
        width = item.end("mark") + (len(item["gap"]) if item["gap"] else 1)
        content = rest[width:]
        fence = _FENCE.match(content)
        words = "" if fence else content if item["code"] else content.lstrip()
        self._write(f"{mark.replace(')', '.')} {words}", _Kind.ITEM)
        self.columns.append(here + width)
        if fence:
            self._write(content, _Kind.FENCE)
            self.fence, self.fence_column = fence[1], self.columns[-1]

    def _open_fence(self, marks: str, rest: str, here: int) -> None:
        if self.last is not _Kind.BLANK and self.columns:
            self.out.append("")
        self._write(rest, _Kind.FENCE)
        self.fence, self.fence_column = marks, here

    def _quote(self, at: int, here: int) -> int:
        """Rewrite a run of quoted lines as a text of its own."""
        quoted = []
        for line in self.lines[at:]:
            mark = _QUOTE.match(line[here:]) if not line[:here].strip() else None
            if not mark:
                break
            quoted.append(line[here + mark.end() :])
        if self.last in _OPEN:
            self.out.append("")
        for line in _Rewriter(quoted, self.depth + 1).run():
            self._write(f"> {line}".rstrip(" ") if not line.strip() else f"> {line}", _Kind.QUOTE)
        return len(quoted)

    def _text(self, at: int, rest: str, here: int) -> None:
        if "|" in rest and self.last in _OPEN and self._heads_table(at, here):
            self.out.append("")
        block = _BLOCK.match(rest) or _BREAK.match(rest) or _indent(rest) >= len(_STEP)
        self._write(rest, _Kind.OTHER if block else _Kind.TEXT)

    def _heads_table(self, at: int, here: int) -> bool:
        """Whether the line below is the rule of a table."""
        below = self.lines[at + 1] if at + 1 < len(self.lines) else ""
        return "|" in below and not below[:here].strip() and bool(_TABLE_RULE.match(below[here:]))

    def _write(self, text: str, kind: _Kind | None = None) -> None:
        self.out.append(_STEP * len(self.columns) + text)
        self.last = kind or self.last


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def rewrite(lines: list[str]) -> list[str]:
    """Return ``lines`` with lists, quotes and tables as Python-Markdown wants them; words stay as they are."""
    return _Rewriter(lines, depth=0).run()


class _ListPreprocessor(Preprocessor):
    """Hands the lines over."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines, rewritten."""
        return rewrite(lines)


class CommonMarkLists(Extension):
    """Python-Markdown extension: lists as CommonMark has them."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Register the preprocessor."""
        md.preprocessors.register(_ListPreprocessor(md), "commonmark_lists", _AFTER_WHITESPACE_BEFORE_FENCES)
