"""Between a paper EOB as it is typed and the inputs of its page: the head, the provider level and
the one claim that is open come with the form; every other claim stays as it was saved.
"""

from dataclasses import replace

from werkzeug.datastructures import MultiDict

from domain.keyed_eob import (
    TypedClaim,
    TypedEob,
    TypedLine,
    TypedProviderAdjustment,
    TypedReason,
)

Form = MultiDict[str, str]
TEXT_MAX = 200
ROWS_MAX = 30


def merged(form: Form, kept: TypedEob) -> TypedEob:
    """What was saved, with what this form says in its place."""
    claims = list(kept.claims)
    opened = opened_in(form)
    if opened < len(claims):
        claims[opened] = _claim(form, f"c{opened}", claims[opened])
    return TypedEob(
        payer_no=_text(form, "payer"),
        method=_text(form, "method"),
        trace=_text(form, "trace"),
        paid_on=_text(form, "paid_on"),
        amount=_text(form, "amount"),
        claims=tuple(claims),
        provider=_provider(form),
    )


def opened_in(form: Form) -> int:
    """Which claim the form shows."""
    text = form.get("opened", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("10000") else 0


def _claim(form: Form, name: str, kept: TypedClaim) -> TypedClaim:
    lines = (_line(form, f"{name}.l{m}", line) for m, line in enumerate(kept.lines))
    return replace(
        kept,
        pcn=_text(form, f"{name}.pcn"),
        payer_claim_number=_text(form, f"{name}.payer_claim_number"),
        status=_text(form, f"{name}.status"),
        paid=_text(form, f"{name}.paid"),
        lines=tuple(lines),
    )


def _line(form: Form, name: str, kept: TypedLine) -> TypedLine:
    reasons = (
        _reason(form, f"{name}.r{k}") for k in range(ROWS_MAX) if f"{name}.r{k}.carc" in form
    )
    return replace(
        kept,
        code=_text(form, f"{name}.code"),
        service_on=_text(form, f"{name}.service_on"),
        charge=_text(form, f"{name}.charge"),
        allowed=_text(form, f"{name}.allowed"),
        paid=_text(form, f"{name}.paid"),
        remarks=_text(form, f"{name}.remarks"),
        reasons=tuple(reason for reason in reasons if not reason.is_blank),
    )


def _reason(form: Form, name: str) -> TypedReason:
    return TypedReason(
        group=_text(form, f"{name}.group"),
        carc=_text(form, f"{name}.carc"),
        amount=_text(form, f"{name}.amount"),
    )


def _provider(form: Form) -> tuple[TypedProviderAdjustment, ...]:
    rows = (
        TypedProviderAdjustment(
            code=_text(form, f"p{n}.code"),
            reference=_text(form, f"p{n}.reference"),
            effect=_text(form, f"p{n}.effect"),
            amount=_text(form, f"p{n}.amount"),
        )
        for n in range(ROWS_MAX)
        if f"p{n}.amount" in form
    )
    return tuple(row for row in rows if not row.is_blank)


def _text(form: Form, name: str) -> str:
    return form.get(name, "").strip()[:TEXT_MAX]
