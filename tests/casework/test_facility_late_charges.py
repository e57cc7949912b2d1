"""What a facility charges late: on a bill of its own (frequency 5) or on a replacement, as its
payer takes it, beside the practice's line that is a new claim as ever.
"""

import pytest
from sqlalchemy import select

from casework import corrections, late_billing, submissions, voids
from casework.late_charges import Late
from casework.late_facility_charges import FacilityLate
from casework.refusals import Refused
from db.models import ChargeLine, Claim, Entry, FeeSchedule, FeeScheduleItem
from domain import stay_codes
from domain.claim_form import ClaimForm
from domain.corrections import LateCharging
from domain.encounter import CLAIM_CANCELLED, CLAIM_VOID, ClaimStage, Stage
from domain.tasks import Role, TaskKind
from tests.casework.office import CHARGE, claims, line_answered, sent, today, visit
from tests.scenarios.play import Play
from tests.scenarios.premises import DEPARTMENT

LATE_ROOM, PHARMACY = 11_000, 3_500


@pytest.fixture(autouse=True)
def priced(office: Play) -> None:
    """A visit with 99214 teaches the practice and its facility the price; it is another's."""
    visit(office, "B1", patient="P2", codes=("99214",), place=DEPARTMENT)
    schedule = select(FeeSchedule.id).where(FeeSchedule.form == ClaimForm.INSTITUTIONAL)
    office.session.add_all(
        FeeScheduleItem(
            fee_schedule_id=office.session.scalars(schedule).one(), code=code, words="medicines",
            price_cents=PHARMACY, revenue_code=code,
        )
        for code in ("0250", "0270")
    )  # fmt: skip
    office.session.flush()


def charge(office: Play, *, way: LateCharging = LateCharging.ALONE) -> None:
    late = Late(
        code="99214", modifiers=("25",), units=1, pointers=(1,), way=way,
        because="A second visit of the day was in the chart.",
    )  # fmt: skip
    late_billing.add(
        office.session, office.encounters["A1"], late,
        by=office.people[Role.CODER], now=office.engine.now,
    )  # fmt: skip
    office.react()
    office.pass_to(today(office) + 2)


def charge_of_its_own(
    office: Play,
    row: str = "0250 2 2026-01-06",
    *,
    way: LateCharging = LateCharging.ALONE,
    because: str = "The pharmacy's list came late.",
    goes_out: bool = True,
) -> ChargeLine:
    (charge,) = stay_codes.charges([row])
    late = FacilityLate(charge=charge, way=way, because=because)
    line, *_ = late_billing.add(
        office.session, office.encounters["A1"], late,
        by=office.people[Role.BILLER], now=office.engine.now,
    )  # fmt: skip
    if goes_out:
        office.react()
        office.pass_to(today(office) + 2)
    return line


def made(office: Play, form: str = "I") -> list[Claim]:
    visit_id = office.encounters["A1"].id
    return [one for one in claims(office) if (one.encounter_id, one.form) == (visit_id, form)]


def frequencies(office: Play, form: str = "I") -> list[list[str]]:
    return [[each.frequency for each in office.versions(one)] for one in made(office, form)]


def rule(office: Play, *, late: bool, replaced: bool = True, payer: str = "ALPHA") -> None:
    row = made(office)[0].payer
    assert row.payer_no == payer
    row.takes_late_charges, row.takes_institutional_7 = late, replaced
    office.session.flush()


def test_alone_it_is_late_charges_of_the_facility_and_a_new_claim_of_the_practice(
    office: Play,
) -> None:
    visit(office, place=DEPARTMENT)

    charge(office)

    assert frequencies(office) == [["1"], ["5"]]
    assert frequencies(office, "P") == [["1"], ["1"]]
    last = sent(office, "837i")[-1]
    assert f"*{LATE_ROOM // 100}***13:A:5**A*".encode() in last
    assert last.count(b"SV2*") == 1
    assert b"REF*F8*" not in last
    assert not office.open_tasks()


