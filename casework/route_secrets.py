"""What a route signs in with: files of mode 0600 in the home, never in the database, a page or a
log."""

import re
from pathlib import Path

from casework.refusals import Refused
from db.models import Route
from settings import replace_private_file

FOLDER = "routes"
_PRIVATE_KEY = re.compile(r"-----BEGIN ([A-Z ]*PRIVATE KEY)-----\s.+\s-----END \1-----", re.DOTALL)

NO_KEY = (
    "This is no private key. Give the whole file, from its line -----BEGIN … PRIVATE KEY----- to "
    "its line -----END … PRIVATE KEY-----."
)


def password_file(home: Path, route: Route) -> Path:
    return home / FOLDER / f"{route.name}.password"


def key_file(home: Path, route: Route) -> Path:
    return home / FOLDER / f"{route.name}.key"


def is_there(home: Path, route: Route) -> bool:
    return _file(home, route).exists()


def password(home: Path, route: Route) -> str | None:
    try:
        return password_file(home, route).read_text(encoding="utf-8").rstrip("\r\n")
    except FileNotFoundError:
        return None


def keep(home: Path, route: Route, secret: str) -> None:
    """In the form in which the route signs in: a password, or a private key in OpenSSH's form.

    Raises `Refused` for what is plainly no private key, a public key above all.
    """
    if route.signs_in_by == "key" and not _PRIVATE_KEY.fullmatch(secret.strip()):
        raise Refused.of("secret", NO_KEY)
    text = secret.strip("\r\n") + ("\n" if route.signs_in_by == "key" else "")
    replace_private_file(_file(home, route), text)


def _file(home: Path, route: Route) -> Path:
    return key_file(home, route) if route.signs_in_by == "key" else password_file(home, route)
