"""Passwords are kept as argon2id hashes; a wrong name costs as much time as a wrong password."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LENGTH_MIN = 12
LENGTH_MAX = 200
_HASHER = PasswordHasher()
# Each check takes 64 MiB; two at once bound what a storm of logins can take.
_AT_ONCE = threading.BoundedSemaphore(2)
_NOBODY = _HASHER.hash("nobody has this password")


def hash_password(password: str) -> str:
    with _AT_ONCE:
        return _HASHER.hash(password)


def is_right(password_hash: str | None, password: str) -> bool:
    with _AT_ONCE:
        try:
            return _HASHER.verify(password_hash or _NOBODY, password) and password_hash is not None
        except (VerificationError, InvalidHashError):
            return False


def problem_with(password: str) -> str | None:
    """Why a new password is refused, in words; None when it is taken."""
    if len(password) < LENGTH_MIN:
        return f"Use at least {LENGTH_MIN} characters; a sentence is easy to keep in mind."
    if len(password) > LENGTH_MAX:
        return f"Use at most {LENGTH_MAX} characters."
    return None
