import re
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.markdown import contents, to_html
from app.lib.markdown_lists import rewrite
from app.lib.markdown_safety import text_of
from tests.markdown_samples import SAMPLES, Sample

_MEANING = ("href", "src", "title", "alt", "start", "checked", "type")
_BLOCK_TAG = re.compile(r"\s*(</?(?:p|li|ul|ol|div|table|tr|td|th|thead|tbody|blockquote|h\d|hr|pre|br)\b[^>]*>)\s*")


def parse(html: str) -> Element:
    parsed: Element = html5lib.parseFragment(html, namespaceHTMLElements=False)
    return parsed


def meaning(element: Element) -> str:
    """What a reader gets, without what is there for the look, for safety or for assistive technology."""
    inner = [element.text or "", *(part for child in element for part in (meaning(child), child.tail or ""))]
    text = "".join(inner)
    if element.tag == "pre":
        text = re.sub(r"\s+</code>$", "</code>", text)
    elif element.tag != "code":
        text = _BLOCK_TAG.sub(r"\1", text)
    if element.tag == "DOCUMENT_FRAGMENT" or element.get("class") == "table-scroll":
        return text.strip()
    kept = {name: element.get(name) for name in _MEANING if element.get(name) is not None}
    if (element.get("class") or "").startswith(("align-", "language-")):
        kept["class"] = element.get("class")
    if (kept.get("title") or "").startswith("Back to note"):
        del kept["title"]
    return f"<{element.tag}{''.join(f' {key}={value!r}' for key, value in sorted(kept.items()))}>{text}</{element.tag}>"


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.name for sample in SAMPLES])
def test_agrees_with_commonmark_and_github(sample: Sample) -> None:
    assert meaning(parse(to_html(sample.source))) == meaning(parse(sample.html))


def test_knows_all_sixty_two_constructs() -> None:
    assert len({sample.name for sample in SAMPLES}) == len(SAMPLES) == 62


HOSTILE = (
    "<script>alert(1)</script>",
    "<ScRiPt src=https://evil.example/x.js></sCrIpT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img/src='x'/onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<math href='javascript:alert(1)'>click</math>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='javascript:alert(1)'></object>",
    "<embed src='javascript:alert(1)'>",
    "<base href='https://evil.example/'>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<input autofocus onfocus=alert(1)>",
    "<input type=image src=x formaction='javascript:alert(1)'>",
    "<form action='https://evil.example/'><input name=password><button>Sign in</button></form>",
    "<button formaction='javascript:alert(1)'>x</button>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href='java&#x09;script:alert(1)'>x</a>",
    "<a href='&#106;avascript&colon;alert(1)'>x</a>",
    "<a href=' \x01javascript:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='>x</a>",
    "[x](javascript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "![x](javascript:alert(1))",
    '![x](x "onerror=alert(1)")',
    '![x" onerror="alert(1)](/x.png)',
    '[x](/y "a\\" onmouseover=\\"alert(1)")',
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "```html\n<script>alert(1)</script>\n```",
    '``` "><script>alert(1)</script>\nx\n```',
    "| <script>alert(1)</script> |\n| --- |\n| <img src=x onerror=alert(1)> |",
    "[^1]\n\n[^1]: <img src=x onerror=alert(1)>",
    "<!--><script>alert(1)</script>-->",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template>",
    "<video src=x onerror=alert(1)></video><audio src=x onerror=alert(1)>",
    "<x onclick=alert(1)>x</x>",
    "<a href='/x' target=_blank onclick=alert(1) style='position:fixed'>x</a>",
    "<h2 id='\"><script>alert(1)</script>'>x</h2>",
    "\x02klzzwxh:0001\x03<script>alert(1)</script>",
)

HARMLESS_INLINE = "a abbr b br cite code del em i img input ins kbd mark q s samp small span strong sub sup u var"
HARMLESS_BLOCKS = "blockquote caption dd details div dl dt h2 h3 h4 h5 h6 hr li ol p pre summary"
HARMLESS_TABLES = "table tbody td tfoot th thead tr ul"
HARMLESS_TAGS = frozenset(f"{HARMLESS_INLINE} {HARMLESS_BLOCKS} {HARMLESS_TABLES}".split())
HARMLESS_NAMES = "href title class open src alt width height loading type disabled checked aria-label id value start"
HARMLESS_ATTRIBUTES = frozenset(f"{HARMLESS_NAMES} colspan rowspan rel tabindex role".split())


