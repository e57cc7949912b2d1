"""The practice of a page test: its people, one visit, and browsers that are signed in."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from argon2 import PasswordHasher
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework import demo_practice, holds, tasks
from casework.answers.form import Form
from casework.holds import HoldScope
from casework.moment import Moment
from casework.refusals import Refused
from db.models import (
    ChargeLine,
    Claim,
    ClaimLine,
    Coverage,
    Encounter,
    Hold,
    Payer,
    Provider,
    Task,
    User,
)
from domain.encounter import ClaimStage
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
from domain.questions import Fact, FactSection, Field, FieldKind, Option, Question
from domain.tasks import Role, TaskKind

PASSWORD = "a sentence to keep in mind"
# As cheap as argon2 allows: the cost is a parameter of the hash, and no test is about it.
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
NOTE = (
    "Assessment: type 2 diabetes, not controlled. Established patient visit, moderate complexity."
)

PEOPLE = {
    "cora": ("Cora Lane", Role.CODER),
    "ana": ("Ana Ruiz", Role.BILLER),
    "bo": ("Bo Adler", Role.BILLER),
    "lee": ("Lee Park", Role.SUPERVISOR),
    "voss": ("Ida Voss", Role.PROVIDER),
    "finn": ("Finn Osei", Role.FRONT_DESK),
    "ada": ("Ada Blum", Role.ADMINISTRATOR),
    "otto": ("Otto Klein", Role.AUDITOR),
}
BY_ROLE = {
    Role.CODER: "cora", Role.BILLER: "ana", Role.SUPERVISOR: "lee", Role.PROVIDER: "voss",
    Role.FRONT_DESK: "finn", Role.ADMINISTRATOR: "ada", Role.AUDITOR: "otto",
}  # fmt: skip


class RouteQuestion:
    """A kind of task as `casework` makes them: one choice, one note, and a code."""

    def ask(self, _session: Session, _task: Task, _now: Moment) -> Question:
        return Question(
            lead="Acme refused $412.00 because no approval number was on the claim.",
            sections=(
                FactSection(
                    title="What the payer said", facts=(Fact(label="Reason", value="CO-197"),)
                ),
                FactSection(title="Note", text=NOTE, evidence=((12, 43, "E11.65"),)),
                FactSection(title="Lines", columns=("Code", "Short"), rows=(("73721", "412.00"),)),
            ),
            fields=(
                Field(
                    name="route",
                    label="Route",
                    kind=FieldKind.RADIO,
                    values=("appeal",),
                    options=(
                        Option(
                            value="appeal",
                            label="Appeal",
                            because="rights are open",
                            is_recommended=True,
                        ),
                        Option(value="write_off", label="Write off"),
                    ),
                ),
                Field(
                    name="why", label="Note", kind=FieldKind.TEXTAREA, values=("It was approved.",)
                ),
                Field(
                    name="diagnoses",
                    label="Diagnoses",
                    kind=FieldKind.CODES,
                    values=("E11.65",),
                    options=(
                        Option(value="E11.65", label="Diabetes with high sugar"),
                        Option(value="Z79.4", label="Long-term insulin"),
                    ),
                ),
                Field(
                    name="services",
                    label="Services",
                    kind=FieldKind.LINES,
                    values=("99214 |  | 1 | 1",),
                ),
            ),
            submit="Send appeal",
            consequences=("The appeal goes out today.",),
        )

    def act(self, _session: Session, _task: Task, form: Form, by: User, _now: Moment) -> str:
        form.one_of("route", ("appeal", "write_off"))
        if form.text("why", required="Say why.") == "typo":
            raise Refused.of("why", "This is a typo.", "mended")
        assert form.rows("services")
        return f"{by.full_name} appealed with {', '.join(form.rows('diagnoses'))}."


@dataclass
class Site:
    """The practice of a test: its people, one encounter, and browsers that are signed in."""

    session: Session
    app: Any
    now: Moment
    encounter: Encounter
    payer: Payer
    users: dict[str, User]

    def as_(self, name: str) -> "Browser":
        browser = Browser(self.app.test_client())
        answer = browser.sign_in(name)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return browser

    def task(
        self,
        kind: TaskKind = TaskKind.DENIAL,
        *,
        cause: str = "test",
        cents: int = 41_200,
        **more: Any,
    ) -> Task:
        more.setdefault("title", "Acme says the knee MRI had no approval")
        found = tasks.open_task(
            self.session,
            kind,
            subject=f"encounter:{self.encounter.encounter_no}",
            cause=cause,
            reason="appeal ends in 6 days",
            now=self.now,
            amount_cents=cents,
            encounter_id=self.encounter.id,
            payer_id=self.payer.id,
            **more,
        )
        self.session.commit()
        return found

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The statements that are sent meanwhile, savepoints left out."""
        sent: list[str] = []

        def note(_: object, __: object, statement: str, *___: object) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                sent.append(statement)

        engine = self.session.connection().engine
        event.listen(engine, "before_cursor_execute", note)
        yield sent
        event.remove(engine, "before_cursor_execute", note)


