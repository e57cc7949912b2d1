"""Who acts: a person proves at the terminal who they are, as at the pages, so that what they must
answer for stands under their own name."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.refusals import Forbidden, Refused, Stale
from commands.failure import CommandFailed
from db.models import User
from web import passwords

Command = TypeVar("Command", bound=Callable[..., Any])


def by_options(command: Command) -> Command:
    """`--by NAME` and how their password is given."""
    piped = click.option(
        "--password-stdin", "is_piped", is_flag=True, help="Read the password from standard input."
    )
    named = click.option(
        "--by", "username", required=True, metavar="NAME", help="Who does it, as they sign in."
    )
    return named(piped(command))


def given(*, is_piped: bool) -> str:
    """The password, before any transaction is open."""
    if is_piped:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, err=True))


def person(session: Session, username: str, password: str) -> User:
    name = username.strip().lower()
    found = session.scalars(select(User).where(User.username == name)).one_or_none()
    is_right = passwords.is_right(found.password_hash if found else None, password)
    if found is None or not is_right or not found.is_active:
        raise CommandFailed("This name and password do not belong together.")
    return found


@contextmanager
def refusals_told() -> Iterator[None]:
    """Whatever the business refuses is this command's failure, in the same words."""
    try:
        yield
    except Refused as refusal:
        words = " ".join(problem.words for problem in refusal.problems.values())
        raise CommandFailed(words) from refusal
    except Stale as stale:
        raise CommandFailed(stale.words) from stale
    except Forbidden as forbidden:
        raise CommandFailed(str(forbidden)) from forbidden
