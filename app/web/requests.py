"""What browsers send, as the rest of Braid may rely on it: text without the NUL that no database keeps."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict, iter_multi_items

NUL = "\0"


class PlainText(ImmutableMultiDict[str, Any]):
    """Fields of a form or an address; a NUL in a name or a text is left out."""

    def __init__(self, mapping: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None) -> None:
        given = iter_multi_items(mapping) if mapping is not None else ()
        super().__init__([(_plain(name), _plain(value)) for name, value in given])


class PlainRequest(Request):
    """A request whose fields hold no NUL."""

    parameter_storage_class = PlainText


def init_app(app: Flask) -> None:
    """Read every request this way; an address with a NUL leads nowhere."""
    app.request_class = PlainRequest
    app.before_request(_refuse)


def _refuse() -> None:
    if NUL in request.path:
        abort(404)


def _plain(value: Any) -> Any:
    return value.replace(NUL, "") if isinstance(value, str) else value
