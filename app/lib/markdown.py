"""Markdown to safe HTML, and to a list of contents.

Crafted text can keep Python-Markdown busy for minutes: what people send goes through `app.lib.rendering`.
"""

import re
import threading
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor

from app.lib.markdown_lists import CommonMarkLists
from app.lib.markdown_safety import safe, text_of

_BEFORE_ESCAPES = 185  # backtick is 190, escape 180
_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

_HEADING = re.compile(r'<h([2-6]) id="([^"]+)">(.*?)</h\1>', re.DOTALL)


class _HardBreak(InlineProcessor):
    """A backslash at the end of a line: a new line within the paragraph."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: ARG002, N802 - Python-Markdown's name and arguments
        """Return the break."""
        return Element("br"), m.start(0), m.end(0)


class _CommonMarkEscapes(Extension):
    """Python-Markdown extension: what a backslash does, as CommonMark has it."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        """Let a backslash escape every sign, and break a line."""
        md.ESCAPED_CHARS = list(_PUNCTUATION)
        md.inlinePatterns.register(_HardBreak(r"\\\n", md), "hard_break", _BEFORE_ESCAPES)


class _Markdowns(threading.local):
    """One parser for each thread: making one takes longer than most texts."""

    def __init__(self) -> None:
        self.markdown = Markdown(
            extensions=[
                "tables",
                "footnotes",
                "sane_lists",
                "pymdownx.betterem",
                "pymdownx.highlight",
                "pymdownx.magiclink",
                "pymdownx.saneheaders",
                "pymdownx.superfences",
                "pymdownx.tasklist",
                "pymdownx.tilde",
                CommonMarkLists(),
                _CommonMarkEscapes(),
            ],
            extension_configs={
                "footnotes": {"BACKLINK_TITLE": "Back to note {} in the text"},
                "pymdownx.highlight": {"use_pygments": False},
                "pymdownx.tilde": {"subscript": False},
                "tables": {"use_align_attribute": True},
            },
        )


_own = _Markdowns()


def to_html(source: str, *, within: str = "") -> str:
    """Return sanitised HTML for ``source``; nothing in it acts, loads from elsewhere, or styles the page.

    Args:
        source: Markdown: CommonMark with GitHub's tables, tasks, strikethrough and bare links, and footnotes.
        within: goes into every id, for pages that show several texts: "comment-12".
    """
    return safe(_own.markdown.reset().convert(source), within=within)


def contents(html: str) -> list[tuple[int, str, str]]:
    """Return the headings of HTML that ``to_html`` made, as (level 2 to 6, id, words)."""
    return [(int(found[1]), found[2], " ".join(text_of(found[3]).split())) for found in _HEADING.finditer(html)]
