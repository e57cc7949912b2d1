"""A person who makes up a patient chooses what the payer does by the member id."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sim.adjudication import ClaimLine

Open = Callable[..., Any]


def send_made_up(practice: Any, member_id: str, payer_id: str = "60101") -> Any:
    """One claim with two lines for a patient whom the world does not know."""
    practice.step()
    encounter = next(one for one in practice.world.encounters if one.patient.covers)
    cover = replace(encounter.patient.covers[0], member_id=member_id, payer_id=payer_id)
    patient = replace(encounter.patient, covers=(cover,))
    lines = [
        ClaimLine(control="L900", code="99214", charge_cents=25600, diagnoses=("E119",)),
        ClaimLine(control="L901", code="93000", charge_cents=3000, diagnoses=("E119",)),
    ]
    bill = practice.bill(replace(encounter, patient=patient), cover, lines)
    practice.send([bill])
    return bill


def answers_to(practice: Any, bill: Any) -> list[tuple[str, str, int]]:
    rows = practice.sim.store.db.execute(
        "select status, denial, paid_cents from payment where pcn = ? order by rowid", (bill.pcn,)
    )
    return [(row["status"], row["denial"], row["paid_cents"]) for row in rows]


@pytest.mark.parametrize(
    ("prefix", "denials"),
    [
        ("DENY16", {"CO-16"}),
        ("DENYMA130", {"CO-16"}),
        ("DENY31", {"CO-31"}),
        ("DENY29", {"CO-29"}),
        ("DENY22", {"CO-22"}),
        ("DENY27", {"CO-27"}),
        ("DENY4", {"CO-4", ""}),
        ("DENY11", {"CO-11", ""}),
        ("DENY50", {"CO-50", ""}),
        ("DENY197NO", {"CO-197", ""}),
        ("DENY252", {"CO-252", ""}),
        ("DENY97", {"CO-97", ""}),
        ("DENY204", {"PR-204", ""}),
    ],
)
def test_a_member_id_pins_its_denial(practice_at: Open, prefix: str, denials: set[str]) -> None:
    practice = practice_at(seed=7, encounters=2)
    bill = send_made_up(practice, f"{prefix}-1")

    practice.live()

    first = answers_to(practice, bill)[:2]
    assert {denial for _, denial, _ in first} == denials


def test_without_a_pin_a_made_up_patient_is_paid_for(practice_at: Open) -> None:
    practice = practice_at(seed=7, encounters=2)
    bill = send_made_up(practice, "ZZ-1")

    practice.live()

    assert {denial for _, denial, _ in answers_to(practice, bill)} == {""}


def test_a_pinned_rejection_is_paid_when_sent_again(practice_at: Open) -> None:
    practice = practice_at(seed=7, encounters=2)
    bill = send_made_up(practice, "REJECT-1")

    practice.live()

    again = next(
        one
        for one in practice.bills.values()
        if one.cover.member_id == "REJECT-1" and one.pcn != bill.pcn
    )
    assert answers_to(practice, bill) == []
    assert len(answers_to(practice, again)) == 2


def test_a_correction_that_changes_nothing_is_denied_again(practice_at: Open) -> None:
    practice = practice_at(seed=7, encounters=2)
    bill = send_made_up(practice, "DENY4-1")
    practice._cure = lambda *_: None
    practice.live()

    same = practice.bill(bill.encounter, bill.cover, bill.lines, frequency="7", original=bill.icn)
    practice.send([same])
    practice.live()

    assert [one[0] for one in answers_to(practice, bill)] == ["1", "1", "22", "22"]
    assert [one[1] for one in answers_to(practice, same)] == ["", "CO-4"]


def test_a_void_is_answered_by_a_reversal_alone(practice_at: Open) -> None:
    practice = practice_at(seed=7, encounters=2)
    bill = send_made_up(practice, "PAID-1")
    practice.live()

    void = practice.bill(bill.encounter, bill.cover, bill.lines, frequency="8", original=bill.icn)
    practice.send([void])
    practice.live()

    answers = answers_to(practice, bill)
    assert [one[0] for one in answers] == ["1", "1", "22", "22"]
    assert sum(one[2] for one in answers) == 0
    assert answers_to(practice, void) == []


def test_frequency_7_is_refused_where_the_payer_does_not_take_it(practice_at: Open) -> None:
    practice = practice_at(seed=7, encounters=2)
    bill = send_made_up(practice, "PAID-1", "60102")
    practice.live()

    practice._send_again = lambda *_: None
    seven = practice.bill(bill.encounter, bill.cover, bill.lines, frequency="7", original=bill.icn)
    practice.send([seven])
    for _ in range(6):
        practice.step()

    assert practice.sim.store.claim(seven.pcn)["reason"] == ["A7", "535"]


def test_late_charges_alone_are_refused_of_a_practice(practice_at: Open) -> None:
    practice = practice_at(seed=7, encounters=2)
    bill = send_made_up(practice, "PAID-1")
    practice.live()

    practice._send_again = lambda *_: None
    late = practice.bill(bill.encounter, bill.cover, bill.lines, frequency="5")
    practice.send([late])
    for _ in range(6):
        practice.step()

    assert practice.sim.store.claim(late.pcn)["reason"] == ["A7", "535"]


def test_a_second_claim_for_paid_lines_is_a_duplicate(practice_at: Open) -> None:
    practice = practice_at(seed=7, encounters=2)
    bill = send_made_up(practice, "PAID-1")
    practice.live()

    second = practice.bill(bill.encounter, bill.cover, bill.lines)
    practice.send([second])
    practice.live()

    assert [(one[1], one[2]) for one in answers_to(practice, second)] == [("OA-18", 0)] * 2


def test_money_taken_back_is_withheld_or_carried_and_balances(practice_at: Open) -> None:
    reasons = set()
    for number in range(4):
        practice = practice_at(f"home{number}", seed=number, encounters=4)
        bill = send_made_up(practice, f"TAKEBACK-{number}")
        practice.live()

        answers = answers_to(practice, bill)
        assert [one[0] for one in answers] == ["1", "1", "22", "22", "1", "1"]
        assert sum(one[2] for one in answers) == 0
        plb = practice.books()["provider_adjustments"]
        reasons |= {one["reason"] for one in plb}
        assert practice.books()["debts"] == []
    assert reasons & {"FB", "WO"}
