"""What is made once and kept between pages: signs and addresses say what they said when they were made anew."""

from typing import Any

from flask import Flask, url_for
from flask.testing import FlaskClient
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.web.marks import once
from tests.people import Cast, sign_in


def said(app: Flask, template: str, root: str = "", **given: Any) -> str:
    with app.test_request_context("/people", environ_overrides={"SCRIPT_NAME": root}):
        signs = '{% from "_parts/marks.html" import strand_mark, person_mark %}'
        return app.jinja_env.from_string(signs + template).render(given)


def test_a_sign_follows_what_it_stands_for(app: Flask, cast: Cast) -> None:
    before = said(app, "{{ strand_mark(one) }}", one=cast.maths)
    cast.maths.name = "<b>Numbers</b>"

    after = said(app, "{{ strand_mark(one) }}", one=cast.maths)
    linked = said(app, "{{ strand_mark(one, '/strands/2') }}", one=cast.maths)

    assert "Mathematics" in before
    assert "&lt;b&gt;Numbers&lt;/b&gt;" in after
    assert 'href="/strands/2"' in linked
    assert "(departed)" in said(app, "{{ person_mark(one) }}", one=cast.gus)
    assert "(departed)" not in said(app, "{{ person_mark(one) }}", one=cast.ana)


def test_a_sign_is_made_once_for_the_same_words_only(app: Flask) -> None:
    made: list[object] = []

    def macro(words: object) -> Markup:
        made.append(words)
        return Markup("{}").format(words)

    sign = once(macro)
    with app.test_request_context("/"):
        shown = [sign(one) for one in ("1", "1", 1, True, "a&b", Markup("a&b"), "a&b")]

    assert [str(one) for one in shown] == ["1", "1", "1", "True", "a&amp;b", "a&b", "a&amp;b"]
    assert made == ["1", 1, True, "a&b", "a&b"]


def test_plain_boxes_keep_their_paragraphs_and_lists(client: FlaskClient, cast: Cast, session: Session) -> None:
    agenda = "Before we begin\r\n\r\n- Number talks\r\n- <b>Exit tickets</b>\r\n\r\n1. Who\r\n2. When"
    note = cast.note(by=cast.ana, shared="partnership", agenda=agenda)
    sign_in(client, cast.ben, session)

    html = "".join(line.strip() for line in client.get(f"/posts/{note.id}").text.splitlines())

    assert '<p class="lines">Before we begin</p>' in html
    assert "<ul><li>Number talks</li><li>&lt;b&gt;Exit tickets&lt;/b&gt;</li></ul>" in html
    assert "<ol><li>Who</li><li>When</li></ol>" in html


def test_addresses_are_those_of_the_place_where_braid_is_mounted(app: Flask) -> None:
    def addresses(root: str, path: str = "/people") -> list[str]:
        with app.test_request_context(path, environ_overrides={"SCRIPT_NAME": root}):
            return [
                url_for("people.show", person_id=7),
                url_for("people.show", person_id=7, _anchor="wrote"),
                url_for("people.listing", page=1),
                url_for("people.listing", page="1", q=["a", "b"]),
                url_for(".listing"),
                app.jinja_env.from_string("{{ url_for('home.show') }}").render(),
            ]

    plain = ["/people/7", "/people/7#wrote", "/people?page=1", "/people?page=1&q=a&q=b", "/people", "/"]
    for _ in range(2):
        assert addresses("") == plain
        assert addresses("/braid") == [f"/braid{one}" for one in plain]
    assert addresses("", "/strands")[4] == "/strands"
    with app.test_request_context("/", base_url="https://braid.example"):
        assert url_for("people.show", person_id=7, _external=True) == "https://braid.example/people/7"