def test_where_no_replacement_is_taken_it_waits_and_then_goes_as_late_charges(
    office: Play,
) -> None:
    visit(office, place=DEPARTMENT)
    rule(office, late=True, replaced=False)
    charge(office, way=LateCharging.JOINS)
    assert frequencies(office) == [["1"]]

    for claim in (*made(office, "P"), *made(office)):
        line_answered(office, claim)

    assert frequencies(office) == [["1"], ["5"]]


def test_after_the_decision_it_joins_a_replacement_where_one_is_taken(office: Play) -> None:
    visit(office, place=DEPARTMENT)
    line_answered(office, made(office, "P")[0])
    line_answered(office, made(office)[0], icn="ROOM1")

    charge(office, way=LateCharging.JOINS)

    assert frequencies(office) == [["1", "7"]]
    last = sent(office, "837i")[-1]
    assert b"13:A:7" in last
    assert b"REF*F8*ROOM1~" in last
    assert last.count(b"SV2*") == 2


def test_a_payer_without_late_charges_gets_them_on_a_replacement_whatever_was_wanted(
    office: Play,
) -> None:
    """Medicare takes what a hospital charges late on an adjusted bill alone."""
    visit(office, place=DEPARTMENT)
    rule(office, late=False)

    charge(office)
    before = frequencies(office)
    for claim in (*made(office, "P"), *made(office)):
        line_answered(office, claim)

    assert before == [["1"]]
    assert frequencies(office) == [["1", "7"]]
    assert frequencies(office, "P") == [["1"], ["1"]]  # At once, as the person wanted.


def test_a_payer_that_takes_neither_gets_a_new_claim(office: Play) -> None:
    visit(office, place=DEPARTMENT)
    rule(office, late=False, replaced=False)

    charge(office)

    assert frequencies(office) == [["1"], ["1"]]


def test_beside_a_claim_that_was_taken_back_it_is_an_original(office: Play) -> None:
    visit(office, place=DEPARTMENT)
    first = made(office)[0]
    first.stage, first.outcome = ClaimStage.SETTLED, CLAIM_VOID
    office.session.flush()

    charge(office)

    assert frequencies(office)[1] == ["1"]


def test_beside_a_claim_that_is_being_voided_it_is_an_original(office: Play) -> None:
    visit(office, place=DEPARTMENT)
    first = made(office)[0]
    first.payer_claim_number = "ROOM1"
    voids.send(office.session, first, "Another person was seen.", office.engine.now)

    charge(office)

    assert frequencies(office) == [["1", "8"], ["1"]]


def test_rejected_and_mended_it_is_late_charges_again(office: Play) -> None:
    visit(office, place=DEPARTMENT)
    office.acknowledges = False
    charge(office)
    late = made(office)[1]
    version = submissions.renew(
        office.session, late, because="rejected and mended", now=office.engine.now
    )

    assert (version.version, version.frequency) == (2, "5")


def test_refused_it_is_replaced_under_its_own_number(office: Play) -> None:
    visit(office, place=DEPARTMENT)
    charge(office)
    line_answered(office, made(office)[1], ("CO", "16", LATE_ROOM), icn="LATE1")

    office.answer(TaskKind.DENIAL, route="correct")
    office.pass_to(today(office) + 2)

    assert frequencies(office) == [["1"], ["5", "7"]]
    assert b"REF*F8*LATE1~" in sent(office, "837i")[-1]


def test_refused_by_a_payer_without_replacements_it_goes_as_late_charges_again(
    office: Play,
) -> None:
    visit(office, place=DEPARTMENT)
    rule(office, late=True, replaced=False)
    charge(office)
    line_answered(office, made(office)[1], ("CO", "16", LATE_ROOM), icn="LATE1")

    office.answer(TaskKind.DENIAL, route="correct")
    office.pass_to(today(office) + 2)

    assert frequencies(office) == [["1"], ["5", "5"]]


