"""An 835 kept whole, with the segment of every row, before anything of it is posted."""

import datetime as dt

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from casework.moment import Moment
from db.models import (
    Payer,
    PayerAlias,
    RawFile,
    RemitAdjustment,
    RemitClaim,
    RemitLine,
    RemitProviderAdjustment,
    Remittance,
    Submission,
)
from domain import remittance as said
from domain.keyed_eob import is_keyed
from domain.keyed_eob import originator as keyed_originator
from domain.remittance import RemitStatus


def stored(session: Session, remittance: said.Remittance, payer: Payer) -> Remittance | None:
    """The same payment, if it came before: under whatever control numbers, or on paper.

    Paper names no originator, so that a check that a person keyed is known by its payer. Two that
    come at once (a file, and a person who keys its paper) wait for each other here.
    """
    key = said.key(remittance)
    number = key.trace_number.lstrip("0")
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"check:{payer.id}:{number}"))))
    is_of_payer = (
        Remittance.payer_id == payer.id
        if is_keyed(key.originator)
        # By the whole word: a prefix would read every remittance.
        else Remittance.originator == keyed_originator(payer.payer_no)
    )
    same_number = func.ltrim(Remittance.trace_number, "0") == number
    same = and_(
        Remittance.originator == key.originator, Remittance.trace_number == key.trace_number
    )
    return session.scalar(
        select(Remittance)
        .where(Remittance.paid_on == key.paid_on, Remittance.paid_cents == key.paid_cents)
        .where(or_(same, and_(is_of_payer, same_number)))
        .order_by(Remittance.id)
        .limit(1)
    )


def payer_of(session: Session, remittance: said.Remittance) -> Payer | None:
    """By any name that the payer goes by; else by the claims of ours that it answers first."""
    called = payer_called(session, *_names(remittance), name=remittance.payer_name)
    return called or _payer_of_claims(session, remittance)


def payer_called(session: Session, *ids: str, name: str) -> Payer | None:
    """The first of these ids that is one of a payer's; else the one payer of this very name."""
    for each in ids:
        known = session.scalar(
            select(Payer).join(PayerAlias).where(PayerAlias.alias == each)
        ) or session.scalar(select(Payer).where(Payer.payer_no == each))
        if known:
            return known
    by_name = session.scalars(select(Payer).where(Payer.name == name)).all()
    return by_name[0] if len(by_name) == 1 else None


def store(
    session: Session, remittance: said.Remittance, payer: Payer, file: RawFile, now: Moment
) -> Remittance:
    """Rows only; the remittance's workflow posts them."""
    key = said.key(remittance)
    row = Remittance(
        raw_file_id=file.id,
        payer_id=payer.id,
        originator=key.originator,
        trace_number=key.trace_number,
        paid_on=key.paid_on,
        paid_cents=key.paid_cents,
        method=remittance.method,
        received_at=now.at,
        claims=[_claim(claim) for claim in remittance.claims],
    )
    session.add(row)
    session.flush()
    session.add_all(
        RemitProviderAdjustment(
            remittance_id=row.id,
            ordinal=plb.ordinal,
            segment=plb.segment,
            code=plb.code,
            reference=plb.reference or "",
            cents=plb.cents,
        )
        for plb in remittance.provider_adjustments
    )
    session.flush()
    return row


def _names(remittance: said.Remittance) -> list[str]:
    # TRN03 is `1` and the payer's tax number; aliases may be kept with or without that digit.
    names = [remittance.payer_id, remittance.originator, remittance.originator[1:]]
    return [name for name in (*names, remittance.payer_name) if name]


def _payer_of_claims(session: Session, remittance: said.Remittance) -> Payer | None:
    pcns = [c.pcn for c in remittance.claims if c.status is RemitStatus.PRIMARY]
    rows = session.scalars(select(Submission).where(Submission.pcn.in_(pcns))).all()
    payers = {row.claim_version.claim.payer for row in rows}
    return payers.pop() if len(payers) == 1 else None


def _claim(claim: said.RemitClaim) -> RemitClaim:
    return RemitClaim(
        ordinal=claim.ordinal,
        segment=claim.segment,
        pcn=claim.pcn,
        status=claim.status.value,
        charge_cents=claim.charge_cents,
        paid_cents=claim.paid_cents,
        patient_responsibility_cents=claim.patient_responsibility_cents,
        payer_claim_number=claim.payer_claim_number,
        remarks=list(claim.remarks),
        crossover_to=claim.crossover_id or claim.crossover_name,
        original_reference=claim.original_reference,
        member_id=claim.member_id,
        service_on=claim.service_from_on or _service_on(claim),
        lines=[*_whole_claim(claim), *(_line(line) for line in claim.lines)],
    )


def _service_on(claim: said.RemitClaim) -> dt.date | None:
    return next((line.service_on for line in claim.lines if line.service_on), None)


def _whole_claim(claim: said.RemitClaim) -> list[RemitLine]:
    """Ordinal 0 holds what was said of the claim as a whole; it balances like any line."""
    if claim.lines and not claim.adjustments:
        return []
    return [
        RemitLine(
            ordinal=0,
            segment=claim.segment,
            code="",
            modifiers=[],
            charge_cents=claim.charge_cents - sum(line.charge_cents for line in claim.lines),
            paid_cents=claim.paid_cents - sum(line.paid_cents for line in claim.lines),
            units=0,
            line_control=None,
            remarks=[],
            adjustments=_adjustments(claim.adjustments),
        )
    ]


def _line(line: said.RemitLine) -> RemitLine:
    return RemitLine(
        ordinal=line.ordinal,
        segment=line.segment,
        code=line.submitted_code or line.code,
        modifiers=list(line.modifiers),
        charge_cents=line.charge_cents,
        paid_cents=line.paid_cents,
        units=int(line.units),
        service_on=line.service_on,
        line_control=line.line_control,
        remarks=list(line.remarks),
        adjustments=_adjustments(line.adjustments),
    )


def _adjustments(adjustments: tuple[said.Adjustment, ...]) -> list[RemitAdjustment]:
    return [
        RemitAdjustment(
            ordinal=adjustment.ordinal,
            segment=adjustment.segment,
            group_code=adjustment.group.value,
            carc=adjustment.carc,
            cents=adjustment.cents,
        )
        for adjustment in adjustments
    ]
