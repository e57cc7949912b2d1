"""What each scenario proves beside its balances, and what must not happen in it."""

from collections.abc import Callable

from sqlalchemy import select

from casework import appeals
from db.models import (
    ChargeLine,
    Entry,
    Outbox,
    PaymentPlan,
    Posting,
    RawFile,
    StatementLine,
    WriteOffRequest,
)
from domain.claims import ProfessionalClaim
from domain.ledger import Account
from domain.tasks import TaskKind
from edi.read import read
from tests.scenarios.play import Play


def denied_amounts_never_reach_the_patient(play: Play) -> None:
    """S03."""
    asked = play.session.scalars(select(StatementLine.cents)).all()

    assert sum(asked) == 1840
    _a_second_person_approved(play)


def a_replacement_names_the_payers_own_number(play: Play) -> None:
    """S04."""
    first, second = play.versions(play.claim("A1"))

    assert (first.frequency, first.payer_claim_number) == ("1", None)
    assert (second.frequency, second.payer_claim_number) == ("7", "ICN0401")
    assert b"REF*F8*ICN0401~" in _claims_sent(play)[-1]


def the_second_payer_is_told_what_the_first_did(play: Play) -> None:
    """S06."""
    sent = _claims_sent(play)[-1]
    days = [play.day_of(statement.issued_on) for statement in play.statements()]

    assert b"SVD*ALPHA*120*HC:99215**1~CAS*CO*45*100~CAS*PR*1*50**2*30~" in sent
    assert b"AMT*D*120~" in sent
    assert all(day >= 50 for day in days)


def a_forwarded_claim_is_not_sent_by_us(play: Play) -> None:
    """S07."""
    assert play.submissions(play.claim("A1", "MEDIGAP")) == []
    items = [item for sent in _claims_sent(play) for item in read(sent).items]
    claims = [item for item in items if isinstance(item, ProfessionalClaim)]
    assert [claim.payer.payer_id for claim in claims] == ["MEDICARE"]
    # Medicare is told to whom it can forward the claim.
    assert [[other.payer.payer_id for other in claim.other_payers] for claim in claims] == [
        ["MEDIGAP"]
    ]


def the_right_payer_is_billed_first(play: Play) -> None:
    """S09."""
    assert play.claim("A1", "BETA").responsibility == "P"
    assert play.claim("A1", "ALPHA").outcome == "denied"


def the_patient_gets_nothing_back_between_reversal_and_correction(play: Play) -> None:
    """S12."""
    kept = select(Posting).where(Posting.account == Account.UNAPPLIED, Posting.cents < 0)

    assert play.session.scalars(kept).all() == []
    assert [letter.status for letter in play.letters()] == ["won"]


def the_second_file_says_that_it_repeats(play: Play) -> None:
    """S15."""
    last = play.session.scalars(select(RawFile).order_by(RawFile.id.desc()).limit(1)).one()

    assert last.judgement == "repeated"
    assert "T1501" in last.words


def a_duplicate_opens_no_appeal(play: Play) -> None:
    """S16."""
    assert play.letters() == []
    assert len(play.submissions(play.claim("A1"))) == 2


def the_letter_encloses_the_proof_of_filing(play: Play) -> None:
    """S17."""
    (case,) = play.letters()
    letter = appeals.letter(play.session, case, None, play.engine.now)

    # The day is the one that the payer's own file says, not the one on which it came.
    said = "277CA of the payer of January 6, 2026, number PC1V1S1"
    assert f"Proof of filing: {said}" in letter.enclosures
    assert case.status == "won"


def a_lost_appeal_is_given_up_by_two_people(play: Play) -> None:
    """S19."""
    assert [letter.status for letter in play.letters()] == ["lost"]
    _a_second_person_approved(play)


def a_kept_plan_sends_no_reminder(play: Play) -> None:
    """S23."""
    (plan,) = play.session.scalars(select(PaymentPlan)).all()

    assert plan.status == "done"
    assert [statement.kind for statement in play.statements()] == ["statement"]


def the_fee_belongs_to_no_encounter(play: Play) -> None:
    """S25."""
    fees = play.session.scalars(
        select(Posting).where(Posting.account.in_([Account.AR_FEES, Account.NSF_FEE]))
    ).all()
    contra = play.session.scalars(select(Entry).where(Entry.effect_key.like("returned:%"))).all()

    assert {(fee.encounter_id, fee.payer_id) for fee in fees} == {(None, None)}
    assert len(contra) >= 1


def a_void_names_the_payers_own_number(play: Play) -> None:
    """S27."""
    void = play.versions(play.claim("A1"))[-1]
    lines = play.session.scalars(
        select(ChargeLine).where(ChargeLine.encounter_id == play.encounters["A1"].id)
    ).all()

    assert (void.frequency, void.payer_claim_number) == ("8", "ICN2701")
    assert any(b"REF*F8*ICN2701~" in sent for sent in _claims_sent(play))
    assert play.claim("A1").outcome == "void"
    assert all(line.is_void for line in lines)


def the_arithmetic_is_shown(play: Play) -> None:
    """S30."""
    (task,) = play.tasks(TaskKind.POSTING_EXCEPTION)

    assert "90.01" in task.reason
    assert "90.00" in task.reason


PROOFS: dict[str, Callable[[Play], None]] = {
    "S03": denied_amounts_never_reach_the_patient,
    "S04": a_replacement_names_the_payers_own_number,
    "S06": the_second_payer_is_told_what_the_first_did,
    "S07": a_forwarded_claim_is_not_sent_by_us,
    "S09": the_right_payer_is_billed_first,
    "S12": the_patient_gets_nothing_back_between_reversal_and_correction,
    "S15": the_second_file_says_that_it_repeats,
    "S16": a_duplicate_opens_no_appeal,
    "S17": the_letter_encloses_the_proof_of_filing,
    "S19": a_lost_appeal_is_given_up_by_two_people,
    "S23": a_kept_plan_sends_no_reminder,
    "S25": the_fee_belongs_to_no_encounter,
    "S27": a_void_names_the_payers_own_number,
    "S30": the_arithmetic_is_shown,
}


def _a_second_person_approved(play: Play) -> None:
    (request,) = play.session.scalars(select(WriteOffRequest)).all()

    assert request.status == "posted"
    assert request.approved_by_id not in (None, request.asked_by_id)


def _claims_sent(play: Play) -> list[bytes]:
    """The interchanges with claims, oldest first."""
    names = Outbox.name.like("837p-%")
    rows = play.session.scalars(select(Outbox.content).where(names).order_by(Outbox.id))
    return [content.replace(b"\n", b"") for content in rows]
