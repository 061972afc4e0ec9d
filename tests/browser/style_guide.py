"""A small Flask app that shows every part of the look, and an edit page, under the real content security policy."""

import json
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace as Thing
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from jinja2 import ChoiceLoader, FileSystemLoader
from markupsafe import Markup
from werkzeug.serving import WSGIRequestHandler, make_server
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from app.search.asking import LONGEST_QUESTION
from app.web import marks

ROOT = Path(__file__).parents[2]
PAGES = Path(__file__).parent / "pages"
DIST = ROOT / "static" / "dist"
POLICY = (
    "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
FRAME = (ROOT / "templates" / "_parts" / "frame.html").read_text("utf-8")
ENDPOINTS = set(re.findall(r"""url_for\(['"]([a-z_.]+)['"]""", FRAME))
FRESNO = Thing(name="Fresno Unified", short_name="Fresno", colour=1)
LONG_BEACH = Thing(name="Long Beach Unified", short_name="Long Beach", colour=2)
ANA = Thing(id=1, name="Ana Ruiz", departed_at=None)
BEN = Thing(id=2, name="Ben Okafor", departed_at=datetime(2025, 6, 30, tzinfo=UTC))
STRANDS = [
    Thing(id=1, name="English learners", colour=1, icon="languages"),
    Thing(id=2, name="Mathematics", colour=2, icon="sigma"),
    Thing(id=3, name="Leadership development", colour=3, icon="compass"),
    Thing(id=4, name="College and career readiness", colour=4, icon="graduation-cap"),
]
PEOPLE = [
    {"label": "Ana Ruiz", "detail": "Fresno Unified", "href": "/people/1", "kind": "person"},
    {"label": "Ben Okafor", "detail": "Long Beach Unified", "href": "/people/2", "kind": "person"},
    {"label": "Number talks", "detail": "Practice, Mathematics", "href": "/posts/7-number-talks", "kind": "practice"},
]
PROMPTS = {
    "The problem it answers": "What were you seeing, and for which students?",
    "What people do": "Describe it so that somebody elsewhere could try it.",
}


class DecisionForm(Form):  # type: ignore[misc]
    """One decision of a meeting."""

    text = TextAreaField("What was decided")
    decided_by = StringField("Who decided")


class GuideForm(Form):  # type: ignore[misc]
    """One field of every kind."""

    title = StringField("Title", [InputRequired("Give it a title people will recognise.")])
    body = TextAreaField("What happened")
    strand = SelectField("Strand", choices=[SelectChoice(str(strand.id), strand.name) for strand in STRANDS])
    met_on = DateField("Met on")
    kind = RadioField(
        "Kind of meeting",
        choices=[SelectChoice("call", "Strand call"), SelectChoice("visit", "Site visit")],
        default="call",
    )
    grades = SelectMultipleField(
        "Grades",
        choices=[SelectChoice("k5", "K to 5"), SelectChoice("68", "6 to 8"), SelectChoice("912", "9 to 12")],
        option_widget=widgets.CheckboxInput(),
        widget=widgets.ListWidget(prefix_label=False),
    )
    is_joint = BooleanField("Both districts were there", description="Then both see it in their lists.")
    decisions = FieldList(FormField(DecisionForm), min_entries=1)


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """Say nothing of each request."""


class Server:
    """What the edit page's server was sent, and how it should answer."""

    def __init__(self) -> None:
        self.text = ""
        self.saved: list[dict[str, str]] = []
        self.status = 200
        self.prompts: dict[str, str] = {}
        self.address = ""


def asset(name: str) -> str:
    """Return the address of a built file."""
    manifest: dict[str, str] = json.loads((DIST / "manifest.json").read_text("utf-8"))
    return f"/static/dist/{manifest[name]}"


def _frame() -> dict[str, Any]:
    partnership = Thing(id=1, name="Fresno–Long Beach Learning Partnership")
    frame = Thing(
        partnership=partnership,
        partnerships=[partnership],
        strands=STRANDS,
        person=None if request.path.startswith("/public") else ANA,
        district=FRESNO,
        is_manager=True,
        writes=True,
        is_demo=True,
        due=3,
    )
    return {"frame": frame}


def _decision_blank() -> DecisionForm:
    return DecisionForm(prefix="decisions-__index__-")


def create(server: Server) -> Flask:
    """Return the app; ``server`` remembers what the edit page sent."""
    app = Flask(__name__, static_folder=str(ROOT / "static"))
    app.jinja_loader = ChoiceLoader([FileSystemLoader(ROOT / "templates"), FileSystemLoader(PAGES)])
    app.secret_key = os.urandom(16)
    marks.init_app(app)
    app.jinja_env.globals.update(asset=asset, csrf_token=lambda: "the-token", when_mark="{:%-d %B %Y}".format)
    app.jinja_env.globals["fragment"] = lambda *_, caller: caller()
    app.jinja_env.globals["longest_question"] = LONGEST_QUESTION
    app.jinja_env.filters["when"] = lambda moment: f"{moment:%-d %B %Y}"
    app.context_processor(_frame)
    for endpoint in ENDPOINTS:
        app.add_url_rule(f"/{endpoint}", endpoint, lambda **_: "Elsewhere", methods=["GET", "POST"])
    _add_pages(app, server)

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return app


def _add_pages(app: Flask, server: Server) -> None:
    @app.get("/guide")
    @app.get("/public/guide", endpoint="public_guide")
    def guide() -> str:
        form = GuideForm(data={"decisions": [{"text": "Visit in March"}]})
        form.title.errors = ["Give it a title people will recognise."]
        facts = {"ana": ANA, "ben": BEN, "fresno": FRESNO, "long_beach": LONG_BEACH, "strands": STRANDS}
        picture = Markup((PAGES / "picture.svg").read_text("utf-8"))  # noqa: S704 - our own drawing
        return render_template(
            "guide.html", form=form, picture=picture, blank=_decision_blank(), now=datetime.now(UTC), **facts
        )

    @app.route("/edit", methods=["GET", "POST"])
    def edit() -> str:
        form = GuideForm(request.form, body=server.text)
        return render_template("edit.html", form=form, blank=_decision_blank(), prompts=server.prompts)

    @app.post("/drafts/d1")
    def draft() -> ResponseReturnValue:
        if server.status != 200:
            return "Not now.", server.status
        server.saved.append(request.form.to_dict())
        return jsonify(saved="10:42")

    @app.get("/mentions")
    def mentions() -> ResponseReturnValue:
        asked = request.args["q"].lower()
        return jsonify([mention for mention in PEOPLE if mention["label"].lower().startswith(asked)])

    @app.post("/preview")
    def preview() -> ResponseReturnValue:
        length = len(request.form["text"])
        return (f"<p>Preview of {length} characters</p>", 200) if length < 100 else ("<p>Split it into two.</p>", 422)


@contextmanager
def serving() -> Iterator[Server]:
    """Serve the app on a free port for as long as needed."""
    server = Server()
    http = make_server("127.0.0.1", 0, create(server), threaded=True, request_handler=_Quiet)
    server.address = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
