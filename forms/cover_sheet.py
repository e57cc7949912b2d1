"""The sheet on top of records that go beside a claim: the numbers by which a payer joins the two,
and nothing of what the records say.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from domain.correspondence import Letterhead, MailingAddress
from forms import typeset
from forms.words import in_words

TEMPLATE = "cover_sheet.typ"


@dataclass(frozen=True, kw_only=True)
class CoverSheet:
    control_number: str
    """As it stands on the claim (PWK06)."""
    enclosed: str
    payer: MailingAddress
    practice: Letterhead
    patient_name: str
    member_id: str
    pcn: str
    payer_claim_number: str
    service_on: dt.date
    sent_on: dt.date


def sheet_pdf(sheet: CoverSheet) -> bytes:
    return typeset.pdf(TEMPLATE, _data(sheet), dated_on=sheet.sent_on)


def _data(sheet: CoverSheet) -> Mapping[str, typeset.Data]:
    address, letterhead = sheet.practice.address, sheet.practice
    return {
        "title": f"Records for a claim, {sheet.control_number}",
        "control_number": sheet.control_number,
        "practice": {
            "name": address.name,
            "lines": address.lines[1:],
            "ids": f"NPI {letterhead.npi} · Tax ID {letterhead.tax_id}",
            "numbers": f"Telephone {letterhead.phone}",
        },
        "payer": sheet.payer.lines,
        "sent_on": in_words(sheet.sent_on),
        "facts": [
            ("Attachment control number", sheet.control_number),
            ("Our claim number", sheet.pcn),
            *((("Your claim number", sheet.payer_claim_number),) * bool(sheet.payer_claim_number)),
            ("Patient", sheet.patient_name),
            ("Member ID", sheet.member_id),
            ("Date of service", in_words(sheet.service_on)),
            ("Enclosed", sheet.enclosed),
        ],
    }
