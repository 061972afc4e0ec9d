"""What guards share."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.guards.world import World, build
from tests.people import Cast


@pytest.fixture
def world(app: Flask, cast: Cast, session: Session) -> World:
    return build(app, cast, session)
