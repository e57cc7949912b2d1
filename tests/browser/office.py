"""A whole practice for the browser tests: every process is real, the world is invented, and the
clock moves only while a test lets it."""

import datetime as dt
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from casework import payer_channels, registration
from casework.moment import moment
from commands.demo_users import PEOPLE
from db.models import Payer, User
from demo.run import FAST, FIXED_START, Demo
from domain.claim_form import ClaimForm
from domain.intake import (
    ChartedAddress,
    ChartedCoverage,
    ChartedDocument,
    ChartedEncounter,
    ChartedPatient,
    EncounterClass,
    Gender,
    Relationship,
)
from domain.tasks import RULES, Role, TaskKind

NOBODY_WORKS = "0"
LOOK_EVERY = 0.1
# More news than this that no workflow has heard of, and the day waits.
WAKES_MAX = 10
NOTE = """ASSESSMENT
1. Type 2 diabetes without complications

SERVICES
established patient visit, moderate complexity
"""
# Who works by themselves while the world is made: everybody but those whose days are tested.
HELPERS = (Role.CODER, Role.PROVIDER, Role.FRONT_DESK)
ACME, BOREAL, SUMMIT = "60101", "60102", "60105"
STATE_ACCESS, GRANITE = "60106", "60107"
# Who takes claims otherwise than as files.
CHANNELS = {STATE_ACCESS: "portal", GRANITE: "printed"}
CLINIC, DEPARTMENT = "11", "22"
# What each visit's payer does is pinned by the first letters of the member id.
PINNED = tuple(
    (member_id, payer_no)
    for payer_no in (ACME, BOREAL, SUMMIT)
    for member_id in (
        "REJECT",
        "DENY16",
        "DENY50",
        "DENY197NO",
        "DENY29",
        "DENY11",
        "DENY97",
        "UNDERPAID",
    )
)
BILLER_TASKS, BILLER_KINDS, DENIALS = 21, 3, 16
FRESH_CHARTS = 3
# One is answered in a test; the others of its kind are only looked at.
NOT_FOUND = 2
FRESH_KINDS = {TaskKind.CODING_REVIEW, TaskKind.REGISTRATION_FIX, TaskKind.QUARANTINED_FILE}
FILL_SECONDS = 600
TRIES, ANSWERED_WITHIN = 8, dt.timedelta(days=8)
# Slow enough that a busy machine answers within the business days that an answer may take.
DAYS_PER_SECOND = 1.5
PASSWORD = {person.username: person.password for person in PEOPLE}
_OPEN = text("SELECT kind, count(*) FROM task WHERE status = 'open' GROUP BY kind")
_OPEN_OF_HELPERS = text("SELECT count(*) FROM task WHERE status = 'open' AND queue = any(:queues)")


class StillWaiting(AssertionError):
    """What was waited for did not come within its bound."""


@dataclass
class Office:
    """`url` is the address of its pages."""

    demo: Demo
    made: int = field(default=0)

    @property
    def url(self) -> str:
        return self.demo.system.web_url or ""

    @property
    def today(self) -> dt.date:
        with Session(self.demo.engine) as session:
            return moment(session).today

    def ask(self, statement: str, **values: Any) -> Sequence[Any]:
        """Rows of the database, for what no page shows."""
        with self.demo.engine.connect() as connection:
            return connection.execute(text(statement), values).all()

    def one(self, statement: str, **values: Any) -> Any:
        rows = self.ask(statement, **values)
        assert len(rows) == 1, f"{len(rows)} rows: {statement}"
        return rows[0][0]

    def open_kinds(self) -> dict[str, int]:
        with self.demo.engine.connect() as connection:
            return {str(row[0]): int(row[1]) for row in connection.execute(_OPEN)}

    def visit(self, member_id: str, payer_no: str, note: str = NOTE, place: str = CLINIC) -> str:
        """Somebody new came in; the member id pins what the payer will do. Returns the number."""
        self.made += 1
        with Session(self.demo.engine) as session:
            now = moment(session)
            charted = _charted(f"browser-{self.made}", member_id, payer_no, now.today, note)
            charted = replace(charted, place_of_service=place)
            encounter = registration.take_in(session, charted, now)
            assert encounter is not None
            number = encounter.encounter_no
            session.commit()
        return number

    def let_time_pass(
        self, until: Callable[[], bool], *, seconds: float, with_helpers: bool = False
    ) -> None:
        """Business time runs, as fast as the work keeps up, until something is so."""
        self.demo.set_pace(FAST if with_helpers else NOBODY_WORKS)
        ends = time.monotonic() + seconds
        try:
            while not until():
                if time.monotonic() > ends:
                    raise StillWaiting(f"After {seconds:.0f} s; open: {self.open_kinds()}")
                if self._is_behind() or (with_helpers and self._helpers_are_busy()):
                    self.demo.keeper.pause()
                else:
                    self.demo.keeper.resume()
                time.sleep(LOOK_EVERY)
        finally:
            self.demo.set_pace(NOBODY_WORKS)
            self.demo.keeper.pause()

    def wait_for(self, is_so: Callable[[], bool], *, seconds: float, what: str) -> None:
        """Something that needs no business time."""
        ends = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > ends:
                raise StillWaiting(f"{what}: not within {seconds:.0f} s")
            time.sleep(LOOK_EVERY)

    def _is_behind(self) -> bool:
        """Not the demo's governor: it also waits for files that nobody answers here on purpose."""
        return bool(self.ask("SELECT 1 FROM wake OFFSET :most LIMIT 1", most=WAKES_MAX))

    def _helpers_are_busy(self) -> bool:
        queues = [role.value for role in HELPERS]
        with self.demo.engine.connect() as connection:
            return bool(connection.scalar(_OPEN_OF_HELPERS, {"queues": queues}))


