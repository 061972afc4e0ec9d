"""What people wrote, as HTML, made safe and fit for a page.

First nh3 parses and sanitises. What it gives back is well formed, with quoted attributes, so that one pass over its
tags can finish it: headings, links, pictures, tables and check boxes as our pages need them.
"""

import re
from dataclasses import dataclass, field
from html import unescape

import nh3

from app.lib.slugs import slug

PREFIX = "user-content-"  # an id that people chose must not stand in for one that our scripts look for

_HEADING = re.compile(r"<h([1-6])\b")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_INLINE = "a abbr b br cite code del em i img input ins kbd mark q s samp small span strong sub sup u var"
_BLOCKS = "blockquote caption dd details div dl dt hr li ol p pre summary table tbody td tfoot th thead tr ul"
_TAGS = {*_HEADINGS, *_INLINE.split(), *_BLOCKS.split()}
_ATTRIBUTES = {
    "a": {"href", "title", "class"},
    "abbr": {"title"},
    "code": {"class"},
    "details": {"open"},
    "div": {"class"},
    "img": {"src", "alt", "title", "width", "height"},
    "input": {"checked"},
    "li": {"class", "id", "value"},
    "ol": {"start", "class"},
    "sup": {"id"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan"},
    "ul": {"class"},
}
_CLASSES = {"footnote", "footnote-ref", "footnote-backref", "task-list", "task-list-item"}
_SCHEMES = {"http", "https", "mailto"}
_REL = "noopener noreferrer nofollow"

_LANGUAGE = re.compile(r"language-[\w+#.-]{1,30}")
_NUMBER = re.compile(r"\d{1,4}")
_BEFORE_COLON = re.compile(r"([^:/?#]*):")
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z-]+="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_SILENT = re.compile(r'<sup id="[^"]*"><a [^>]*>[^<]*</a></sup>|<a class="footnote-backref"[^>]*>[^<]*</a>')
_AS_TYPED = re.compile(r'(<pre(?: [a-z-]+="[^"]*")*>.*?</pre>)', re.DOTALL)
_PARTS_LINES = re.compile(
    r"</?(?:p|h[1-6]|[uod]l|li|table|tr|dt|dd|pre|blockquote|details|summary|caption|div)"
    r'(?: [a-z-]+="[^"]*")*>|<[bh]r>'
)
_ENDS_A_CELL = re.compile(r"</t[dh]>\s*")
_ANY_TAG = re.compile(r'</?[a-z][a-z0-9]*(?: [a-z-]+="[^"]*")*>')
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n\s*")


def safe(html: str, *, within: str = "") -> str:
    """Return ``html`` with nothing in it that acts, and everything in it that our pages need.

    Args:
        html: whatever Markdown made of what somebody wrote.
        within: goes into every id, for pages that show several texts: "comment-12".
    """
    prefix = f"{PREFIX}{within}-" if within else PREFIX

    def attribute(tag: str, name: str, value: str) -> str | None:
        return _attribute(tag, name, value, prefix)

    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        url_schemes=_SCHEMES,
        link_rel=None,
        strip_comments=True,
    )
    return _Finish(cleaned, prefix).run()


def text_of(html: str) -> str:
    """Return the words of HTML that ``safe`` made: one line for a paragraph, an item or a row."""
    pieces = _AS_TYPED.split(html)  # at odd places what keeps its lines; a line broken by hand elsewhere goes on
    pieces[::2] = [piece.replace("\n", " ") for piece in pieces[::2]]
    lines = _PARTS_LINES.sub("\n", _ENDS_A_CELL.sub(" ", _SILENT.sub("", "".join(pieces))))
    words = _SPACES.sub(" ", unescape(_ANY_TAG.sub("", lines)))
    return _LINES.sub("\n", words).strip()


def _attribute(tag: str, name: str, value: str, prefix: str) -> str | None:
    """Return an allowed attribute as it may stay, or nothing."""
    match name:
        case "id":
            return value if value.startswith(prefix) else prefix + value
        case "href":
            return _address(value, prefix)
        case "class":
            allowed = [
                word for word in value.split() if word in _CLASSES or (tag == "code" and _LANGUAGE.fullmatch(word))
            ]
            return " ".join(allowed) or None
        case "width" | "height" | "start" | "value" | "colspan" | "rowspan":
            return value if _NUMBER.fullmatch(value) else None
        case "align":
            return value if value in {"left", "center", "right"} else None
    return value


