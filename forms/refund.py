"""The paper that goes with a refund check: how much comes back, on which check, and why."""

from collections.abc import Mapping

from domain.correspondence import RefundNotice
from domain.money import dollars
from forms import typeset
from forms.words import in_words

TEMPLATE = "refund.typ"


def refund_pdf(notice: RefundNotice) -> bytes:
    return typeset.pdf(TEMPLATE, _data(notice), dated_on=notice.issued_on)


def _data(notice: RefundNotice) -> Mapping[str, typeset.Data]:
    return {
        "title": f"Refund {notice.statement_no}",
        "headline": f"You get {dollars(notice.refund_cents)} back",
        "below_headline": [f"Our check {notice.check_no} is with this letter."],
        "practice": {"name": notice.practice.name, "lines": notice.practice.lines[1:]},
        "phone": f"Telephone {notice.phone}",
        "addressee": notice.addressee.lines,
        "facts": [
            ("Refund", notice.statement_no),
            ("Date", in_words(notice.issued_on)),
            ("Account", notice.account_no),
        ],
        "reason": notice.reason,
        "what_to_do": f"If this looks wrong, or the check is missing, call {notice.phone}.",
    }
