"""Which post office a setting names, and what is said where it names none."""

import pytest

from app.lib import emails
from app.mail import Outbox, Smtp, open_post
from app.web.browsers import words
from app.web.outbox import linked


def test_a_setting_names_a_post_office() -> None:
    assert isinstance(open_post("outbox:"), Outbox)
    plain = open_post("smtp://mail.example:2525")
    assert isinstance(plain, Smtp)
    assert (plain.host, plain.port, plain.encrypted, plain.user) == ("mail.example", 2525, False, "")
    full = open_post("smtps://braid%40example.org:p%2Fw@mail.example", "Braid <braid@example.org>")
    assert isinstance(full, Smtp)
    assert (full.port, full.encrypted, full.user, full.password) == (465, True, "braid@example.org", "p/w")
    assert full.sender == "Braid <braid@example.org>"


@pytest.mark.parametrize(("url", "port"), [("smtp://m.example", 25), ("smtp://a:b@m.example", 587)])
def test_the_usual_ports(url: str, port: int) -> None:
    office = open_post(url)
    assert isinstance(office, Smtp)
    assert office.port == port


@pytest.mark.parametrize("url", ["", "mail.example", "http://mail.example", "smtp:", "smtp://"])
def test_anything_else_says_what_to_write(url: str) -> None:
    with pytest.raises(ValueError, match="Write smtp://HOST:PORT"):
        open_post(url)


def test_the_password_is_not_printed() -> None:
    assert "hush" not in repr(open_post("smtp://braid:hush@mail.example"))


def test_addresses_are_kept_in_lower_case() -> None:
    assert emails.normalise("  Ana.Ruiz@Fresno.Example ") == "ana.ruiz@fresno.example"


@pytest.mark.parametrize(
    "text", ["", "ana", "ana@", "@fresno.example", "a b@fresno.example", "ana@fresno.example\nBcc: x@y.org"]
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match="is not an e-mail address"):
        emails.normalise(text)


def test_only_links_become_links() -> None:
    said = linked('<b>Hello</b>, open http://127.0.0.1:8000/join/a-b_c\n\n"javascript:alert(1)"')
    assert str(said) == (
        '&lt;b&gt;Hello&lt;/b&gt;, open <a href="http://127.0.0.1:8000/join/a-b_c">http://127.0.0.1:8000/join/a-b_c</a>'
        "\n\n&#34;javascript:alert(1)&#34;"
    )


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
        ("Mozilla/5.0 (Macintosh) AppleWebKit/605 (KHTML) Version/18 Safari/605.1", "Safari on a Mac"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/140.0 Safari/537 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; CrOS x86_64) AppleWebKit/537 Chrome/140.0 Safari/537", "Chrome on a Chromebook"),
        ("curl/8.0", "A browser"),
    ],
)
def test_browsers_are_named_as_people_do(agent: str, said: str) -> None:
    assert words(agent) == said
