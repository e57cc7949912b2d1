"""`claimflow verify`: every promise checked against the data by a judge that shares no code with
the product; exit status 1 with the list of what is broken."""

import psycopg2
from sqlalchemy.exc import OperationalError

from commands.database import unreachable
from commands.failure import CommandFailed
from commands.screen import WORKING, say, say_json
from settings import Settings


def main(settings: Settings, *, as_json: bool) -> int:
    from verify.main import run

    try:
        with WORKING.status("Checking every promise"):
            report = run(settings.database_url)
    except (psycopg2.OperationalError, OperationalError) as error:
        raise CommandFailed(unreachable(settings)) from error
    findings = [str(finding) for finding in report.findings]
    if as_json:
        say_json({"ok": report.ok, "findings": findings})
    elif report.ok:
        say("Every promise holds.")
    else:
        for finding in findings:
            say(finding)
        say(f"{len(findings)} broken.")
    return 0 if report.ok else 1
