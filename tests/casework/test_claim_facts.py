"""What a claim says beside codes and charges: entered by whom it is theirs, on the next version."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select

from casework import answers, encounter_facts, fact_entry, submissions
from casework.refusals import Forbidden, Refused
from casework.steps import claims as claim_steps
from db.models import Encounter, Journal
from domain.claim_details import ClaimDate, DateKind, Drug, DrugUnit, ReferenceKind, UnitBasis
from domain.claim_facts import NO_FACTS, Approval, ClaimFacts, LineFacts
from domain.claims import Accident, AccidentCause, ProfessionalClaim
from domain.encounter import ClaimStage
from domain.parties import Address, OtherProvider, ServiceFacility
from domain.tasks import Role, TaskKind
from tests.casework.office import answered, sent, visit
from tests.scenarios.engine import DAY_ZERO
from tests.scenarios.play import Play

DAY = DAY_ZERO.date()
DOCTOR = OtherProvider(npi="1992000004", last="Moss", first="Ivy")
EVERYTHING = ClaimFacts(
    accident=Accident(cause=AccidentCause.AUTO, happened_on=DAY, state="TX"),
    onset_on=DAY,
    dates=(
        ClaimDate(kind=DateKind.LAST_SEEN, on=DAY),
        ClaimDate(kind=DateKind.DISABILITY, on=DAY, to_on=DAY + dt.timedelta(days=9)),
    ),
    approvals=(
        Approval(payer_no="ALPHA", prior_auth="AUTH77", referral="REF5"),
        Approval(payer_no="BETA", prior_auth="BETAS"),
    ),
    referring=DOCTOR,
    supervising=DOCTOR,
    ordering=DOCTOR,
    facility=ServiceFacility(
        name="Lake Hospital",
        npi=None,
        address=Address(line1="1 Lake Rd", city="Fairmont", state="TX", postal_code="752011111"),
    ),
    special_program="09",
    delay_reason="11",
    note="Seen on the day of the accident.",
    patient_paid_cents=2_500,
)


def keep(
    office: Play,
    facts: ClaimFacts,
    lines: dict[int, LineFacts] | None = None,
    by: Role = Role.BILLER,
) -> tuple[str, ...]:
    made = office.encounters["A1"]
    changed = fact_entry.keep(
        office.session, made, facts, lines or {},
        version=encounter_facts.version_of(office.session, made),
        by=office.people[by], now=office.engine.now,
    )  # fmt: skip
    office.react()
    return changed


def content(office: Play) -> ProfessionalClaim:
    """What the newest sending of the claim says."""
    found = submissions.content_of(submissions.latest(office.session, office.claim("A1")))
    assert isinstance(found, ProfessionalClaim)
    return found


def queued(office: Play, **more: object) -> Encounter:
    return visit(office, until_sent=False, **more)  # type: ignore[arg-type]


def test_everything_that_is_known_stands_on_the_claim(office: Play) -> None:
    made = queued(office)
    line = made.charge_lines[0]
    drug = Drug(ndc="00002751001", quantity=Decimal("1.5"), unit=DrugUnit.MILLILITER)
    said = LineFacts(drug=drug, minutes=45, note="Two doses", place_of_service="22",
                     is_emergency=True, is_epsdt=True, is_family_planning=True)  # fmt: skip

    keep(office, EVERYTHING, {line.id: said})
    claim, written = content(office), content(office).lines[0]
    office.pass_to(1)

    assert (claim.accident, claim.onset_on, claim.dates) == (
        EVERYTHING.accident, EVERYTHING.onset_on, EVERYTHING.dates,
    )  # fmt: skip
    assert (claim.prior_auth, claim.referral) == ("AUTH77", "REF5")
    assert (claim.referring, claim.supervising) == (DOCTOR, DOCTOR)
    assert claim.facility == EVERYTHING.facility
    assert (claim.special_program, claim.delay_reason, claim.note) == (
        "09", "11", "Seen on the day of the accident.",
    )  # fmt: skip
    assert claim.patient_paid_cents == 2_500
    assert (written.drug, written.note, written.place_of_service) == (drug, "Two doses", "22")
    assert (written.units, written.basis) == (Decimal(45), UnitBasis.MINUTES)
    assert (written.is_emergency, written.is_epsdt, written.is_family_planning) == (True,) * 3
    assert written.providers.ordering == DOCTOR
    (file,) = sent(office)
    for segment in (b"CLM*", b"REF*G1*AUTH77", b"REF*9F*REF5", b"NM1*DN*1*MOSS*IVY", b"NM1*DK*",
                    b"AMT*F5*25", b"LIN**N4*00002751001", b"NM1*77*2*LAKE HOSPITAL"):  # fmt: skip
        assert segment in file


def test_one_payers_approval_never_stands_on_anothers_claim(office: Play) -> None:
    queued(office)

    keep(office, replace(NO_FACTS, approvals=(Approval(payer_no="BETA", prior_auth="BETAS"),)))

    assert content(office).prior_auth is None


def test_a_claim_that_was_sent_keeps_what_it_said(office: Play) -> None:
    visit(office)
    before = content(office)

    keep(office, EVERYTHING)

    assert content(office) == before
    assert office.claim("A1").stage is ClaimStage.ACCEPTED


def test_a_claim_still_in_the_house_goes_out_as_changed_and_once(office: Play) -> None:
    queued(office)

    keep(office, EVERYTHING)
    office.pass_to(1)

    (file,) = sent(office)
    assert file.count(b"CLM*") == 1
    assert b"CLM*C" in file
    assert b"V2S1*" in file


def test_a_replacement_says_what_was_learned_since(office: Play) -> None:
    visit(office)
    answered(office, "A1", [("CO", "197", 15_000)], status="4")

    office.answer(TaskKind.DENIAL, route="correct", prior_auth="late 99")
    office.pass_to(4)

    newest = content(office)
    assert newest.frequency == "7"
    assert newest.prior_auth == "LATE 99"
    assert b"REF*G1*LATE 99" in sent(office)[-1]


def test_a_denial_for_want_of_approval_is_not_corrected_without_the_number(office: Play) -> None:
    visit(office)
    answered(office, "A1", [("CO", "197", 15_000)], status="4")

    with pytest.raises(Refused, match="Give the number"):
        office.answer(TaskKind.DENIAL, route="correct", prior_auth=" ")


def test_the_laboratorys_number_stands_on_its_own_lines_alone(office: Play) -> None:
    made = queued(office, codes=("99213", "87880"))
    made.location.clia_number = "45D0900001"

    keep(office, EVERYTHING)

    numbers = [[each.number for each in line.references] for line in content(office).lines]
    assert numbers == [[], ["45D0900001"]]
    kinds = {each.kind for each in content(office).lines[1].references}
    assert kinds == {ReferenceKind.CLIA}


def test_the_place_is_named_where_it_is_not_where_the_practice_bills_from(office: Play) -> None:
    made = queued(office)
    elsewhere = {**made.location.address, "line1": "9 Hill Rd"}
    made.location.address = elsewhere

    keep(office, replace(NO_FACTS, note="So that it is built anew."))

    place = content(office).facility
    assert place is not None
    assert (place.name, place.address) == (made.location.name, Address(**elsewhere))


def test_each_role_changes_what_is_theirs_and_nothing_else(office: Play) -> None:
    made = queued(office)
    line = {made.charge_lines[0].id: LineFacts(note="By the desk")}

    keep(office, EVERYTHING, line, by=Role.FRONT_DESK)

    held = encounter_facts.of(office.session, made)
    assert held.accident == EVERYTHING.accident
    assert held.approvals == EVERYTHING.approvals
    assert (held.supervising, held.note, held.special_program) == (None, None, None)
    assert encounter_facts.of_lines(office.session, list(line)) == {}


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.ADMINISTRATOR])
def test_nobody_else_changes_them(office: Play, role: Role) -> None:
    queued(office)

    with pytest.raises(Forbidden):
        keep(office, EVERYTHING, by=role)


def test_the_second_of_two_people_is_told(office: Play) -> None:
    made = queued(office)
    keep(office, EVERYTHING)

    with pytest.raises(Refused, match="meanwhile"):
        fact_entry.keep(
            office.session, made, NO_FACTS, {}, version=0,
            by=office.people[Role.BILLER], now=office.engine.now,
        )  # fmt: skip


def test_the_story_says_what_was_changed_and_not_to_what(office: Play) -> None:
    queued(office)

    keep(office, EVERYTHING)

    words = office.session.scalars(select(Journal.words).where(Journal.step == "claim facts")).one()
    assert "the accident" in words
    assert "approval and referral" in words
    assert "AUTH77" not in words


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (replace(EVERYTHING, accident=Accident(cause=AccidentCause.AUTO, happened_on=DAY)),
         "accident_state"),
        (replace(EVERYTHING, onset_on=DAY + dt.timedelta(days=1)), "onset_on"),
        (replace(EVERYTHING, referring=replace(DOCTOR, npi="1992000005")), "referring_npi"),
        (replace(EVERYTHING, supervising=replace(DOCTOR, last=" ")), "supervising_last"),
        (replace(EVERYTHING, approvals=(Approval(payer_no="ALPHA", prior_auth="A*1"),)),
         "prior_auth_ALPHA"),
        (replace(EVERYTHING, note="x" * 81), "claim_note"),
        (replace(EVERYTHING, special_program="77"), "special_program"),
    ],
)  # fmt: skip
def test_what_a_payer_would_refuse_is_refused_at_its_field(
    office: Play, facts: ClaimFacts, field: str
) -> None:
    queued(office)

    with pytest.raises(Refused) as refusal:
        keep(office, facts)

    assert list(refusal.value.problems) == [field]
    assert encounter_facts.of(office.session, office.encounters["A1"]) == NO_FACTS


def test_a_drug_without_eleven_digits_is_refused_at_its_line(office: Play) -> None:
    line = queued(office).charge_lines[0]
    drug = Drug(ndc="2751001", quantity=Decimal(1), unit=DrugUnit.UNIT)

    with pytest.raises(Refused) as refusal:
        keep(office, NO_FACTS, {line.id: LineFacts(drug=drug)})

    assert list(refusal.value.problems) == [f"ndc-{line.id}"]


def test_what_a_chart_brought_in_wrong_stops_the_claim_and_leads_to_its_field(
    office: Play,
) -> None:
    made = queued(office)
    wrong = replace(NO_FACTS, referring=replace(DOCTOR, npi="1992000005"))
    encounter_facts.write(office.session, made, wrong, None, office.engine.now)

    claim_steps.edit(office.session, office.claim("A1"), office.engine.now)
    office.session.flush()
    (task,) = office.open_tasks(TaskKind.EDIT_FIX)
    (section,) = [
        each
        for each in answers.question(office.session, task).sections
        if each.title == "What stops the claim"
    ]

    assert section.fields == ("referring_npi",)
    assert "is no NPI" in section.rows[0][-1]
