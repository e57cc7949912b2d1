"""Every refusal as a page in words: what is kept, what was not done, and the way on. No traceback
ever leaves the process."""

import traceback
from http import HTTPStatus
from pathlib import Path

import structlog
from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from casework.refusals import Forbidden, Refused, Stale
from web import audit
from web.context import user

LOG = structlog.get_logger()
PLACES_MAX = 12

TITLES = {
    400: "This form did not come from an open page",
    401: "You are not signed in",
    403: "This is not yours to do",
    404: "Nothing is here",
    405: "Nothing was done",
    409: "Somebody was first",
    413: "This file is too large",
    422: "Not saved",
    429: "Too many attempts",
    500: "Something failed on our side",
}
WORDS = {
    400: "Its token is missing or of another session. Open the page again; nothing was changed.",
    401: "Sign in, then do it again. Nothing was changed.",
    403: "Your role has no right to it. The refusal is recorded; nothing was changed.",
    404: "The address is wrong, or what it named is not here any more.",
    405: "This address does not take that kind of request. Nothing was changed.",
    413: "A file may have at most 12 MB. Nothing was taken in.",
    500: "Nothing of this request was saved. Try again; if it fails again, tell the administrator "
    "the time.",
}


def register(app: Flask) -> None:
    app.register_error_handler(CSRFError, _token)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Forbidden, _forbidden)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Stale, _stale)
    app.register_error_handler(Exception, _failed)


def page(status: int, words: str | None = None) -> ResponseReturnValue:
    """The page of a refusal. Whatever the request had begun is rolled back first."""
    if "db" in g:
        g.db.rollback()
    title = TITLES.get(status, "This did not work")
    words = words or WORDS.get(status, "Nothing was changed.")
    return render_template("errors/error.html", status=status, title=title, words=words), status


def _token(_: CSRFError) -> ResponseReturnValue:
    return page(400)


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if error.response is not None or status < HTTPStatus.BAD_REQUEST:
        return error  # A redirect (to a path with its slash) is no refusal.
    said = error.description if type(error).description != error.description else None
    return page(status, said)


def _forbidden(error: Forbidden) -> ResponseReturnValue:
    answer = page(403, str(error))
    someone = user()
    if someone is not None:
        audit.refused(someone, str(error))
    return answer


def _refused(error: Refused) -> ResponseReturnValue:
    return page(422, str(error))


def _stale(error: Stale) -> ResponseReturnValue:
    return page(409, error.words)


def _failed(error: Exception) -> ResponseReturnValue:
    # Neither the message nor any local value: both may hold a patient.
    kind, where = type(error).__name__, _places(error)
    LOG.error("page failed", endpoint=request.endpoint, error=kind, where=where)
    try:
        return page(500)
    except Exception:  # The database itself is away: the page must not need it.
        LOG.error("error page failed", endpoint=request.endpoint)
        if "db" in g:
            g.db.rollback()
        return f"<!doctype html><title>{TITLES[500]}</title><p>{WORDS[500]}", 500


def _places(error: Exception) -> list[str]:
    """The last places of the code on the way to the failure."""
    frames = traceback.extract_tb(error.__traceback__)[-PLACES_MAX:]
    return [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