class Browser:
    """A test client that sends the token of the page it last saw, as a form does."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def sign_in(self, name: str, password: str = PASSWORD) -> TestResponse:
        self.get("/login")
        answer = self.post("/login", username=name, password=password)
        if answer.status_code == 303:
            self.get("/settings")
        return answer

    def get(self, path: str, **more: Any) -> TestResponse:
        answer = self.client.get(path, **more)
        self._keep_token(answer)
        return answer

    def post(self, path: str, data: dict[str, Any] | None = None, **fields: Any) -> TestResponse:
        form = {"csrf_token": self.token, **(data or {}), **fields}
        answer = self.client.post(path, data=form)
        self._keep_token(answer)
        return answer

    def _keep_token(self, answer: TestResponse) -> None:
        marker = 'name="csrf_token" value="'
        page = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        if marker in page:
            self.token = page.split(marker, 1)[1].split('"', 1)[0]


def charted(today: dt.date, key: str = "test-1", mrn: str = "MRN4417") -> ChartedEncounter:
    """Rosa Marlow's visit; she is covered by the practice's first payer."""
    return ChartedEncounter(
        source="test",
        source_key=key,
        patient=_patient(mrn),
        coverages=(_coverage(),),
        provider_npi=first_of("providers.tsv", "npi"),
        provider_name="Voss",
        encounter_class=EncounterClass.AMBULATORY,
        place_of_service="11",
        service_on=today - dt.timedelta(days=3),
        discharged_on=None,
        notes=(ChartedDocument(kind="note", author="Ida Voss", signed_at=None, text=NOTE),),
        diagnoses=(),
        charges=(),
    )


def _patient(mrn: str) -> ChartedPatient:
    return ChartedPatient(
        mrn=mrn,
        last="Marlow",
        first="Rosa",
        birth_on=dt.date(1972, 3, 4),
        gender=Gender.FEMALE,
        address=ChartedAddress(lines=("1 Mill Rd",), city="Fairmont", state="TX", zip="75201"),
        phone=None,
    )


def _coverage() -> ChartedCoverage:
    return ChartedCoverage(
        order=1,
        payer_id=first_of("payers.tsv", "payer_id"),
        payer_name="Acme",
        member_id="ACM0001",
        group_number=None,
        relationship=Relationship.SELF,
        subscriber=None,
        from_on=None,
        to_on=None,
    )


def first_of(table: str, column: str) -> str:
    """A value of the first row of one of the demo's tables."""
    lines = (demo_practice.SEED / table).read_text().splitlines()
    return dict(zip(lines[0].split("	"), lines[1].split("	"), strict=True))[column]


def people(session: Session) -> dict[str, User]:
    npi = first_of("providers.tsv", "npi")
    provider = session.scalars(select(Provider).where(Provider.npi == npi)).one()
    users = {
        name: User(
            username=name,
            full_name=full_name,
            role=role,
            password_hash=PASSWORD_HASH,
            provider_id=provider.id if role is Role.PROVIDER else None,
        )
        for name, (full_name, role) in PEOPLE.items()
    }
    session.add_all(users.values())
    session.flush()
    return users


def encounter_url(site: Site, more: str = "") -> str:
    return f"/encounters/{site.encounter.uuid}{more}"


def a_claim(
    site: Site, stage: ClaimStage = ClaimStage.ACCEPTED, payer_id: int | None = None
) -> Claim:
    coverage = site.session.scalars(select(Coverage).order_by(Coverage.id).limit(1)).one()
    claim = Claim(
        encounter_id=site.encounter.id, coverage_id=coverage.id,
        payer_id=payer_id or site.payer.id, responsibility="P", stage=stage,
        file_by_on=site.now.today, opened_at=site.now.at,
    )  # fmt: skip
    line = ChargeLine(
        encounter_id=site.encounter.id, ordinal=90 + len(site.encounter.charge_lines),
        code="99214", modifiers=[], units=1, pointers=[1], service_on=site.encounter.service_on,
        charge_cents=0, payer_id=claim.payer_id,
    )  # fmt: skip
    site.session.add_all([claim, line])
    site.session.flush()
    site.session.add(ClaimLine(claim_id=claim.id, charge_line_id=line.id, expected_cents=None))
    site.session.commit()
    return claim


def a_hold(site: Site, scope: HoldScope, reason: str = "audit") -> Hold:
    until_on = site.now.today + dt.timedelta(days=3)
    row = holds.hold(site.session, scope, reason, until_on, by=site.users["lee"], now=site.now)
    site.session.commit()
    return row
