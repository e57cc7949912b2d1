"""Charges: each charge line gets its price from the schedule in force, and becomes a receivable."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import charging, coverages, facility_lines, ledger, prices, subjects, tasks
from casework.moment import Moment
from casework.steps import coding
from db.models import ChargeLine, Claim, ClaimLine, ClaimVersion, Encounter, Submission
from db.queries.claim_visits import bills
from domain.claim_form import ClaimForm
from domain.encounter import Stage
from domain.ledger import Account
from domain.money import dollars
from domain.tasks import TaskKind


def price(session: Session, encounter: Encounter, now: Moment) -> str:
    """Price every line; a code without a price is a question to the administrator."""
    facility_lines.stand_beside(session, encounter)
    lines = [line for line in encounter.charge_lines if not line.is_void]
    missing = _set_prices(session, lines)
    for code in missing:
        _ask_for_price(session, encounter, code, now)
    if missing:
        return f"No price for {', '.join(missing)}: asked the administrator"
    post_charges(session, encounter, now)
    encounter.stage = Stage.CLAIMS
    return f"Charged {dollars(sum(line.charge_cents or 0 for line in lines))}"


def post_charges(session: Session, encounter: Encounter, now: Moment) -> None:
    """Make each line's charge a receivable of the first payer (or the patient), or post its change.

    A recoded line posts only the difference, so that it can be called after every coding.
    """
    version = coding.coding_version(session, encounter)
    for line in encounter.charge_lines:
        charged = -ledger.balance(session, Account.CHARGES, charge_line_id=line.id)
        due = 0 if line.is_void else line.charge_cents or 0
        if due != charged:
            _post(session, encounter, line, due - charged, version, now)


def price_again(session: Session, encounter: Encounter, claim: Claim | None, now: Moment) -> None:
    """Charge what a recoding changed; the claim waits for the price of a code that has none.

    What went out on a claim of the other form is with its payer and keeps what was asked for it.
    """
    as_sent = _sent_on_other_form(session, encounter, claim)
    facility_lines.stand_beside(session, encounter, as_sent=as_sent)
    lines = [line for line in encounter.charge_lines if not line.is_void and line.id not in as_sent]
    for code in _set_prices(session, lines):
        _ask_for_price(session, encounter, code, now, claim)
    post_charges(session, encounter, now)


def _sent_on_other_form(
    session: Session, encounter: Encounter, claim: Claim | None
) -> frozenset[int]:
    """The charge lines of claims of another form than this one's that have gone out."""
    form = claim.form if claim else ClaimForm.INSTITUTIONAL
    went_out = (
        select(ClaimLine.charge_line_id)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .join(ClaimVersion, ClaimVersion.claim_id == Claim.id)
        .join(Submission, Submission.claim_version_id == ClaimVersion.id)
        .where(bills(encounter.id), Claim.form != form, Submission.sent_at.is_not(None))
    )
    return frozenset(session.scalars(went_out))


def _set_prices(session: Session, lines: list[ChargeLine]) -> list[str]:
    """Price each line; returns the codes without a price, whose lines keep what they had."""
    return sorted({line.price_code for line in lines if not _set_price(session, line)})


def _set_price(session: Session, line: ChargeLine) -> bool:
    item = prices.of(session, line.price_code, line.form, line.service_on)
    if item is None:
        return False
    line.charge_cents = item.price_cents * line.units
    line.fee_schedule_id = item.fee_schedule_id
    return True


def _ask_for_price(
    session: Session, encounter: Encounter, code: str, now: Moment, claim: Claim | None = None
) -> None:
    claim_id = claim.id if claim else None
    tasks.open_task(
        session,
        TaskKind.MISSING_MASTER_DATA,
        subject=subjects.encounter_key(claim.encounter if claim else encounter),
        cause=f"fee:{code}",
        title=f"No price for code {code}",
        reason=f"The fee schedule in force on {encounter.service_on} has no price for {code}.",
        details={"code": code},
        now=now,
        waits_in_claim=claim_id,
        encounter_id=encounter.id,
        claim_id=claim_id,
    )


def _post(
    session: Session, encounter: Encounter, line: ChargeLine, cents: int, version: int, now: Moment
) -> None:
    covered = coverages.of_encounter(session, encounter)
    line.payer_id = line.payer_id or (covered[0].plan.payer_id if covered else None)
    charging.post(
        session,
        line,
        cents,
        charging.owed_by(line),
        effect_key=f"charge:{line.id}:{version}",
        words=f"Charged {_what(line)}" if cents > 0 else f"Charge of {_what(line)} changed",
        now=now,
    )


def _what(line: ChargeLine) -> str:
    return line.code if line.form is ClaimForm.PROFESSIONAL else f"{line.price_code} (facility)"
