"""What is offered while somebody types."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.policy import Sharing
from app.services.posts import share
from tests.integration.conftest import Indexed
from tests.people import Cast, sign_in


def offered(client: FlaskClient, typed: str) -> dict[str, list[str]]:
    answer = client.get("/suggestions", query_string={"q": typed})
    assert answer.status_code == 200
    said: dict[str, Any] = answer.get_json()
    return {group["label"]: [one["label"] for one in group["options"]] for group in said["groups"]}


def test_posts_people_indicators_strands_and_past_searches(
    client: FlaskClient, session: Session, cast: Cast, indexed: Indexed
) -> None:
    cast.practice(cast.ana, "Graduation coaches", shared="partnership")
    cast.practice(cast.ana, "Graduation secrets")
    cast.flo.name = "Grace Example"
    session.commit()
    indexed()
    sign_in(client, cast.ben, session)
    client.get("/search?q=graduate+profile")

    assert offered(client, "gra") == {
        "You searched for": ["graduate profile"],
        "Posts": ["Graduation coaches"],
        "People": ["Grace Example"],
        "Indicators": ["Four-year graduation rate"],
    }
    assert offered(client, "math") == {"Strands": ["Mathematics"]}
    assert offered(client, "coach") == {"Posts": ["Graduation coaches"]}
    assert offered(client, "") == {"You searched for": ["graduate profile"]}
    assert offered(client, "zzz") == {}


def test_a_stranger_is_offered_what_is_public(client: FlaskClient, cast: Cast, indexed: Indexed) -> None:
    cast.practice(cast.ana, "Open graduation", shared="public")
    cast.practice(cast.ana, "Graduation for members", shared="partnership")
    indexed()

    assert offered(client, "gra") == {"Posts": ["Open graduation"]}
    assert offered(client, "math") == {}
    assert offered(client, "") == {}


def test_what_was_hidden_or_renamed_a_moment_ago(
    client: FlaskClient, session: Session, cast: Cast, indexed: Indexed
) -> None:
    hidden = cast.practice(cast.ana, "Graduation coaches", shared="partnership")
    renamed = cast.practice(cast.ana, "Graduation circles", shared="partnership")
    indexed()
    share(cast.work(cast.ana), hidden, Sharing.DRAFT)
    renamed.title = "Senior circles"
    session.commit()
    sign_in(client, cast.ben, session)

    assert offered(client, "gra").get("Posts") == ["Senior circles"]


def test_odd_letters_are_no_trouble(client: FlaskClient, session: Session, cast: Cast, indexed: Indexed) -> None:
    cast.practice(cast.ana, "Graduation coaches", shared="partnership")
    indexed()
    sign_in(client, cast.ben, session)

    for typed in ("%", "_", "\\", "'", '"', "*", "(", "-", ":", "strand:", "\x00", "é" * 500, "🙂", "a" * 5000, "  "):
        assert client.get("/suggestions", query_string={"q": typed}).status_code == 200
        assert client.get("/related", query_string={"title": typed * 3, "text": typed}).status_code in {200, 204}
