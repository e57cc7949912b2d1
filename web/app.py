"""The pages as one WSGI application: gate, transaction, headers and blueprints, in that order."""

import datetime as dt
import secrets
from collections.abc import Callable

from flask import Flask, Response, g
from flask_wtf import CSRFProtect
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from db import engine
from web import done, errors, presenters, rail
from web.access import Action, gate, needs
from web.blueprints import BLUEPRINTS
from web.context import db
from web.sessions import KeptSessions, real_now
from web.settings import WebSettings

CSRF = CSRFProtect()
UPLOAD_BYTES_MAX = 12 * 1024 * 1024
FORM_PARTS_MAX = 2_000
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def create_app(
    settings: WebSettings,
    sessions: sessionmaker[Session] | None = None,
    clock: Callable[[], dt.datetime] = real_now,
) -> Flask:
    """Every page of the product. Tests hand in their own sessions; nobody else does."""
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key or secrets.token_hex(32),
        MAX_CONTENT_LENGTH=UPLOAD_BYTES_MAX,
        MAX_FORM_PARTS=FORM_PARTS_MAX,
        # A form left open over lunch still belongs to its session; the session itself ends sooner.
        WTF_CSRF_TIME_LIMIT=None,
        # Our own pages send no referrer (see `_headers`), so its absence proves nothing.
        WTF_CSRF_SSL_STRICT=False,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    kept = sessions or engine.sessions(
        engine.connect(settings.database_url, "claimflow_web", pool_size=settings.threads)
    )
    app.extensions["sessions"] = kept
    app.extensions["home"] = settings.home
    app.session_interface = KeptSessions(kept, is_tls=settings.is_tls, clock=clock)
    app.before_request(gate)
    CSRF.init_app(app)
    app.after_request(_commit)
    app.after_request(_headers)
    app.teardown_appcontext(_close)
    errors.register(app)
    presenters.register(app)
    rail.register(app)
    done.register(app)
    app.add_url_rule("/healthz", "healthz", _healthz)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


@needs(Action.ENTER)
def _healthz() -> tuple[dict[str, str], int]:
    db().execute(text("select 1"))
    return {"status": "ok"}, 200


def _commit(response: Response) -> Response:
    """One commit a request. What failed has been rolled back by its error page before this."""
    if "db" in g:
        g.db.commit()
    return response


def _headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    # The sheet and the script hold no patient; everything else is kept nowhere.
    is_ours = response.mimetype in ("text/css", "text/javascript", "application/javascript")
    response.headers["Cache-Control"] = "no-cache" if is_ours else "no-store"
    return response


def _close(_: BaseException | None) -> None:
    session = g.pop("db", None)
    if session is not None:
        session.close()