def assert_harmless(html: str) -> None:
    for element in parse(html).iter():
        if element.tag == "DOCUMENT_FRAGMENT":
            continue
        assert element.tag in HARMLESS_TAGS, html
        assert set(element.attrib) <= HARMLESS_ATTRIBUTES, html
        assert re.match(r"(?:https?:|mailto:|[^:]*$|[^:]*[/?#])", element.get("href") or "", re.IGNORECASE), html
        assert not re.match(r"\s*(?:[a-z]+:|//|\\)", element.get("src") or "", re.IGNORECASE), html
        if element.tag == "input":
            assert (element.get("type"), element.get("disabled")) == ("checkbox", ""), html
            assert element.get("aria-label"), html


@pytest.mark.parametrize("source", HOSTILE)
def test_nothing_that_people_write_acts(source: str) -> None:
    assert_harmless(to_html(source))
    assert_harmless(to_html(f"- one\n\n  {source}\n\n> {source}"))


_PIECES = st.sampled_from(
    [*HOSTILE, *(sample.source for sample in SAMPLES), "<", ">", '"', "'", "`", "\n", "    ", "*", "["]
)


@given(st.lists(_PIECES, max_size=5))
def test_nothing_acts_however_it_is_put_together(pieces: list[str]) -> None:
    assert_harmless(to_html("".join(pieces)))


@given(st.text())
def test_any_text_at_all_can_be_shown(source: str) -> None:
    assert_harmless(to_html(source))


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.name for sample in SAMPLES])
def test_the_lists_of_a_text_are_rewritten_without_losing_a_sign(sample: Sample) -> None:
    assert _signs("\n".join(rewrite(sample.source.splitlines()))) == _signs(sample.source)


@given(st.text(alphabet="ab>-*+1). \n`~|#\t", max_size=80))
def test_no_sign_is_lost_in_lists_of_any_shape(source: str) -> None:
    assert _signs("\n".join(rewrite(source.split("\n")))) == _signs(source)


def _signs(text: str) -> str:
    return re.sub(r"\s", "", text).replace(")", ".")


def test_a_quote_of_a_list_inside_a_list_stays_there() -> None:
    html = meaning(parse(to_html("- one\n\n  > - a\n  >   - b\n\n- two")))
    inner = "<blockquote><ul><li>a<ul><li>b</li></ul></li></ul></blockquote>"
    assert html == f"<ul><li><p>one</p>{inner}</li><li><p>two</p></li></ul>"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("It began in\n2008. Then it grew.", "<p>It began in\n2008. Then it grew.</p>"),
        ("- ```\n  - x\n  ```", "<ul><li><pre><code>- x</code></pre></li></ul>"),
        ("- one\n  ```\n  x\n  ```", "<ul><li><p>one</p><pre><code>x</code></pre></li></ul>"),
        ("> quoted\n- one", "<blockquote><p>quoted</p></blockquote><ul><li>one</li></ul>"),
        ("said\n> quoted", "<p>said</p><blockquote><p>quoted</p></blockquote>"),
        ("10. ten\n    - a\n11. eleven", "<ol start='10'><li>ten<ul><li>a</li></ul></li><li>eleven</li></ol>"),
        ("- one\ntwo", "<ul><li>one\n    two</li></ul>"),
        ("1) one\n2) two", "<ol><li>one</li><li>two</li></ol>"),
    ],
)
def test_blocks_may_stand_close_together(source: str, expected: str) -> None:
    assert meaning(parse(to_html(source))) == expected


def test_code_that_looks_like_a_quote_or_a_list_is_left_alone() -> None:
    assert "<code>&gt; - a\n&gt;   - b\n1) x\n</code>" in to_html("```\n> - a\n>   - b\n1) x\n```").replace(
        "</code>", "\n</code>"
    )


