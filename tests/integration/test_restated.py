"""A restated year is not taken from one that was published before: the state's own files of 2011 and 2012."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Indicator
from app.services import figures
from tests.demo import define
from tests.pages import get
from tests.people import Cast, sign_in
from tests.real import DATA

API = DATA / "figures" / "api"

pytestmark = pytest.mark.skipif(not API.exists(), reason="the state's files are not on this machine")


@pytest.fixture
def api(cast: Cast, drawn: list[str]) -> int:  # noqa: ARG001 - nothing is drawn
    """Load the catalogue; return the number of the API."""
    define(cast)
    return cast.session.scalars(select(Indicator.id).where(Indicator.code == "api_growth")).one()


def load(cast: Cast, *names: str) -> None:
    for name in names:
        assert figures.load(cast.work(cast.flo), API / f"{name}-api.fresno_longbeach.csv").refused == ()
    cast.session.commit()


def test_the_726_of_the_base_is_not_taken_from_the_711_of_the_growth(
    client: FlaskClient, session: Session, cast: Cast, api: int
) -> None:
    load(cast, "2011-growth", "2012-growth", "2012-base")
    sign_in(client, cast.ana, session)

    page = get(client, f"/indicators/{api}").words

    assert "Fresno stood at 726 in 2011-12, not compared with 711 in 2009-10" in page
    assert "a change is only a change within one release" in page
    assert "2011-12 was published as 723, restated 726" in page
    assert "up 15" not in page
    assert "Not compared with 2010-11, which another release gives" in get(client, "/indicators").words


def test_the_growth_alone_gives_both_years(client: FlaskClient, session: Session, cast: Cast, api: int) -> None:
    load(cast, "2011-growth", "2012-growth")
    sign_in(client, cast.ana, session)

    assert "Fresno stood at 723 in 2011-12, up" in get(client, f"/indicators/{api}").words
