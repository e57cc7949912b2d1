"""The names under which the world knows what is ours (docs/exchange.md); each has one
maker here.
"""


def pcn(claim_id: int, version: int, number: int) -> str:
    """The patient control number of one submission: at most 20 of A-Z and 0-9."""
    return f"C{claim_id}V{version}S{number}"


def line_control(charge_line_id: int) -> str:
    return f"L{charge_line_id}"


def charge_line_id(control: str | None) -> int | None:
    """The charge line behind a REF*6R, or None when it is not one of ours."""
    return int(control[1:]) if control and control[0] == "L" and control[1:].isdigit() else None


def attachment(attachment_id: int) -> str:
    """What joins a claim and the document that is sent beside it (PWK06)."""
    return f"A{attachment_id:08d}"


def eligibility_trace(check_id: int) -> str:
    return f"E{check_id}"


def inquiry_trace(inquiry_id: int) -> str:
    return f"I{inquiry_id}"


def batch_reference(batch_id: int) -> str:
    return f"B{batch_id}"


def mail_reference(case_id: int) -> str:
    return f"M{case_id:08d}"