def fill(office: Office) -> None:
    """Make work for everybody: what the payers refuse, and what just came in."""
    _choose_channels(office)
    for member_id, payer_no in PINNED:
        office.visit(member_id, payer_no)
    office.visit("PAID", STATE_ACCESS)
    office.visit("PAID", GRANITE, place=DEPARTMENT)
    office.let_time_pass(
        lambda: _billers_have_enough(office.open_kinds()) and _mail_waits(office),
        seconds=FILL_SECONDS,
        with_helpers=True,
    )
    for _ in range(FRESH_CHARTS):
        office.visit("PAID", ACME)
    route = office.demo.home / "exchange" / "inbound" / "clearinghouse"
    part = route / ".not-x12.part"
    part.write_text("This is a letter and no interchange.", encoding="ascii")
    part.rename(route / "letter.x12")
    for _ in range(TRIES):
        if _ask_about_members(office):
            return
    raise StillWaiting(f"After {TRIES} tries; open: {office.open_kinds()}")


def _choose_channels(office: Office) -> None:
    with Session(office.demo.engine) as session:
        ada = session.scalars(select(User).where(User.role == Role.ADMINISTRATOR)).one()
        for payer_no, channel in CHANNELS.items():
            payer = session.scalars(select(Payer).where(Payer.payer_no == payer_no)).one()
            payer_channels.choose(session, payer, channel, ada)
        session.commit()


def _mail_waits(office: Office) -> bool:
    """A facility's form and the physician's, each on its own."""
    return len(office.ask("SELECT DISTINCT form FROM mail_piece")) == len(ClaimForm)


def _ask_about_members(office: Office) -> bool:
    """Whoever's first answer comes late is asked about again, and found: then another one comes."""
    there = office.open_kinds().get(TaskKind.REGISTRATION_FIX, 0)
    for _ in range(NOT_FOUND - there):
        office.visit("NOTFOUND", ACME)
    answered_by = office.today + ANSWERED_WITHIN
    office.let_time_pass(
        lambda: _all_is_fresh(office.open_kinds()) or office.today > answered_by,
        seconds=FILL_SECONDS,
    )
    return _all_is_fresh(office.open_kinds())


def _all_is_fresh(kinds: dict[str, int]) -> bool:
    return set(kinds) >= FRESH_KINDS and kinds[TaskKind.REGISTRATION_FIX] >= NOT_FOUND


def _billers_have_enough(kinds: dict[str, int]) -> bool:
    theirs = {kind: n for kind, n in kinds.items() if RULES[TaskKind(kind)].queue is Role.BILLER}
    return (
        sum(theirs.values()) >= BILLER_TASKS
        and len(theirs) >= BILLER_KINDS
        and theirs.get(TaskKind.DENIAL, 0) >= DENIALS
    )


def open_office(home: Path) -> Office:
    """Not started yet."""
    helpers = [
        (person.role.value, person.username, person.password)
        for person in PEOPLE
        if person.role in HELPERS
    ]
    demo = Demo(
        home=home, encounters=6, seed=7, days_per_second=DAYS_PER_SECOND, staff="auto",
        start=FIXED_START, say=lambda _: None, users=helpers, arrive_over_days=10,
    )  # fmt: skip
    return Office(demo=demo)


def _charted(
    key: str, member_id: str, payer_no: str, today: dt.date, note: str
) -> ChartedEncounter:
    number = key.rpartition("-")[2]
    return ChartedEncounter(
        source="test",
        source_key=key,
        patient=ChartedPatient(
            mrn=f"MRN7{number:0>3}",
            last="Quillfeather",
            first=("Ada", "Ben", "Cleo", "Dov", "Elsa")[int(number) % 5],
            birth_on=dt.date(1961, 2, 3) + dt.timedelta(days=211 * int(number)),
            gender=Gender.FEMALE,
            address=ChartedAddress(
                lines=(f"{number} Mill Rd",), city="Fairmont", state="TX", zip="75201"
            ),
            phone=None,
        ),
        coverages=(
            ChartedCoverage(
                order=1,
                payer_id=payer_no,
                payer_name="",
                member_id=f"{member_id}X{number}",
                group_number=None,
                relationship=Relationship.SELF,
                subscriber=None,
                from_on=None,
                to_on=None,
            ),
        ),
        provider_npi="1992000012",
        provider_name="Okafor",
        encounter_class=EncounterClass.AMBULATORY,
        place_of_service="11",
        service_on=today,
        discharged_on=None,
        notes=(ChartedDocument(kind="note", author="Ruth Okafor", signed_at=None, text=note),),
        diagnoses=(),
        charges=(),
    )