def test_what_the_first_payer_leaves_of_it_are_late_charges_to_the_next_too(office: Play) -> None:
    visit(office, place=DEPARTMENT, next_payers=["BETA"])
    charge(office)
    for claim in (*made(office, "P"), *made(office)):
        line_answered(office, claim, ("PR", "2", 1_500))

    later = [each for each in made(office) if each.responsibility == "S"]

    assert [office.versions(each)[-1].frequency for each in later] == ["1", "5"]
    assert b"13:A:5" in sent(office, "837i")[-1]


def test_all_of_it_is_paid_and_the_encounter_closes(office: Play) -> None:
    visit(office, place=DEPARTMENT)
    charge(office)

    for claim in (*made(office, "P"), *made(office)):
        line_answered(office, claim)

    assert office.encounters["A1"].stage is Stage.CLOSED
    assert {each.outcome for each in made(office)} == {"paid"}


def test_what_has_no_coded_service_goes_as_late_charges_by_its_revenue_code(office: Play) -> None:
    visit(office, place=DEPARTMENT)
    owed = office.balances()["AR:insurance:ALPHA"]

    charge_of_its_own(office)

    assert office.balances()["AR:insurance:ALPHA"] == owed + 2 * PHARMACY
    assert frequencies(office) == [["1"], ["5"]]
    assert frequencies(office, "P") == [["1"]]
    last = sent(office, "837i")[-1]
    assert b"13:A:5" in last
    assert f"SV2*0250**{2 * PHARMACY // 100}*UN*2~".encode() in last


def test_it_joins_a_replacement_and_nothing_takes_it_out_again(office: Play) -> None:
    """Neither another coding nor what the facility's page says touches it."""
    visit(office, place=DEPARTMENT)
    line_answered(office, made(office)[0], icn="ROOM1")
    line_answered(office, made(office, "P")[0], ("CO", "4", CHARGE))

    line = charge_of_its_own(office, way=LateCharging.JOINS)
    office.answer(TaskKind.DENIAL)
    office.answer(TaskKind.CODING_REVIEW)
    office.pass_to(today(office) + 2)
    line_answered(office, made(office, "P")[0])
    office.pass_to(today(office) + 2)

    office.session.refresh(line)
    assert not line.is_void
    assert frequencies(office) == [["1", "7"]]
    assert b"SV2*0250**" in sent(office, "837i")[-1]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("0250 2 2026-01-07", "covers 2026-01-06 to 2026-01-06"),
        ("0999 2 2026-01-06", "no price for 0999"),
        ("0510 1 2026-01-06 99213", "99213 of that day is charged already"),
    ],
)
def test_a_row_that_cannot_be_charged_is_refused_at_its_field(
    office: Play, row: str, words: str
) -> None:
    visit(office, place=DEPARTMENT)

    with pytest.raises(Refused) as refusal:
        charge_of_its_own(office, row, because=" ")

    assert list(refusal.value.problems) == ["charge", "because"]
    assert words in refusal.value.problems["charge"].words


def test_it_is_charged_once(office: Play) -> None:
    visit(office, place=DEPARTMENT)
    charge_of_its_own(office)

    with pytest.raises(Refused, match="charged already"):
        charge_of_its_own(office)


def test_before_any_claim_is_out_the_facilitys_page_takes_it(office: Play) -> None:
    visit(office, place=DEPARTMENT, until_sent=False)

    with pytest.raises(Refused, match="enter it on the facility's claim"):
        charge_of_its_own(office)


def test_where_the_facility_charged_nothing_before_it_is_an_original(office: Play) -> None:
    """Also of a payer that takes late charges on a replacement alone: there is none to replace."""
    visit(office, codes=["87880"], place=DEPARTMENT)
    line_answered(office, made(office, "P")[0])
    assert office.encounters["A1"].stage is Stage.CLOSED
    made(office, "P")[0].payer.takes_late_charges = False

    charge_of_its_own(office)

    assert frequencies(office) == [["1"]]


def test_a_claim_that_stands_at_its_edits_takes_it_along(office: Play) -> None:
    visit(office, place=DEPARTMENT)
    line_answered(office, made(office)[0], icn="ROOM1")
    corrections.start(office.session, made(office)[0], "a wrong day", office.engine.now)

    line = charge_of_its_own(office)

    assert frequencies(office) == [["1", "7"]]
    assert line.id in office.versions(made(office)[0])[-1].charge_line_ids
    assert b"SV2*0250**" in sent(office, "837i")[-1]


