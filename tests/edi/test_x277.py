"""A 277 tells by our trace where the payer says a claim is."""

import datetime as dt
from pathlib import Path

from domain.claim_status import StatusAnswer
from edi.read import read


def _answers(path: Path) -> list[StatusAnswer]:
    file = read(path.read_bytes())
    assert file.findings == ()
    return [item for item in file.items if isinstance(item, StatusAnswer)]


def test_every_category_is_told_by_trace(testdata: Path) -> None:
    answers = _answers(testdata / "own_277_status_all_categories.277")

    told = [(one.trace, one.category, one.status) for one in answers]
    assert told[:5] == [
        ("PCN0001", "P1", "20"),
        ("PCN0002", "P3", "317"),
        ("PCN0003", "F0", "1"),
        ("PCN0004", "F1", "65"),
        ("PCN0005", "F2", "88"),
    ]
    assert {category[0] for _, category, _ in told} >= {"P", "F", "R", "D", "E"}


def test_a_paid_claim_tells_amount_day_and_number_of_payment(testdata: Path) -> None:
    paid = _answers(testdata / "own_277_status_all_categories.277")[3]

    assert (paid.charge_cents, paid.paid_cents) == (15000, 10000)
    assert paid.adjudicated_on == dt.date(2026, 10, 12)
    assert (paid.check_number, paid.check_on) == ("EFT0001", None)
    assert paid.payer_claim_number == "ICN7"
    assert (paid.payer_name, paid.payer_id) == ("ACME HEALTH PLAN", "12345")


def test_a_published_answer_tells_subscribers_and_dependents(testdata: Path) -> None:
    answers = _answers(testdata / "stupidedi_X212_claim-response.edi")

    assert [(one.trace, one.pcn, one.category) for one in answers] == [
        ("ABCXYZ1", "SM123456", "P3"),
        ("ABCXYZ2", "JO234567", "F0"),
        ("ABCXYC3", "MA345678", "F2"),
    ]


def test_a_refusal_at_a_higher_level_is_an_answer(testdata: Path) -> None:
    answers = _answers(testdata / "stupidedi_X212_info-receiver-response.edi")

    assert len(answers) == 1
    assert answers[0].category.startswith(("E", "A", "D"))
