"""Logins kept in PostgreSQL: the cookie holds 256 random bits, the table only their hash. A session
ends after 15 idle minutes, after 12 hours, or the moment somebody revokes it."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from typing import Any

from flask import Flask, Request, Response, g
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, joinedload, sessionmaker
from werkzeug.datastructures import CallbackDict

from db.models import UserSession

IDLE_AFTER = dt.timedelta(minutes=15)
ENDS_AFTER = dt.timedelta(hours=12)
# Before the login a session only carries a form's token.
DOOR_ENDS_AFTER = dt.timedelta(minutes=30)
# Not every click needs a write: to the half minute is exact enough for 15 minutes.
SEEN_EVERY = dt.timedelta(seconds=30)
TOKEN_BYTES = 32
# At each login so many sessions are forgotten that ended long enough ago to interest nobody.
SWEPT_AFTER = dt.timedelta(days=1)
SWEPT_MAX = 500
# A page that asks by itself says so, and does not keep its person signed in.
POLL_HEADER = "X-Poll"


def real_now() -> dt.datetime:
    """Sessions age in real time, whatever the business clock does."""
    return dt.datetime.now(dt.UTC)


class KeptSession(CallbackDict[str, Any], SessionMixin):
    """A dict that remembers its cookie, whose it is, and whether it changed."""

    def __init__(self, token: str | None = None, row: UserSession | None = None) -> None:
        def changed(_: object) -> None:
            self.modified = True

        super().__init__(dict(row.data) if row else None, changed)
        self.token = token
        self.row = row
        self.modified = False
        self.new = row is None
        self.ended: list[str] = []

    def renew(self, user_id: int | None) -> None:
        """Another token for another right: after a login, and after a logout."""
        if self.token:
            self.ended.append(self.token)
        self.clear()
        self.token, self.row, self.modified = None, None, user_id is not None
        self.user_id = user_id

    user_id: int | None = None


class KeptSessions(SessionInterface):
    def __init__(
        self, sessions: sessionmaker[Session], *, is_tls: bool, clock: Callable[[], dt.datetime]
    ) -> None:
        self.sessions = sessions
        self.is_tls = is_tls
        self.clock = clock
        # A client on plain http never sends a `Secure` cookie back, so the name follows the
        # transport.
        self.cookie = "__Host-claimflow" if is_tls else "claimflow"

    def open_session(self, app: Flask, request: Request) -> KeptSession:  # noqa: ARG002
        token = request.cookies.get(self.cookie)
        if not token or request.path.startswith("/static/"):
            return KeptSession()
        with self.sessions() as database:
            row = self._alive(database, token)
            if row is None:
                return KeptSession()
            is_poll = request.headers.get(POLL_HEADER) == "1"
            if not is_poll and self.clock() - row.seen_at > SEEN_EVERY:
                row.seen_at = self.clock()
            database.commit()
            kept = KeptSession(token, row)
            kept.user_id = row.user_id
            g.user = row.user
            return kept

    def _alive(self, database: Session, token: str) -> UserSession | None:
        now = self.clock()
        row = database.scalars(
            select(UserSession)
            .where(UserSession.token_hash == hashed(token))
            .where(UserSession.ended_at.is_(None))
            .where(UserSession.expires_at > now)
            .where(UserSession.seen_at > now - IDLE_AFTER)
            .options(joinedload(UserSession.user))
        ).one_or_none()
        if row is None or (row.user is not None and not row.user.is_active):
            return None
        return row

    def save_session(
        self,
        app: Flask,  # noqa: ARG002 - Flask hands it in by position.
        session: SessionMixin | None,
        response: Response,
    ) -> None:
        if session is None:
            # It could not be read: the database was down, and the page that says so is on its way.
            return
        assert isinstance(session, KeptSession)
        if not session.modified and not session.ended:
            return
        with self.sessions.begin() as database:
            for token in session.ended:
                database.execute(
                    update(UserSession)
                    .where(UserSession.token_hash == hashed(token))
                    .values(ended_at=func.clock_timestamp())
                )
            if session.token:
                self._keep(database, session)
            elif session.modified:
                self._begin(database, session, response)
            else:
                response.delete_cookie(self.cookie, secure=self.is_tls, httponly=True)

    def _keep(self, database: Session, session: KeptSession) -> None:
        assert session.token is not None
        database.execute(
            update(UserSession)
            .where(UserSession.token_hash == hashed(session.token))
            .values(data=dict(session))
        )

    def _begin(self, database: Session, session: KeptSession, response: Response) -> None:
        token, now = secrets.token_urlsafe(TOKEN_BYTES), self.clock()
        ends_after = ENDS_AFTER if session.user_id else DOOR_ENDS_AFTER
        database.add(
            UserSession(
                token_hash=hashed(token),
                user_id=session.user_id,
                data=dict(session),
                seen_at=now,
                expires_at=now + ends_after,
            )
        )
        response.set_cookie(
            self.cookie, token, httponly=True, secure=self.is_tls, samesite="Lax", path="/"
        )


def hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def revoke_all(session: Session, user_id: int) -> None:
    """End every login of one person, as when a password changes."""
    session.execute(
        update(UserSession)
        .where(UserSession.user_id == user_id)
        .where(UserSession.ended_at.is_(None))
        .values(ended_at=func.clock_timestamp())
    )


def sweep(session: Session) -> None:
    """Forget sessions whose time is long over; who signed in and when stays in the attempts."""
    over = (
        select(UserSession.token_hash)
        .where(UserSession.expires_at < func.clock_timestamp() - SWEPT_AFTER)
        .order_by(UserSession.expires_at, UserSession.token_hash)
        .limit(SWEPT_MAX)
        .with_for_update(skip_locked=True)
    )
    session.execute(delete(UserSession).where(UserSession.token_hash.in_(over)))
