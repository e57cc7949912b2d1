"""The letter to a payer: one page that states what was refused, why it should be paid, and by
when we expect an answer. It carries no social security number, for the dataclass holds none.
"""

from collections.abc import Mapping

from domain.correspondence import AppealLetter, AppealLine, LetterKind
from domain.filing_proof import ProofSheet
from domain.money import amount, dollars
from forms import proof, typeset
from forms.words import in_words

TEMPLATE = "appeal.typ"

_APPEALS = {1: "First-level appeal", 2: "Second-level appeal", 3: "Third-level appeal"}


def letter_pdf(letter: AppealLetter, enclosed: ProofSheet | None = None) -> bytes:
    """The letter; on the pages behind it the proof of filing that it encloses."""
    shown = {**_data(letter), "proof": proof.data(enclosed) if enclosed else None}
    return typeset.pdf(TEMPLATE, shown, dated_on=letter.sent_on)


def _data(letter: AppealLetter) -> Mapping[str, typeset.Data]:
    """Everything the template shows, already in words: it formats nothing itself."""
    return {
        "title": f"{_subject(letter)}, {letter.reference}",
        "subject": _subject(letter),
        "request": _request(letter),
        "practice": {
            "name": letter.practice.address.name,
            "lines": letter.practice.address.lines[1:],
            "numbers": f"Telephone {letter.practice.phone}",
            "ids": f"NPI {letter.practice.npi} · Tax ID {letter.practice.tax_id}",
        },
        "payer": letter.payer.lines,
        "sent_on": in_words(letter.sent_on),
        "facts": _facts(letter),
        "short_word": _short_word(letter.kind),
        "lines": [_line(line) for line in letter.lines],
        "total": _total(letter),
        "argument": [p.strip() for p in letter.argument.split("\n\n") if p.strip()],
        "answer_by": f"Please answer in writing by {in_words(letter.answer_due_on)}, and quote "
        f"our reference {letter.reference}.",
        "enclosures": letter.enclosures,
        "signed_by": letter.signed_by,
        "reference": letter.reference,
    }


def _subject(letter: AppealLetter) -> str:
    match letter.kind:
        case LetterKind.APPEAL:
            return _APPEALS.get(letter.level, f"Appeal of level {letter.level}")
        case LetterKind.RECORDS:
            return "Records you asked for"
        case LetterKind.DISPUTE:
            return "Payment below our contract"
        case LetterKind.REOPENING:
            return "Request to reopen a claim"


def _request(letter: AppealLetter) -> str:
    """The one sentence a reader needs: what we ask for and how much hangs on it."""
    at_issue = dollars(letter.denied_cents)
    match letter.kind:
        case LetterKind.APPEAL:
            return f"We ask you to pay the {at_issue} that you denied on this claim."
        case LetterKind.RECORDS:
            return (
                f"The records you asked for are enclosed. Please process the {at_issue} held back."
            )
        case LetterKind.DISPUTE:
            return f"Your payment is {at_issue} below our contract. We ask you to pay the rest."
        case LetterKind.REOPENING:
            return (
                "We ask you to reopen this claim for a clerical error of ours, and to decide the "
                f"{at_issue} again."
            )


def _short_word(kind: LetterKind) -> str:
    return "Underpaid" if kind is LetterKind.DISPUTE else "Denied"


def _facts(letter: AppealLetter) -> list[tuple[str, str]]:
    return [
        ("Patient", letter.patient_name),
        ("Member ID", letter.member_id),
        ("Your claim number", letter.payer_claim_number),
        ("Our claim number", letter.pcn),
        ("Date of service", in_words(letter.service_on)),
        ("Our reference", letter.reference),
    ]


def _line(line: AppealLine) -> Mapping[str, typeset.Data]:
    return {
        "service": f"{line.code} {line.words}",
        "charge": amount(line.charge_cents),
        "denied": amount(line.denied_cents),
        "reason": f"{line.reason_code}: {line.reason_words}",
    }


def _total(letter: AppealLetter) -> Mapping[str, typeset.Data]:
    charges = sum(line.charge_cents for line in letter.lines)
    return {"charge": amount(charges), "denied": amount(letter.denied_cents)}
