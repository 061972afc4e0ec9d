"""Addresses inside Braid, each put together once: a page has a hundred, and most are those of the page before."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Flask, has_request_context, request

MOST = 20_000
_PLAIN = frozenset({str, int, type(None)})  # what never equals another value and reads differently


def init_app(app: Flask) -> None:
    """Let ``url_for`` remember what it said."""
    remembering = _remembering(app.url_for)
    app.url_for = remembering  # type: ignore[method-assign]
    app.jinja_env.globals["url_for"] = remembering


def _remembering(build: Callable[..., str]) -> Callable[..., str]:
    """Return ``build`` with a memory whose key is all that an address without a host depends on."""

    @lru_cache(maxsize=MOST)
    def kept(_root: str, _method: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
        return build(endpoint, **dict(values))

    def url_for(endpoint: str, **values: Any) -> str:
        if (
            not has_request_context()
            or values.get("_external") is not None
            or not all(type(one) in _PLAIN for one in values.values())
        ):
            return build(endpoint, **values)
        if endpoint.startswith("."):
            endpoint = f"{request.blueprint}{endpoint}" if request.blueprint else endpoint[1:]
        return kept(request.script_root, request.method, endpoint, tuple(values.items()))

    return url_for
