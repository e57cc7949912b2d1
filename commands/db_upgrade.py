"""`claimflow db upgrade`: brings the schema to this version."""

from commands.failure import CommandFailed
from db.upgrade import TooOld, upgrade
from settings import Settings


def main(settings: Settings) -> int:
    try:
        upgrade(settings.database_url)
    except TooOld as error:
        raise CommandFailed(str(error)) from error
    return 0
