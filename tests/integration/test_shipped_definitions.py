"""A new partnership has definitions at hand, and its own are never overwritten by them."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Event, Indicator, StudentGroup
from app.services import shipped_definitions
from tests.pages import get, post
from tests.people import Cast, sign_in


def test_the_data_office_adds_what_is_not_defined_yet(client: FlaskClient, session: Session, cast: Cast) -> None:
    sign_in(client, cast.flo, session)

    before = get(client, "/indicators")
    after = post(client, "/indicators/catalogue", before.form("/indicators/catalogue"), follow=True)

    assert "Definitions that come with Braid" in before.words
    assert "38 indicators that California publishes of every district" in before.words
    assert "38 indicators are defined now." in after.words
    assert "Definitions that come with Braid" not in after.words
    session.expire_all()
    assert session.scalar(select(func.count()).select_from(Indicator)) == len(shipped_definitions.codes())
    assert session.scalar(select(func.count()).select_from(StudentGroup)) == 32
    assert cast.graduation.numerator == ""  # it was here before, and stays as it was
    companion = session.scalars(select(Indicator).where(Indicator.code == "four_year_dropout_rate")).one().companion_id
    assert companion is not None
    assert session.scalars(select(Event.action)).all()[-1] == "indicators.loaded"


def test_again_adds_nothing(client: FlaskClient, session: Session, cast: Cast) -> None:
    shipped_definitions.add(cast.work(cast.flo))
    session.commit()
    sign_in(client, cast.dee, session)

    page = post(client, "/indicators/catalogue", follow=True)

    assert "Every definition of the catalogue is here already." in page.words
    assert session.scalar(select(func.count()).select_from(Indicator)) == len(shipped_definitions.codes())


@pytest.mark.parametrize("name", ["ana", "cy"])
def test_others_are_not_offered_it_and_cannot(client: FlaskClient, session: Session, cast: Cast, name: str) -> None:
    sign_in(client, getattr(cast, name), session)

    assert "Definitions that come with Braid" not in get(client, "/indicators").words
    assert post(client, "/indicators/catalogue").code == 403
    assert session.scalar(select(func.count()).select_from(Indicator)) == 1