def test_links_that_lead_out_say_so() -> None:
    rel = 'rel="noopener noreferrer nofollow"'
    for address in ("https://example.org/", "HTTP://example.org", "//example.org", "/\\example.org"):
        assert rel in to_html(f'<a href="{address}">x</a>'), address
    for address in ("/posts/812-number-talks", "#note", "people/12", "mailto:ana@fresno.example"):
        assert rel not in to_html(f"[x]({address})"), address


def test_a_picture_from_elsewhere_becomes_a_link() -> None:
    link = '<a href="https://example.org/a.png" rel="noopener noreferrer nofollow">The wall</a>'
    assert link in to_html("![The wall](https://example.org/a.png)")
    assert ">Picture</a>" in to_html("![](//example.org/a.png)")
    assert to_html("[![The wall](https://example.org/a.png)](/posts/1)") == '<p><a href="/posts/1">The wall</a></p>'


def test_headings_are_a_level_lower_and_can_be_linked_to() -> None:
    html = to_html("# What people do\n\n## Cost & time\n\n## Cost & time\n\n### 数学\n\n[there](#cost-time)")
    assert contents(html) == [
        (2, "user-content-what-people-do", "What people do"),
        (3, "user-content-cost-time", "Cost & time"),
        (3, "user-content-cost-time-2", "Cost & time"),
        (4, "user-content-section", "数学"),
    ]
    assert '<a href="#user-content-cost-time">there</a>' in html


def test_footnotes_lead_there_and_back() -> None:
    page = parse(to_html("One[^a] and two[^b], again[^a].\n\n[^a]: First.\n[^b]: Second.", within="comment-12"))
    ids = [identity for element in page.iter() if (identity := element.get("id"))]
    targets = {(element.get("href") or "")[1:] for element in page.iter("a")}
    assert len(ids) == len(set(ids)) == 5
    assert set(ids) == targets
    assert all(identity.startswith("user-content-comment-12-") for identity in ids)


def test_no_id_appears_twice() -> None:
    html = to_html('<ul><li id="a">x</li><li id="a">y</li></ul>\n\n# One\n\n# One\n\n# One 2')
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids)) == 4


def test_tasks_have_a_name() -> None:
    html = to_html("- [ ] call\n- [x] mail")
    assert '<input type="checkbox" disabled="" aria-label="To do"> call' in html
    assert '<input type="checkbox" disabled="" checked="" aria-label="Done"> mail' in html


def test_a_wide_table_can_be_scrolled_with_the_keyboard() -> None:
    html = to_html("| a |\n| --: |\n| 1 |")
    assert html.startswith('<div class="table-scroll" tabindex="0" role="region" aria-label="Table"><table>')
    assert '<td class="align-right">1</td>' in html


def test_text_is_what_a_reader_would_read_aloud() -> None:
    words = "# Title\n\nSome **bold** text & [a link](/x)[^1].\n\n[^1]: Why.\n\n"
    source = words + "- [x] done\n- two\n\n| a | b |\n| - | - |\n| 1 | 2 |"
    expected = "Title\nSome bold text & a link.\ndone\ntwo\na b\n1 2\nWhy."
    assert text_of(to_html(source)) == expected


def test_a_line_broken_by_hand_goes_on_in_the_text() -> None:
    source = (
        "Coaches visit\nfour *rooms* in\nturn.\n\n- one item\n  of two lines\n  - and one below\n\n"
        "a break<br>stays\n\n```\nas\n  typed\n```\n\n> said\n> twice"
    )
    expected = (
        "Coaches visit four rooms in turn.\none item of two lines\nand one below\na break\nstays\nas\ntyped\nsaid twice"
    )
    assert text_of(to_html(source)) == expected


def test_text_keeps_the_signs_that_are_not_markup() -> None:
    assert text_of(to_html("1 < 2 and `<b>` & <kbd>Ctrl</kbd>")) == "1 < 2 and <b> & Ctrl"


@given(st.lists(st.text(alphabet="abcdefg", min_size=1), min_size=1))
def test_plain_words_come_back_as_they_were(words: list[str]) -> None:
    assert text_of(to_html(" ".join(words))) == " ".join(words)