def test_beside_a_rejected_bill_it_waits(office: Play) -> None:
    """The payer has nothing that it could be added to."""
    visit(office, place=DEPARTMENT, until_sent=False)
    office.acknowledges = False
    office.pass_to(today(office) + 1)
    office.acknowledge("A7")
    office.acknowledges = True

    charge_of_its_own(office)
    before = frequencies(office)
    for task in office.open_tasks(TaskKind.REJECTION):
        office.answer(TaskKind.REJECTION, task=task)
    office.pass_to(today(office) + 2)
    for claim in (*made(office, "P"), *made(office)):
        line_answered(office, claim)

    assert before == [["1"]]
    assert frequencies(office) == [["1", "1"], ["5"]]


def test_rejected_because_its_payer_takes_none_it_joins_the_first_bill(office: Play) -> None:
    visit(office, place=DEPARTMENT)
    office.acknowledges = False
    line = charge_of_its_own(office)
    office.acknowledge("A7")
    office.acknowledges = True
    rule(office, late=False)

    office.answer(TaskKind.REJECTION)
    for claim in (*made(office, "P"), made(office)[0]):
        line_answered(office, claim)

    assert frequencies(office) == [["1", "7"], ["5", "1"]]
    assert line.id in office.versions(made(office)[0])[-1].charge_line_ids
    assert made(office)[1].outcome == CLAIM_CANCELLED
    assert len(sent(office, "837i")) == 4  # B1's, the first bill, the late one, the replacement.


def test_an_answer_after_all_to_what_had_been_rejected_is_asked_about(office: Play) -> None:
    test_rejected_because_its_payer_takes_none_it_joins_the_first_bill(office)

    line_answered(office, made(office)[1])

    (task,) = office.open_tasks(TaskKind.POSTING_EXCEPTION)
    assert "another asks for its lines" in task.reason
    assert made(office)[1].outcome == CLAIM_CANCELLED


def test_rejected_with_its_first_bill_it_waits_for_that(office: Play) -> None:
    """Whichever is mended first: two originals of one day would be duplicates."""
    visit(office, place=DEPARTMENT)
    office.acknowledges = False
    charge_of_its_own(office)
    office.acknowledge("A7")
    office.acknowledges = True
    first, late = made(office)
    submissions.latest(office.session, first).ack_status = "rejected"
    first.stage = ClaimStage.REJECTED
    office.session.flush()

    office.answer(TaskKind.REJECTION)

    assert late.outcome == CLAIM_CANCELLED
    assert [each[-1] for each in frequencies(office)] == ["1", "1"]
    assert len(sent(office, "837i")) == 3


def test_a_bill_that_was_given_up_before_it_was_answered_is_none_to_add_to(office: Play) -> None:
    visit(office, place=DEPARTMENT)
    first = made(office)[0]
    first.stage, first.outcome = ClaimStage.SETTLED, "denied"
    office.session.flush()

    charge_of_its_own(office)

    assert frequencies(office) == [["1"], ["1"]]


def test_a_void_at_its_edits_takes_nothing_along(office: Play) -> None:
    """Its charge would be taken back with the others when the payer agrees."""
    visit(office, place=DEPARTMENT)
    line_answered(office, made(office)[0], icn="ROOM1")
    first = made(office)[0]
    voids.send(office.session, first, "Another person was seen.", office.engine.now)
    office.pass_to(today(office) + 2)
    submissions.renew(office.session, first, because="mended", now=office.engine.now)
    first.stage = ClaimStage.EDITS

    line = charge_of_its_own(office, goes_out=False)

    assert line.id not in office.versions(first)[-1].charge_line_ids
    assert frequencies(office)[1] == ["1"]


