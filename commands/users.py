"""`claimflow users`: who may sign in. A change is audited and ends the logins that it concerns."""

import sys
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import audit
from commands.database import opened
from commands.failure import CommandFailed
from commands.screen import columns, say, say_json
from db.models import Provider, User
from domain.tasks import Role
from settings import Settings, load_settings
from web import passwords
from web.sessions import revoke_all

MISUSE = 2
NAME_MAX = 60

password_option = click.option(
    "--password-stdin", "is_piped", is_flag=True, help="Read the password from standard input."
)
ROLES = click.Choice([role.value for role in Role])


def main(home: Path, arguments: list[str]) -> int:
    users.main(args=arguments, prog_name="claimflow users", standalone_mode=False, obj=home)
    return 0


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def users() -> None:
    """Administer the people who may log in. A password has at least 12 characters."""


@users.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write JSON for a program.")
@click.pass_obj
def list_users(home: Path, as_json: bool) -> None:
    """Everybody who may sign in, or might once."""
    with opened(_settings(home), "claimflow_web") as sessions, sessions() as session:
        people = session.scalars(select(User).order_by(User.role, User.username)).all()
    if as_json:
        say_json([_facts(person) for person in people])
        return
    rows = [
        (person.username, person.role.value.replace("_", " "), person.full_name, _access(person))
        for person in people
    ]
    for line in columns([("username", "role", "name", ""), *rows]):
        say(line)


@users.command()
@click.argument("username")
@click.option("--role", required=True, type=ROLES)
@click.option("--name", "full_name", required=True, help="The person's full name.")
@click.option("--provider", "npi", metavar="NPI", help="Which provider this is.")
@password_option
@click.pass_obj
def add(
    home: Path, username: str, role: str, full_name: str, npi: str | None, is_piped: bool
) -> None:
    """Let somebody new sign in."""
    with opened(_settings(home), "claimflow_web") as sessions, sessions.begin() as session:
        person = User(
            username=_free_name(session, username),
            full_name=_given(full_name, "--name"),
            role=Role(role),
            provider_id=_provider_id(session, Role(role), npi),
            password_hash=passwords.hash_password(_password(is_piped=is_piped)),
        )
        session.add(person)
        session.flush()
        _audit(session, "made", person, f"as {person.role}")
    say(f"{person.full_name} may sign in as {person.username}.")


@users.command()
@click.argument("username")
@password_option
@click.pass_obj
def password(home: Path, username: str, is_piped: bool) -> None:
    """Give somebody a new password; open logins are ended."""
    with opened(_settings(home), "claimflow_web") as sessions, sessions.begin() as session:
        person = _person(session, username)
        person.password_hash = passwords.hash_password(_password(is_piped=is_piped))
        revoke_all(session, person.id)
        _audit(session, "changed", person, "password, logins ended")
    say(f"{person.full_name} has a new password; open logins are ended.")


@users.command()
@click.argument("username")
@click.pass_obj
def disable(home: Path, username: str) -> None:
    """Shut somebody out; what they did stays under their name."""
    with opened(_settings(home), "claimflow_web") as sessions, sessions.begin() as session:
        person = _person(session, username)
        person.is_active = False
        revoke_all(session, person.id)
        _audit(session, "changed", person, "shut out, logins ended")
    say(f"{person.full_name} is shut out; open logins are ended.")


@users.command()
@click.argument("username")
@click.pass_obj
def enable(home: Path, username: str) -> None:
    """Let somebody in again who was shut out."""
    with opened(_settings(home), "claimflow_web") as sessions, sessions.begin() as session:
        person = _person(session, username)
        person.is_active = True
        _audit(session, "changed", person, "let in again")
    say(f"{person.full_name} may sign in again.")


def _settings(home: Path) -> Settings:
    return load_settings(home)


def _facts(person: User) -> dict[str, object]:
    return {
        "username": person.username,
        "role": person.role.value,
        "name": person.full_name,
        "is_active": person.is_active,
    }


def _access(person: User) -> str:
    return "" if person.is_active else "shut out"


def _person(session: Session, username: str) -> User:
    row = session.scalar(select(User).where(User.username == username.strip().lower()))
    if row is None:
        raise CommandFailed(
            f"Nobody signs in as {username[:NAME_MAX]}; “claimflow users list” shows who does."
        )
    return row


def _free_name(session: Session, username: str) -> str:
    name = _given(username, "USERNAME").lower()
    if len(name) > NAME_MAX or not name.replace(".", "").replace("-", "").isalnum():
        raise CommandFailed(
            f"A username has at most {NAME_MAX} letters, digits, points and hyphens.",
            exit_status=MISUSE,
        )
    if session.scalar(select(User.id).where(User.username == name)) is not None:
        raise CommandFailed(f"Somebody signs in as {name} already; choose another name.")
    return name


def _given(text: str, where: str) -> str:
    if not text.strip():
        raise CommandFailed(f"{where} must not be empty.", exit_status=MISUSE)
    return text.strip()


def _provider_id(session: Session, role: Role, npi: str | None) -> int | None:
    if role is not Role.PROVIDER:
        if npi is not None:
            raise CommandFailed("Only a provider has an NPI: leave --provider away.", exit_status=2)
        return None
    found = session.scalar(select(Provider.id).where(Provider.npi == (npi or "")))
    if found is None:
        known = ", ".join(session.scalars(select(Provider.npi).order_by(Provider.npi).limit(20)))
        raise CommandFailed(
            f"Say with --provider NPI which provider this is: {known or 'there is none yet'}.",
            exit_status=MISUSE,
        )
    return found


def _password(*, is_piped: bool) -> str:
    if is_piped:
        typed = sys.stdin.readline().rstrip("\r\n")
    else:
        typed = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    problem = passwords.problem_with(typed)
    if problem:
        raise CommandFailed(f"This password is refused: {problem}")
    return str(typed)


def _audit(session: Session, action: str, person: User, words: str) -> None:
    audit.record(session, None, action, "user", person.username, words=f"{words} (command line)")
