"""Sixty-two constructs that the editor and the renderer must agree on.

What each must become is what CommonMark and GitHub make of it, one heading level lower, since a page has its own h1.
Footnotes are GitHub's, with our ids.
"""

from typing import NamedTuple


class Sample(NamedTuple):
    """A construct, and what it means."""

    name: str
    source: str
    html: str


SAMPLES = (
    Sample("h1", "# Title one", "<h2>Title one</h2>"),
    Sample("h2", "## Title two", "<h2>Title two</h2>"),
    Sample(
        "h3-h6",
        "### Three\n\n#### Four\n\n##### Five\n\n###### Six",
        "<h2>Three</h2><h3>Four</h3><h4>Five</h4><h5>Six</h5>",
    ),
    Sample("setext", "Title\n=====\n\nText", "<h2>Title</h2><p>Text</p>"),
    Sample("para", "First paragraph.\n\nSecond paragraph.", "<p>First paragraph.</p><p>Second paragraph.</p>"),
    Sample("bold", "This is **bold** text.", "<p>This is <strong>bold</strong> text.</p>"),
    Sample("italic", "This is *italic* text.", "<p>This is <em>italic</em> text.</p>"),
    Sample("bolditalic", "This is ***both*** here.", "<p>This is <em><strong>both</strong></em> here.</p>"),
    Sample(
        "bold-underscore",
        "This is __bold__ and _it_ text.",
        "<p>This is <strong>bold</strong> and <em>it</em> text.</p>",
    ),
    Sample("intraword", "snake_case_name and 2*3*4", "<p>snake_case_name and 2<em>3</em>4</p>"),
    Sample("strike", "This is ~~gone~~ now.", "<p>This is <del>gone</del> now.</p>"),
    Sample("inline-code", "Use `code` here.", "<p>Use <code>code</code> here.</p>"),
    Sample("code-backtick", "Use `` a`b `` here.", "<p>Use <code>a`b</code> here.</p>"),
    Sample("link", "See [site](https://example.org/).", '<p>See <a href="https://example.org/">site</a>.</p>'),
    Sample(
        "link-title",
        'See [site](https://example.org/ "Tip").',
        '<p>See <a href="https://example.org/" title="Tip">site</a>.</p>',
    ),
    Sample("autolink", "<https://example.org/x>", '<p><a href="https://example.org/x">https://example.org/x</a></p>'),
    Sample(
        "bare-url",
        "Visit https://example.org/path?a=1&b=2 now",
        '<p>Visit <a href="https://example.org/path?a=1&amp;b=2">https://example.org/path?a=1&amp;b=2</a> now</p>',
    ),
    Sample(
        "email",
        "<leader@fresno.example>",
        '<p><a href="mailto:leader@fresno.example">leader@fresno.example</a></p>',
    ),
    Sample(
        "ref-link",
        "See [the brief][b].\n\n[b]: https://example.org/b",
        '<p>See <a href="https://example.org/b">the brief</a>.</p>',
    ),
    Sample("image", "![Alt text](/files/a.png)", '<p><img src="/files/a.png" alt="Alt text"></p>'),
    Sample("image-title", '![Alt](/files/a.png "Cap")', '<p><img src="/files/a.png" alt="Alt" title="Cap"></p>'),
    Sample(
        "image-link",
        "[![Alt](/files/a.png)](https://example.org/)",
        '<p><a href="https://example.org/"><img src="/files/a.png" alt="Alt"></a></p>',
    ),
    Sample("ul", "- one\n- two\n- three", "<ul><li>one</li><li>two</li><li>three</li></ul>"),
    Sample("ul-star", "* one\n* two", "<ul><li>one</li><li>two</li></ul>"),
    Sample("ol", "1. one\n2. two\n3. three", "<ol><li>one</li><li>two</li><li>three</li></ol>"),
    Sample("ol-start", "3. three\n4. four", '<ol start="3"><li>three</li><li>four</li></ol>'),
    Sample(
        "ul-nested-2",
        "- one\n  - two\n    - three",
        "<ul><li>one\n<ul><li>two\n<ul><li>three</li></ul></li></ul></li></ul>",
    ),
    Sample(
        "ul-nested-4",
        "- one\n    - two\n        - three",
        "<ul><li>one\n<ul><li>two\n<ul><li>three</li></ul></li></ul></li></ul>",
    ),
    Sample(
        "ol-nested-3",
        "1. one\n   1. inner\n   2. inner2\n2. two",
        "<ol><li>one\n<ol><li>inner</li><li>inner2</li></ol></li><li>two</li></ol>",
    ),
    Sample(
        "mixed-nested",
        "1. one\n   - a\n   - b\n2. two",
        "<ol><li>one\n<ul><li>a</li><li>b</li></ul></li><li>two</li></ol>",
    ),
    Sample(
        "loose-list",
        "- one\n\n- two\n\n- three",
        "<ul><li><p>one</p></li><li><p>two</p></li><li><p>three</p></li></ul>",
    ),
    Sample(
        "list-para",
        "- one\n\n  second para\n\n- two",
        "<ul><li><p>one</p><p>second para</p></li><li><p>two</p></li></ul>",
    ),
    Sample(
        "list-code",
        "- one\n\n  ```py\n  x=1\n  ```\n\n- two",
        "<ul>\n<li>\n<p>one</p>"
        '\n<pre><code class="language-py">x=1\n</code></pre>\n</li>'
        "\n<li>\n<p>two</p>"
        "\n</li>"
        "\n</ul>",
    ),
    Sample(
        "list-quote",
        "- one\n\n  > quoted\n\n- two",
        "<ul><li><p>one</p><blockquote><p>quoted</p></blockquote></li><li><p>two</p></li></ul>",
    ),
    Sample("cuddled-list", "Agenda:\n- one\n- two", "<p>Agenda:</p><ul><li>one</li><li>two</li></ul>"),
    Sample("cuddled-ol", "Agenda:\n1. one\n2. two", "<p>Agenda:</p><ol><li>one</li><li>two</li></ol>"),
    Sample(
        "task",
        "- [ ] todo\n- [x] done",
        '<ul><li><input type="checkbox"> todo</li><li><input type="checkbox" checked=""> done</li></ul>',
    ),
    Sample(
        "task-nested",
        "- [ ] todo\n  - [x] sub",
        '<ul><li><input type="checkbox"> todo<ul><li><input type="checkbox" checked=""> sub</li></ul></li></ul>',
    ),
    Sample(
        "task-cuddled",
        "Next steps:\n- [ ] call\n- [x] mail",
        "<p>Next steps:</p>"
        '<ul><li><input type="checkbox"> call</li>'
        '<li><input type="checkbox" checked=""> mail</li>'
        "</ul>",
    ),
    Sample(
        "table",
        "| a | b |\n| --- | --- |\n| 1 | 2 |",
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
    ),
    Sample(
        "table-align",
        "| a | b | c |\n| :-- | :-: | --: |\n| 1 | 2 | 3 |",
        '<table><thead><tr><th class="align-left">a</th><th class="align-center">b</th><th class="align-right">c</th>'
        '</tr></thead><tbody><tr><td class="align-left">1</td><td class="align-center">2</td>'
        '<td class="align-right">3</td></tr></tbody></table>',
    ),
    Sample(
        "table-inline",
        "| a | b |\n| --- | --- |\n| **x** | [l](https://e.org) |",
        "<table><thead><tr><th>a</th><th>b</th></tr>"
        '</thead><tbody><tr><td><strong>x</strong></td><td><a href="https://e.org">l</a></td></tr>'
        "</tbody></table>",
    ),
    Sample(
        "table-pipe",
        "| a | b |\n| --- | --- |\n| x\\|y | `c` |",
        "<table><thead><tr><th>a</th><th>b</th></tr>"
        "</thead><tbody><tr><td>x|y</td><td><code>c</code></td></tr>"
        "</tbody></table>",
    ),
    Sample(
        "table-cuddled",
        "Data:\n| a | b |\n| --- | --- |\n| 1 | 2 |",
        "<p>Data:</p>"
        "<table><thead><tr><th>a</th><th>b</th></tr>"
        "</thead><tbody><tr><td>1</td><td>2</td></tr>"
        "</tbody></table>",
    ),
    Sample(
        "table-br",
        "| a | b |\n| --- | --- |\n| x<br>y | z |",
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>x<br>y</td><td>z</td></tr></tbody></table>",
    ),
    Sample("quote", "> quoted\n> more", "<blockquote><p>quoted\nmore</p></blockquote>"),
    Sample(
        "quote-nested",
        "> one\n>\n> > two",
        "<blockquote><p>one</p><blockquote><p>two</p></blockquote></blockquote>",
    ),
    Sample("quote-list", "> - a\n> - b", "<blockquote><ul><li>a</li><li>b</li></ul></blockquote>"),
    Sample("quote-lazy", "> quoted\nlazy", "<blockquote><p>quoted\nlazy</p></blockquote>"),
    Sample("code-fence", "```\nx < 1\n```", "<pre><code>x &lt; 1\n</code></pre>"),
    Sample(
        "code-fence-lang",
        "```python\nprint('x')\n```",
        "<pre><code class=\"language-python\">print('x')\n</code></pre>",
    ),
    Sample("code-tilde", "~~~\nx\n~~~", "<pre><code>x\n</code></pre>"),
    Sample("code-indent", "    indented code\n", "<pre><code>indented code\n</code></pre>"),
    Sample("hr", "a\n\n---\n\nb", "<p>a</p><hr><p>b</p>"),
    Sample("hardbreak-space", "one  \ntwo", "<p>one<br>\ntwo</p>"),
    Sample("hardbreak-slash", "one\\\ntwo", "<p>one<br>\ntwo</p>"),
    Sample("softbreak", "one\ntwo", "<p>one\ntwo</p>"),
    Sample("escape", "\\*not italic\\* and 1\\. and \\# x", "<p>*not italic* and 1. and # x</p>"),
    Sample(
        "footnote",
        "Text[^1].\n\n[^1]: The note.",
        '<p>Text<sup><a href="#user-content-fn:1">1</a></sup>.</p>'
        '<div><hr><ol><li><p>The note.&nbsp;<a href="#user-content-fnref:1">↩</a></p>'
        "</li>"
        "</ol></div>",
    ),
    Sample("html-inline", "a <kbd>Ctrl</kbd> b", "<p>a <kbd>Ctrl</kbd> b</p>"),
    Sample("entity", "Fish &amp; chips &copy; 2026", "<p>Fish &amp; chips © 2026</p>"),
    Sample("emoji", "Great 👍 Größe — “quotes”", "<p>Great 👍 Größe — “quotes”</p>"),
)
