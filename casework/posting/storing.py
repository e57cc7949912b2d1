"""An 835 kept whole, with the segment of every row, before anything of it is posted.

Its claims go in by the thousand and are no objects of the session: a file may hold any number.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from sqlalchemy import and_, func, insert, or_, select
from sqlalchemy.orm import Session

from casework.moment import Moment
from casework.posting import check_locks
from casework.posting.advice import Held, Reading
from db.base import Base
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

CLAIMS_AT_ONCE = 1_000
Row = dict[str, object]


def stored(session: Session, remittance: said.Remittance, payer: Payer) -> Remittance | None:
    """The payment of the same name that came first: under whatever control numbers, or on paper."""
    return next(iter(standing(session, remittance, payer)), None)


def standing(session: Session, remittance: said.Remittance, payer: Payer) -> Sequence[Remittance]:
    """Every payment of this name that came before and stands, the first of them first.

    Paper names no originator, so that a check that a person keyed is known by its payer. Two that
    come at once (a file, and a person who keys its paper) wait for each other here.
    """
    check_locks.lock(session, [(remittance, payer)])
    key = said.key(remittance)
    number = key.trace_number.lstrip("0")
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
    return session.scalars(
        select(Remittance)
        .where(Remittance.paid_on == key.paid_on, Remittance.paid_cents == key.paid_cents)
        .where(Remittance.undone_at.is_(None), Remittance.undoes_id.is_(None))
        .where(or_(same, and_(is_of_payer, same_number)))
        .order_by(Remittance.id)
    ).all()


def payer_of(session: Session, remittance: said.Remittance, pcns: Sequence[str]) -> Payer | None:
    """By any name that the payer goes by; else by the claims of ours that it answers first."""
    called = payer_called(session, *_names(remittance), name=remittance.payer_name)
    return called or _payer_of_claims(session, pcns)


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
    session: Session,
    remittance: said.Remittance,
    payer: Payer,
    file: RawFile,
    now: Moment,
    *,
    namesake: int,
) -> Remittance:
    """Its row and its provider adjustments; `store_claims` adds the rest."""
    key = said.key(remittance)
    row = Remittance(
        raw_file_id=file.id,
        payer_id=payer.id,
        originator=key.originator,
        trace_number=key.trace_number,
        paid_on=key.paid_on,
        paid_cents=key.paid_cents,
        namesake=namesake,
        method=remittance.method,
        received_at=now.at,
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


def store_claims(session: Session, reading: Reading | Held, rows: Mapping[int, int]) -> None:
    """The claims of these remittances (row by place in the file), read once more."""
    if not rows:
        return
    session.flush()
    claims = ((rows[place], claim) for place, claim in reading.again() if place in rows)
    while some := list(islice(claims, CLAIMS_AT_ONCE)):
        for model, values in _rows_of(session, some):
            if values:
                session.connection().execute(insert(model), values)


def whole_claim(claim: said.RemitClaim) -> tuple[int, int, tuple[said.Adjustment, ...]] | None:
    """What a claim says beside its lines: charge, paid and reasons, where there is such a thing."""
    if claim.lines and not claim.adjustments:
        return None
    charge = claim.charge_cents - sum(line.charge_cents for line in claim.lines)
    paid = claim.paid_cents - sum(line.paid_cents for line in claim.lines)
    return charge, paid, claim.adjustments


def _names(remittance: said.Remittance) -> list[str]:
    # TRN03 is `1` and the payer's tax number; aliases may be kept with or without that digit.
    names = [remittance.payer_id, remittance.originator, remittance.originator[1:]]
    return [name for name in (*names, remittance.payer_name) if name]


def _payer_of_claims(session: Session, pcns: Sequence[str]) -> Payer | None:
    rows = session.scalars(select(Submission).where(Submission.pcn.in_(pcns))).all()
    payers = {row.claim_version.claim.payer for row in rows}
    return payers.pop() if len(payers) == 1 else None


def _rows_of(
    session: Session, claims: Sequence[tuple[int, said.RemitClaim]]
) -> Iterator[tuple[type[Base], list[Row]]]:
    """Parents before children, under ids that are theirs from the start."""
    of_claims, of_lines, of_adjustments = list[Row](), list[Row](), list[Row]()
    lines = [line_rows(claim) for _, claim in claims]
    claim_ids = iter(_new_ids(session, RemitClaim, len(claims)))
    line_ids = iter(_new_ids(session, RemitLine, sum(map(len, lines))))
    for (remittance_id, claim), its_lines in zip(claims, lines, strict=True):
        claim_id = next(claim_ids)
        of_claims.append({"id": claim_id, "remittance_id": remittance_id, **claim_row(claim)})
        for row, adjustments in its_lines:
            line_id = next(line_ids)
            of_lines.append({"id": line_id, "remit_claim_id": claim_id, **row})
            of_adjustments += [{"remit_line_id": line_id, **adjustment_row(a)} for a in adjustments]
    yield RemitClaim, of_claims
    yield RemitLine, of_lines
    yield RemitAdjustment, of_adjustments


def _new_ids(session: Session, model: type[Base], count: int) -> Sequence[int]:
    sequence = func.pg_get_serial_sequence(model.__tablename__, "id")
    every = select(func.nextval(sequence)).select_from(func.generate_series(1, count))
    return session.scalars(every).all()


def claim_row(claim: said.RemitClaim) -> Row:
    return {
        "ordinal": claim.ordinal,
        "segment": claim.segment,
        "pcn": claim.pcn,
        "status": str(claim.status),
        "charge_cents": claim.charge_cents,
        "paid_cents": claim.paid_cents,
        "patient_responsibility_cents": claim.patient_responsibility_cents,
        "payer_claim_number": claim.payer_claim_number,
        "remarks": list(claim.remarks),
        "crossover_to": claim.crossover_id or claim.crossover_name,
        "original_reference": claim.original_reference,
        "member_id": claim.member_id,
        "service_on": claim.service_from_on or _service_on(claim),
    }


def _service_on(claim: said.RemitClaim) -> dt.date | None:
    return next((line.service_on for line in claim.lines if line.service_on), None)


def line_rows(claim: said.RemitClaim) -> list[tuple[Row, tuple[said.Adjustment, ...]]]:
    of_lines = [(_line(line), line.adjustments) for line in claim.lines]
    whole = whole_claim(claim)
    if whole is None:
        return of_lines
    charge, paid, adjustments = whole
    return [(_whole_claim(claim, charge, paid), adjustments), *of_lines]


def _whole_claim(claim: said.RemitClaim, charge: int, paid: int) -> Row:
    """Ordinal 0 holds what was said of the claim as a whole; it balances like any line."""
    return {
        "ordinal": 0,
        "segment": claim.segment,
        "code": "",
        "modifiers": [],
        "charge_cents": charge,
        "paid_cents": paid,
        "units": 0,
        "service_on": None,
        "line_control": None,
        "remarks": [],
    }


def _line(line: said.RemitLine) -> Row:
    return {
        "ordinal": line.ordinal,
        "segment": line.segment,
        "code": line.submitted_code or line.code,
        "modifiers": list(line.modifiers),
        "charge_cents": line.charge_cents,
        "paid_cents": line.paid_cents,
        "units": int(line.units),
        "service_on": line.service_on,
        "line_control": line.line_control,
        "remarks": list(line.remarks),
    }


def adjustment_row(adjustment: said.Adjustment) -> Row:
    return {
        "ordinal": adjustment.ordinal,
        "segment": adjustment.segment,
        "group_code": str(adjustment.group),
        "carc": adjustment.carc,
        "cents": adjustment.cents,
    }
