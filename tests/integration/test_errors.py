"""Error pages lead on: back, to a search, to whom one can ask. They tell nothing of what is there."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.pages import Page, get
from tests.people import Cast, sign_in

HERE = "http://localhost"


def came(client: FlaskClient, path: str, referrer: str, method: str = "GET") -> Page:
    answer = client.open(path, method=method, headers={"Accept": "text/html", "Referer": referrer})
    return Page(answer, client)


def main_of(page: Page) -> str:
    return page.html.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(
    ("referrer", "leads"),
    [
        (f"{HERE}/posts?kind=practice", "/posts?kind=practice"),
        ("http://elsewhere.example/posts", None),
        (f"{HERE}/", None),
        (f"{HERE}//elsewhere.example/x", None),
        (f"{HERE}/posts/999", None),
        ("nonsense", None),
        ("", None),
    ],
)
def test_the_way_back_is_a_page_of_this_site(
    client: FlaskClient, session: Session, cast: Cast, referrer: str, leads: str | None
) -> None:
    sign_in(client, cast.ana, session)

    page = came(client, "/posts/999", referrer)

    assert page.code == 404
    assert ("Back to the page you came from" in page.words) == (leads is not None)
    assert leads is None or leads in page.links()
    assert "elsewhere.example" not in page.html


def test_what_is_missing_and_what_may_not_be_read_have_one_answer(
    client: FlaskClient, session: Session, cast: Cast
) -> None:
    draft = cast.practice(cast.ben, "Number secrets")
    sign_in(client, cast.ana, session)

    hidden, missing = (get(client, f"/posts/{number}-exit-tickets") for number in (draft.id, 999))

    assert (hidden.code, missing.code) == (404, 404)
    assert main_of(hidden) == main_of(missing)
    assert "secrets" not in hidden.html
    assert "Search for “exit tickets”" in hidden.words
    assert "/search?q=exit+tickets" in hidden.links()
    assert "Search for" not in get(client, "/posts/999").words
    assert "/search" in get(client, "/posts/999").links()


def test_a_refusal_names_the_managers(client: FlaskClient, session: Session, cast: Cast) -> None:
    practice = cast.practice(cast.ana, "Number talks", shared="partnership")
    sign_in(client, cast.cy, session)

    page = came(client, f"/posts/{practice.id}/edit", f"{HERE}/posts/{practice.id}")
    sent = came(client, f"/posts/{practice.id}/edit", f"{HERE}/posts/{practice.id}/edit", "POST")

    assert page.code == 403
    assert "ask Dee Example, who manages the partnership." in page.words
    assert f"/people/{cast.dee.id}" in page.links()
    assert "Back to the page you came from" in page.words
    assert sent.code == 403
    assert "Back to the page" not in sent.words, "it would open the form anew"
    assert "Your browser’s Back button leads to the form as you left it." in sent.words


def test_what_cannot_be_done_there_leads_back(client: FlaskClient, session: Session, cast: Cast) -> None:
    sign_in(client, cast.dee, session)

    page = came(client, "/sign-out", f"{HERE}/people")

    assert page.code == 405
    assert "/people" in page.links()
    assert "Back to the page you came from" in page.words
    assert not re.search("ask .* who manages", page.words)
