"""Every part of the site, in one list."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

from app.lib.numbers import LARGEST
from app.web import (
    account,
    administration,
    adoptions,
    annotations,
    comments,
    commitments,
    crosswalks,
    definitions,
    districts,
    drafts,
    feeds,
    goals,
    history,
    home,
    imports,
    inbox,
    indicators,
    mappings,
    outbox,
    partnerships,
    people,
    posts,
    saved_searches,
    schools,
    search,
    sharing,
    strands,
    suggestions,
    trash,
    typed_figures,
    vocabulary,
)

PARTS = (
    home,
    inbox,
    search,
    saved_searches,
    suggestions,
    feeds,
    posts,
    sharing,
    history,
    trash,
    drafts,
    comments,
    adoptions,
    commitments,
    indicators,
    definitions,
    schools,
    imports,
    mappings,
    typed_figures,
    goals,
    crosswalks,
    annotations,
    strands,
    districts,
    people,
    account,
    partnerships,
    administration,
    vocabulary,
    outbox,
)


class RowNumber(IntegerConverter):
    """A number in an address; what no database holds leads nowhere."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST)


def init_app(app: Flask) -> None:
    """Register the parts."""
    app.url_map.converters["int"] = RowNumber
    for part in PARTS:
        app.register_blueprint(part.bp)
