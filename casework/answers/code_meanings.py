"""A biller says how an unknown code of an answer is to be read: what was done, or who owes."""

from casework.answers.form import Form
from casework.posting import unknown_codes
from db.models import RemitClaim
from domain.questions import Field, FieldKind, Option
from domain.remittance import AdjustmentGroup, RemitStatus

_STATUS = "status"
_STATUSES = {
    RemitStatus.PRIMARY: "The first payer's answer",
    RemitStatus.SECONDARY: "The second payer's answer",
    RemitStatus.TERTIARY: "The third payer's answer",
    RemitStatus.PATIENT_UNKNOWN: "Refused as a whole",
    RemitStatus.PRIMARY_FORWARDED: "The first payer's answer, passed on to the next payer",
    RemitStatus.SECONDARY_FORWARDED: "The second payer's answer, passed on to the next payer",
    RemitStatus.REVERSAL: "An earlier answer is taken back",
    RemitStatus.PREDETERMINATION: "An estimate; no money moves",
}
_GROUPS = {
    AdjustmentGroup.CONTRACTUAL: "We bear it, by contract or obligation",
    AdjustmentGroup.PATIENT: "The patient or the next payer owes it",
    AdjustmentGroup.OTHER: "Another adjustment",
    AdjustmentGroup.PAYER_INITIATED: "The payer's own reduction",
}


def fields(answer: RemitClaim, *, when: tuple[str, tuple[str, ...]]) -> tuple[Field, ...]:
    """One for each unknown code, asked for only where the answer is to be posted."""
    status = [_status(answer, when)] if unknown_codes.has_unknown_status(answer) else []
    groups = [_group(code, when) for code in unknown_codes.unknown_groups(answer)]
    return (*status, *groups)


def read(answer: RemitClaim, form: Form) -> None:
    """Raises `Refused` where one of them was not chosen."""
    status = None
    if unknown_codes.has_unknown_status(answer):
        status = RemitStatus(form.one_of(_STATUS, list(_STATUSES)))
    groups = {
        code: AdjustmentGroup(form.one_of(_name(code), list(_GROUPS)))
        for code in unknown_codes.unknown_groups(answer)
    }
    unknown_codes.read_as(answer, status, groups)


def _status(answer: RemitClaim, when: tuple[str, tuple[str, ...]]) -> Field:
    options = tuple(
        Option(value=status, label=f"{status}: {words}") for status, words in _STATUSES.items()
    )
    return _field(_STATUS, f"The claim status {answer.status} means", options, when)


def _group(code: str, when: tuple[str, tuple[str, ...]]) -> Field:
    options = tuple(
        Option(value=group, label=f"{group}: {words}") for group, words in _GROUPS.items()
    )
    return _field(_name(code), f"The adjustment group {code} means", options, when)


def _field(
    name: str, label: str, options: tuple[Option, ...], when: tuple[str, tuple[str, ...]]
) -> Field:
    return Field(
        name=name,
        label=label,
        kind=FieldKind.SELECT,
        values=(),
        options=options,
        is_required=False,
        depends_on=when,
    )


def _name(code: str) -> str:
    return f"group_{code}"
