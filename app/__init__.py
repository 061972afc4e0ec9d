"""Braid: where districts share what they learn."""

from datetime import timedelta

from flask import Flask
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app.charts import open_charts
from app.db import db, prepare
from app.lib.rendering import Renderer
from app.search import open_index
from app.search.protocol import SearchIndex
from app.web import (
    addresses,
    assets,
    errors,
    frame,
    gate,
    headers,
    imports,
    kept,
    marks,
    requests,
    routes,
    templates,
    visitors,
)
from config import ROOT, Settings

migrate = Migrate(compare_type=True, render_as_batch=True)
csrf = CSRFProtect()

LARGEST = 10 * 1024 * 1024  # bytes of one request
SESSION = timedelta(days=30)
# A page asks what the pages before it asked: planning that once is enough, and takes longer than answering.
POSTGRESQL = {
    "pool_pre_ping": True,
    "connect_args": {"prepare_threshold": 1, "options": "-c plan_cache_mode=force_generic_plan -c jit=off"},
}


def create_app(settings: Settings, *, index: SearchIndex | None = None) -> Flask:
    """Build the application: the only place where parts meet."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={} if settings.database_url.startswith("sqlite") else POSTGRESQL,
        MAX_CONTENT_LENGTH=LARGEST,
        MAX_FORM_MEMORY_SIZE=LARGEST,
        MAX_FORM_PARTS=5000,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        PERMANENT_SESSION_LIFETIME=SESSION,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
        WTF_CSRF_TIME_LIMIT=None,
        BRAID=settings,
    )
    if settings.proxies:
        n = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    app.extensions["braid.index"] = index or open_index(settings.search_url)
    app.extensions["braid.renderer"] = Renderer()
    app.extensions["braid.charts"] = open_charts(settings.data / "charts")
    templates.init_app(app, settings.data / "templates")  # before anything gives templates a word
    headers.init_app(app)
    requests.init_app(app)
    imports.init_app(app)  # before the form is read, which csrf does
    csrf.init_app(app)
    visitors.init_app(app)
    gate.init_app(app)
    assets.init_app(app)
    frame.init_app(app)
    addresses.init_app(app)
    marks.init_app(app)
    kept.init_app(app)
    routes.init_app(app)
    errors.init_app(app)
    return app
