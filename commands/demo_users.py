"""The demo's people: at least one for each role, all invented, with passwords that everybody may
know. Never made outside a demo."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.models import Provider, User
from domain.tasks import Role
from web import passwords


@dataclass(frozen=True, kw_only=True)
class Person:
    """`npi` says which provider of the practice this is: each answers only their own queries."""

    role: Role
    username: str
    full_name: str
    npi: str | None = None

    @property
    def password(self) -> str:
        return f"{self.username} tries claimflow"


PEOPLE = (
    Person(role=Role.BILLER, username="ana", full_name="Ana Ruiz"),
    Person(role=Role.CODER, username="chris", full_name="Chris Lane"),
    Person(role=Role.SUPERVISOR, username="sam", full_name="Sam Adler"),
    Person(role=Role.SUPERVISOR, username="lee", full_name="Lee Park"),
    Person(role=Role.PROVIDER, username="ruth", full_name="Ruth Okafor, MD", npi="1992000012"),
    Person(
        role=Role.PROVIDER, username="samuel", full_name="Samuel Lindqvist, MD", npi="1992000020"
    ),
    Person(role=Role.PROVIDER, username="elena", full_name="Elena Moreau, DO", npi="1992000038"),
    Person(role=Role.FRONT_DESK, username="finn", full_name="Finn Osei"),
    Person(role=Role.ADMINISTRATOR, username="ada", full_name="Ada Blum"),
    Person(role=Role.AUDITOR, username="otto", full_name="Otto Klein"),
)
USERS = [(person.role.value, person.username, person.password) for person in PEOPLE]


def create(session: Session) -> tuple[tuple[str, str, str], ...]:
    """(role, username, password) of everybody; who is there already is left as they are."""
    known = set(session.scalars(select(User.username)))
    providers = dict(session.execute(select(Provider.npi, Provider.id)).all())
    session.add_all(_user(one, providers) for one in PEOPLE if one.username not in known)
    session.flush()
    return tuple(USERS)


def _user(person: Person, providers: dict[str, int]) -> User:
    return User(
        username=person.username,
        full_name=person.full_name,
        role=person.role,
        provider_id=providers[person.npi] if person.npi else None,
        password_hash=passwords.hash_password(person.password),
    )
