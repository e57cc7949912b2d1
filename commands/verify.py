"""`claimflow verify`: every promise checked against the data by a judge that shares no code with
the product; exit status 1 with the list of what is broken, 2 when it could not be asked."""

import psycopg2

from commands.database import unreachable
from commands.failure import CommandFailed
from commands.screen import WORKING, say, say_json
from settings import Settings
from verify.engine import Engine
from verify.main import run

NOT_ASKED = 2


def main(settings: Settings, *, as_json: bool) -> int:
    engine = Engine(address=settings.engine_address, namespace=settings.engine_namespace)
    try:
        with WORKING.status("Checking every promise"):
            report = run(settings.database_url, engine)
    except psycopg2.OperationalError as error:
        raise CommandFailed(unreachable(settings), exit_status=NOT_ASKED) from error
    if as_json:
        say_json(report.as_json())
    else:
        say(report.in_words())
    return 0 if report.ok else 1
