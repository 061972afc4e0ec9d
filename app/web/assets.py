"""Addresses of the built style sheet and scripts, whose names carry their hash so that browsers may keep them."""

import json
from functools import cache
from pathlib import Path

from flask import Flask, request, url_for


def init_app(app: Flask) -> None:
    """Give templates ``asset("braid.css")``; it is empty where the front end was not built."""
    manifest = Path(app.static_folder or "") / "dist" / "manifest.json"
    names: dict[str, str] = json.loads(manifest.read_text()) if manifest.exists() else {}

    @cache  # a page asks for the icons some fifty times
    def address(name: str, _root: str) -> str:
        return url_for("static", filename=f"dist/{names[name]}")

    def asset(name: str) -> str:
        return address(name, request.script_root) if name in names else ""

    app.jinja_env.globals["asset"] = asset
