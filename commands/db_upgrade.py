"""`claimflow db upgrade`: brings the schema to this version; a demo also gets its practice."""

from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from casework import demo_practice
from commands import demo_users
from commands.failure import CommandFailed
from db.models import ClockSegment
from db.upgrade import TooOld, upgrade
from demo.clock_keeper import append
from domain.clock import clock_from_json
from settings import Settings


def main(settings: Settings) -> int:
    try:
        upgrade(settings.database_url)
    except TooOld as error:
        raise CommandFailed(str(error)) from error
    if settings.demo:
        _seed(settings)
    return 0


def _seed(settings: Settings) -> None:
    engine = create_engine(settings.database_url, hide_parameters=True)
    with Session(engine) as session, session.begin():
        demo_practice.seed(session)
        demo_users.create(session)
        has_clock = session.scalar(select(func.count()).select_from(ClockSegment))
    if not has_clock and settings.clock_file.exists():
        clock = clock_from_json(settings.clock_file.read_text(encoding="utf-8"))
        append(settings.database_url, [clock.segments[-1]])
    engine.dispose()
