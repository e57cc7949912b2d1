"""Proof of timely filing on paper: who took the claim, when and under which number, in words that
a reader can check against the segments below them. It says nothing of any other claim.
"""

from collections.abc import Mapping

from domain.filing_proof import FilingProof, ProofKind, ProofSheet
from domain.money import dollars
from forms import typeset
from forms.words import in_words

TEMPLATE = "proof.typ"


def proof_pdf(sheet: ProofSheet) -> bytes:
    return typeset.pdf(TEMPLATE, _paper(sheet), dated_on=sheet.printed_on)


def data(sheet: ProofSheet) -> Mapping[str, typeset.Data]:
    """What the template shows, already in words: alone, or behind a letter."""
    proof = sheet.proof
    return {
        "sentence": _sentence(sheet),
        "facts": _facts(sheet),
        "segments_head": _segments_head(proof),
        "segments": [f"{number}  {text}" for number, text in proof.segments],
        "others": [_other(other) for other in sheet.others],
    }


def _paper(sheet: ProofSheet) -> Mapping[str, typeset.Data]:
    practice = sheet.practice
    return {
        "title": f"Proof of timely filing, {sheet.proof.pcn}",
        "practice": {
            "name": practice.address.name,
            "lines": practice.address.lines[1:],
            "numbers": f"Telephone {practice.phone}",
            "ids": f"NPI {practice.npi} · Tax ID {practice.tax_id}",
        },
        "payer": sheet.payer.lines,
        "printed_on": in_words(sheet.printed_on),
        "reference": sheet.proof.pcn,
        "proof": data(sheet),
    }


def _sentence(sheet: ProofSheet) -> str:
    """The one sentence a reader needs, and no more than what the proof bears."""
    proof, payer = sheet.proof, sheet.payer.name
    on = in_words(proof.on)
    match proof.kind:
        case ProofKind.ACCEPTED:
            number = f" as its claim {proof.number}" if proof.number else ""
            said = f"{payer} accepted this claim for adjudication on {on}{number}."
        case ProofKind.PORTAL:
            said = (
                f"This claim was entered on the portal of {payer} on {on}, which confirmed it "
                f"under number {proof.number}."
            )
        case ProofKind.MAILED:
            said = f"This claim was mailed to {payer} on {on}{_carried(proof)}."
        case ProofKind.RECEIVED:
            said = f"The clearinghouse of {payer} took this claim on {on}."
    return f"{said} {_limit(sheet)}"


def _carried(proof: FilingProof) -> str:
    return f", under the carrier's number {proof.number}" if proof.number else ""


def _limit(sheet: ProofSheet) -> str:
    days = (sheet.file_by_on - sheet.proof.on).days
    limit = f"The filing limit was {in_words(sheet.file_by_on)}"
    if days < 0:
        return f"{limit}."
    return f"{limit}: {days} day{'' if days == 1 else 's'} later."


def _facts(sheet: ProofSheet) -> list[tuple[str, str]]:
    proof = sheet.proof
    every = (
        ("Patient", sheet.patient_name),
        ("Member ID", sheet.member_id),
        ("Date of service", in_words(sheet.service_on)),
        ("Charge", dollars(sheet.charge_cents)),
        ("Your claim number", proof.payer_claim_number),
        ("Our claim number (CLM01)", proof.pcn),
        ("Confirmation number", proof.number if proof.kind is ProofKind.PORTAL else ""),
        ("Sent", in_words(proof.sent_on) if proof.sent_on else ""),
        ("Our interchange (ISA13)", proof.control_number),
        ("Accepted on" if proof.kind.is_payers else "Dated", in_words(proof.on)),
        ("Said by", proof.said_by),
        ("File", proof.file_name),
    )
    return [(name, value) for name, value in every if value]


def _segments_head(proof: FilingProof) -> str:
    if not proof.segments:
        return ""
    return f"What the file says of this claim, {proof.place}"


def _other(proof: FilingProof) -> str:
    number = f", number {proof.number}" if proof.number else ""
    return f"{in_words(proof.on)}: {proof.said_by}, {proof.pcn}{number}. {proof.words}"