def test_a_service_that_the_facility_charged_by_itself_is_not_charged_again(office: Play) -> None:
    visit(office, place=DEPARTMENT)
    own = charge_of_its_own(office, "0510 1 2026-01-06 99214")

    charge(office)

    facilitys = [
        x for x in office.encounters["A1"].charge_lines if x.form is ClaimForm.INSTITUTIONAL
    ]
    assert [(x.code, x.is_void) for x in facilitys] == [("99213", False), ("99214", False)]
    assert own.beside_id is not None


def test_a_decided_bill_is_replaced_while_the_practices_claim_is_open(office: Play) -> None:
    visit(office, place=DEPARTMENT)
    rule(office, late=False)
    line_answered(office, made(office)[0], icn="ROOM1")

    charge_of_its_own(office)

    assert frequencies(office) == [["1", "7"]]
    assert made(office, "P")[0].stage is ClaimStage.ACCEPTED


def test_one_goes_now_although_another_waits(office: Play) -> None:
    visit(office, place=DEPARTMENT)

    charge_of_its_own(office, way=LateCharging.JOINS)
    now = charge_of_its_own(office, "0270 1 2026-01-06")

    assert frequencies(office) == [["1"], ["5"]]
    assert office.versions(made(office)[1])[-1].charge_line_ids == [now.id]


def test_a_void_that_was_overtaken_leaves_a_bill_to_add_to(office: Play) -> None:
    visit(office, place=DEPARTMENT)
    line_answered(office, made(office)[0], icn="ROOM1")
    first, now = made(office)[0], office.engine.now
    voids.send(office.session, first, "Another person was seen.", now)
    office.pass_to(today(office) + 2)
    corrections.replace(
        office.session, first, "It was right.",
        although_undecided=True, by=office.people[Role.BILLER], now=office.engine.now,
    )  # fmt: skip
    office.react()
    office.pass_to(today(office) + 2)

    charge_of_its_own(office)

    assert frequencies(office) == [["1", "8", "7"], ["5"]]


def test_what_it_is_sent_for_is_asked_when_it_is_prepared(office: Play) -> None:
    visit(office, place=DEPARTMENT)
    first = made(office)[0]
    charge_of_its_own(office, goes_out=False)
    before = frequencies(office)
    voids.conclude(office.session, first, office.engine.now)

    office.react()

    assert before == [["1"], ["5"]]
    assert frequencies(office)[1] == ["1"]


def test_a_voided_bills_lines_stay_void(office: Play) -> None:
    visit(office, place=DEPARTMENT)
    first = made(office)[0]
    (room,) = [each.charge_line for each in first.lines]
    voids.conclude(office.session, first, office.engine.now)

    charge(office)

    office.session.refresh(room)
    assert room.is_void
    assert frequencies(office)[1] == ["1"]


def test_a_coded_line_after_it_has_the_next_place(office: Play) -> None:
    """Recodings and answers count the coded lines through."""
    visit(office, place=DEPARTMENT)
    charge_of_its_own(office)

    charge(office)

    assert [line.ordinal for line in office.encounters["A1"].coded_lines] == [1, 2]


def test_taken_back_it_is_told_by_its_revenue_code(office: Play) -> None:
    visit(office, place=DEPARTMENT)
    charge_of_its_own(office)

    voids.conclude(office.session, made(office)[1], office.engine.now)

    words = select(Entry.words).order_by(Entry.id.desc()).limit(1)
    assert office.session.scalar(words) == "Charge of 0250 taken back: the claim is void"


def test_where_no_facility_bills_there_is_none(office: Play) -> None:
    visit(office)

    with pytest.raises(Refused, match="No facility bills"):
        charge_of_its_own(office)


def test_a_late_charge_leaves_what_the_facilitys_payer_was_asked_for(office: Play) -> None:
    """The practice's recoding reached its own claim alone; the late line beside changes nothing."""
    visit(office, place=DEPARTMENT)
    line_answered(office, made(office, "P")[0], ("CO", "4", CHARGE))
    office.answer(TaskKind.DENIAL)
    office.answer(TaskKind.CODING_REVIEW)
    (room,) = [each.charge_line for each in made(office)[0].lines]
    assert room.modifiers == []

    charge(office)

    office.session.refresh(room)
    assert room.modifiers == []
