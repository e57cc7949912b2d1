"""The demo's people: invented, one or two for each role, with passwords that are meant to be known."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Provider, User
from domain.tasks import Role
from web.passwords import hash_password

# (role, username, password); two supervisors, because nobody approves their own write-off.
USERS: list[tuple[str, str, str]] = [
    ("coder", "chris", "chris-demo-2026"),
    ("biller", "ana", "ana-demo-2026"),
    ("supervisor", "lee", "lee-demo-2026"),
    ("supervisor", "noor", "noor-demo-2026"),
    ("provider", "okafor", "okafor-demo-2026"),
    ("provider", "lindqvist", "lindqvist-demo-2026"),
    ("provider", "moreau", "moreau-demo-2026"),
    ("front_desk", "flora", "flora-demo-2026"),
    ("administrator", "admin", "admin-demo-2026"),
    ("auditor", "audrey", "audrey-demo-2026"),
]
NAMES = {
    "chris": "Chris Vale",
    "ana": "Ana Reyes",
    "lee": "Lee Park",
    "noor": "Noor Haddad",
    "okafor": "Ruth Okafor",
    "lindqvist": "Samuel Lindqvist",
    "moreau": "Elena Moreau",
    "flora": "Flora Quist",
    "admin": "Ada Min",
    "audrey": "Audrey Lund",
}


def create(session: Session) -> None:
    """Make those that are missing."""
    known = set(session.scalars(select(User.username)))
    providers = {p.last_name.lower(): p.id for p in session.scalars(select(Provider))}
    for role, username, password in USERS:
        if username not in known:
            session.add(
                User(
                    username=username,
                    full_name=NAMES[username],
                    role=Role(role),
                    password_hash=hash_password(password),
                    provider_id=providers.get(username),
                )
            )
    session.flush()