def _address(value: str, prefix: str) -> str | None:
    """Return where a link may lead: a place in this text, a page of ours, the web, a mailbox; or nothing."""
    if value.startswith("#"):
        target = value[1:]
        return value if not target or target.startswith(prefix) else f"#{prefix}{target}"
    scheme = _BEFORE_COLON.match(value)
    return value if scheme is None or scheme[1].lower() in _SCHEMES else None


@dataclass
class _Finish:
    """One pass over the tags of sanitised HTML."""

    html: str
    prefix: str
    in_link: bool = False
    highest: int = 1
    ids: set[str] = field(default_factory=set)

    def run(self) -> str:
        """Return the finished HTML."""
        self.highest = min((int(level) for level in _HEADING.findall(self.html)), default=1)
        return _TAG.sub(self._tag, self.html)

    def _tag(self, found: re.Match[str]) -> str:
        return self._end(found) if found[1] else self._begin(found, dict(_ATTRIBUTE.findall(found[3])))

    def _end(self, found: re.Match[str]) -> str:
        name = found[2]
        if name == "a":
            self.in_link = False
        if name in _HEADINGS:
            return f"</h{self._level(name)}>"
        return "</table></div>" if name == "table" else found[0]

    def _begin(self, found: re.Match[str], attributes: dict[str, str]) -> str:
        name, finished = found[2], found[0]
        match name:
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                finished = self._heading(found, name)
            case "table":
                finished = f"{_SCROLL}<table>"
            case "a":
                self.in_link = True
                finished = _start("a", attributes | _outward(attributes.get("href", "#")))
            case "img":
                finished = self._picture(attributes)
            case "input":
                finished = _checkbox(is_checked="checked" in attributes)
            case "td" | "th" if "align" in attributes:
                finished = _start(name, attributes | {"class": f"align-{attributes.pop('align')}"})
            case "li" | "sup" if "id" in attributes:
                finished = _start(name, self._once(attributes))
        return finished

    def _heading(self, found: re.Match[str], name: str) -> str:
        """Return a heading at its level under the page's only h1, with an id to link to."""
        end = self.html.find(f"</{name}>", found.end())
        words = slug(text_of(self.html[found.end() : end])) or "section"
        wanted, number = f"{self.prefix}{words}", 2
        identity = wanted
        while identity in self.ids:
            identity, number = f"{wanted}-{number}", number + 1
        self.ids.add(identity)
        return f'<h{self._level(name)} id="{identity}">'

    def _level(self, name: str) -> int:
        """Return the level a heading gets: the highest in the text comes right under the page's own."""
        return min(int(name[1]) - self.highest + 2, 6)

    def _once(self, attributes: dict[str, str]) -> dict[str, str]:
        """Return ``attributes`` without an id that the page already has."""
        if attributes["id"] in self.ids:
            return {name: value for name, value in attributes.items() if name != "id"}
        self.ids.add(attributes["id"])
        return attributes

    def _picture(self, attributes: dict[str, str]) -> str:
        """Return one of our own pictures, or a link to one elsewhere, which the page may not load."""
        source, words = attributes.get("src", ""), attributes.get("alt", "")
        if source and not is_external(unescape(source)):
            return _start("img", {"alt": "", **attributes, "loading": "lazy"})
        if not source or self.in_link:
            return words
        return f"{_start('a', {'href': source, 'rel': _REL})}{words or 'Picture'}</a>"


_SCROLL = '<div class="table-scroll" tabindex="0" role="region" aria-label="Table">'


def is_external(address: str) -> bool:
    """Whether ``address`` leads out of Braid; an e-mail address does not count."""
    plain = re.sub(r"[\x00-\x20]", "", address).replace("\\", "/")
    scheme = _BEFORE_COLON.match(plain)
    return plain.startswith("//") or (scheme is not None and scheme[1].lower() != "mailto")


def _outward(href: str) -> dict[str, str]:
    return {"rel": _REL} if is_external(unescape(href)) else {}


def _checkbox(*, is_checked: bool) -> str:
    state, name = (' checked=""', "Done") if is_checked else ("", "To do")
    return f'<input type="checkbox" disabled=""{state} aria-label="{name}">'


def _level(name: str) -> int:
    return min(int(name[1]) + 1, 6)


def _start(name: str, attributes: dict[str, str]) -> str:
    """Return a start tag; the values are escaped already."""
    written = (f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{''.join(written)}>"
