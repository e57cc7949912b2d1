"""What a route signs in with: files of mode 0600 in the home, never in the database, a page or a
log."""

from pathlib import Path

from db.models import Route
from settings import replace_private_file

FOLDER = "routes"


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
    """In the form in which the route signs in: a password, or a private key in OpenSSH's form."""
    text = secret.strip("\r\n") + ("\n" if route.signs_in_by == "key" else "")
    replace_private_file(_file(home, route), text)


def _file(home: Path, route: Route) -> Path:
    return key_file(home, route) if route.signs_in_by == "key" else password_file(home, route)
