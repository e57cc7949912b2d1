"""A claim from the billing plan to the payer's acceptance: made, edited, queued, acknowledged."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import (
    claim_edits,
    coverages,
    departures,
    filing,
    gathering,
    late_charges,
    ledger,
    mail_pieces,
    open_lines,
    sending,
    stays,
    subjects,
    submissions,
    tasks,
)
from casework.moment import Moment
from db.models import (
    ChargeLine,
    Claim,
    ClaimLine,
    Contract,
    ContractTerm,
    Encounter,
    Submission,
)
from db.queries.claim_visits import bills
from domain.billing_plan import (
    ClaimGroup,
    PlannedClaim,
    PlannedCoverage,
    claim_groups,
)
from domain.claim_form import ClaimForm
from domain.encounter import CLAIM_CANCELLED, ClaimStage, Stage
from domain.findings import Finding
from domain.ledger import Account
from domain.tasks import TaskKind

# Outcomes of a claim whose payer was the patient's on that day.
COVERED = ("paid", "partly_paid")


def plan(session: Session, encounter: Encounter, now: Moment) -> str:
    """Make the claims that are needed now; when none is, the patient's part is left.

    A visit of a stay that its payer wants whole waits for the others, or for the claim of the visit
    that leads.
    """
    awaited = gathering.to_wait_for(session, encounter, now)
    if awaited is not None:
        return gathering.wait(session, encounter, awaited, now)
    replaced = late_charges.join(session, encounter, now)
    for claim in replaced:
        expect(session, claim)
    groups = _groups(session, encounter, now)
    if replaced and not groups:
        return "A late charge joins the claim to " + ", ".join(c.payer.name for c in replaced)
    if not groups:
        encounter.stage = Stage.PATIENT
        return "No payer owes any more: on to the patient's part"
    made = [_make(session, encounter, group, now) for group in groups]
    stays.wake_stay(session, encounter)
    return "Claim for " + ", ".join(_billed(session, claim) for claim in made)


def bill_late(session: Session, encounter: Encounter, line_ids: set[int], now: Moment) -> str:
    """A claim at once for late lines, whatever the payer is deciding about the others."""
    groups = [
        group
        for group in _groups(session, encounter, now)
        if set(group.charge_line_ids) <= line_ids
    ]
    made = [_make(session, encounter, group, now) for group in groups]
    return "Claim for " + ", ".join(_billed(session, claim) for claim in made)


def edit(session: Session, claim: Claim, now: Moment) -> str:
    """Scrub the claim: a finding that stops it is a biller's, otherwise it is queued for
    sending.
    """
    findings = claim_edits.stops(session, claim, now)
    if findings:
        _open_fix(session, claim, findings, now)
        return f"An edit stopped the claim: {findings[0].words}"
    return sending.send(session, claim, now)


def chase_batch(session: Session, claim: Claim, now: Moment) -> str:
    """The batch has not gone out in time: poke it, and wait another business day."""
    submission = submissions.latest(session, claim)
    if mail_pieces.is_waiting(session, claim, submission):
        return _ask_who_posts(session, claim, submission, now)
    if submissions.route_of(session, claim).channel != "edi" or submission.channel != "edi":
        # The payer takes its claims another way by now.
        return sending.send(session, claim, now)
    submissions.wait_for_batch(session, claim, now)
    subjects.wake(session, subjects.batch_key(submissions.route_of(session, claim).route))
    return f"Still waiting for its batch ({submission.pcn})"


def _ask_who_posts(session: Session, claim: Claim, submission: Submission, now: Moment) -> str:
    open_follow_up(
        session,
        claim,
        cause=f"unposted:{submission.id}",
        title=f"The claim to {claim.payer.name} is not posted yet",
        reason=f"Its form waits on Mail to post since {submission.queued_at:%Y-%m-%d}, and nobody "
        "has marked it as mailed.",
        now=now,
    )
    return "Not posted in time: asked a biller"


def chase_acknowledgment(session: Session, claim: Claim, now: Moment) -> str:
    """Nobody has acknowledged the file or the claim: a biller asks.

    While the file itself could not leave, nobody can have: the time counts from its sending.
    """
    submission = submissions.latest(session, claim)
    if (late := departures.not_yet_due(session, submission, now)) is not None:
        departures.wait(session, claim, late, now)
        return f"Not asked yet: {late.words}"
    open_follow_up(
        session,
        claim,
        cause=f"acknowledgment:{submission.id}",
        title=f"{claim.payer.name} has not acknowledged the claim",
        reason=f"The claim was sent on {submission.sent_at:%Y-%m-%d} and neither the clearinghouse "
        "nor the payer has answered.",
        now=now,
    )
    return "No acknowledgment in time: asked a biller"


def apply_rejection_answer(session: Session, claim: Claim, now: Moment) -> str:
    """A rejection was mended: this version was never adjudicated, so it goes out anew as it was.

    A new original stays an original; a replacement still replaces the claim that was adjudicated.
    """
    version = submissions.renew(session, claim, because="rejected and mended", now=now)
    claim.stage = ClaimStage.EDITS
    return f"Mended after the rejection: sent again (frequency {version.frequency})"


def open_follow_up(
    session: Session, claim: Claim, *, cause: str, title: str, reason: str, now: Moment
) -> None:
    count = tasks.count(session, claim_id=claim.id, kind=TaskKind.FOLLOW_UP)
    tasks.open_task(
        session,
        TaskKind.FOLLOW_UP,
        subject=subjects.encounter_key(claim.encounter),
        cause=f"{cause}:{count}",
        title=title,
        reason=reason,
        details={"stage": claim.stage, "count": count},
        now=now,
        amount_cents=claim_receivable(session, claim),
        waits_in_claim=claim.id,
        encounter_id=claim.encounter_id,
        claim_id=claim.id,
        payer_id=claim.payer_id,
    )


def claim_receivable(session: Session, claim: Claim) -> int:
    """What this claim's payer still owes on its lines under its own coverage.

    What an answered claim left over is owed under the next coverage, also where the payer is one
    and the same: the billing plan asks for it there.
    """
    following = coverages.after(session, claim)
    if following and following.plan.payer_id == claim.payer_id and claim.outcome in COVERED:
        return 0
    lines = {line.charge_line_id for line in claim.lines}
    return sum(
        cents
        for encounter in stays.visits(session, claim)
        for (line_id, account, payer_id), cents in ledger.open_receivables(
            session, encounter.id
        ).items()
        if account is Account.AR_INSURANCE and payer_id == claim.payer_id and line_id in lines
    )


def _groups(session: Session, encounter: Encounter, now: Moment) -> list[ClaimGroup]:
    """The claims of this visit, with the lines of other visits of its stay where the payer takes
    them together."""
    party = gathering.party(session, encounter, now)
    lines = [
        line
        for each in party
        for line in open_lines.of(session, each)
        if each is encounter or line.takes_stays_whole
    ]
    own = {line.charge_line_id for line in lines if line.encounter_id == encounter.id}
    groups = claim_groups(lines, _planned(session, encounter, party))
    return [group for group in groups if own & set(group.charge_line_ids)]


def _billed(session: Session, claim: Claim) -> str:
    """To whom the claim goes, and which other visits it bills."""
    others = [each.encounter_no for each in stays.others(session, claim)]
    name = (
        claim.payer.name
        if claim.form is ClaimForm.PROFESSIONAL
        else f"{claim.payer.name} (facility)"
    )
    return f"{name} (with {', '.join(others)})" if others else name


def _planned(
    session: Session, encounter: Encounter, party: Sequence[Encounter]
) -> list[PlannedCoverage]:
    claims = session.scalars(
        select(Claim)
        .where(bills(*(each.id for each in party)))
        .where(Claim.outcome.is_distinct_from(CLAIM_CANCELLED))
        .order_by(Claim.id)
    ).all()
    return [
        PlannedCoverage(
            coverage_id=coverage.id,
            payer_id=coverage.plan.payer_id,
            claims=tuple(
                _planned_claim(claim) for claim in claims if claim.coverage_id == coverage.id
            ),
        )
        for coverage in coverages.of_encounter(session, encounter)
    ]


def _planned_claim(claim: Claim) -> PlannedClaim:
    return PlannedClaim(
        claim_id=claim.id,
        has_answered=claim.outcome in COVERED,
        charge_line_ids=frozenset(line.charge_line_id for line in claim.lines),
    )


def _make(session: Session, encounter: Encounter, group: ClaimGroup, now: Moment) -> Claim:
    coverage = next(
        c for c in coverages.of_encounter(session, encounter) if c.id == group.coverage_id
    )
    claim = Claim(
        encounter_id=encounter.id,
        coverage_id=group.coverage_id,
        payer_id=group.payer_id,
        form=group.form,
        responsibility=group.responsibility,
        follows_id=group.follows_claim_id,
        stage=ClaimStage.EDITS,
        # A later payer's limit runs from the earlier payer's answer.
        file_by_on=filing.limit_of(
            coverage.plan.payer,
            _first_service_on(session, group) if group.follows_claim_id is None else now.today,
        ),
        opened_at=now.at,
    )
    session.add(claim)
    session.flush()
    session.add_all(
        ClaimLine(
            claim_id=claim.id,
            charge_line_id=line_id,
            expected_cents=expected_cents(session, claim, session.get_one(ChargeLine, line_id)),
        )
        for line_id in group.charge_line_ids
    )
    session.flush()
    submissions.new_version(session, claim, because="original", is_correction=False, now=now)
    return claim


def _first_service_on(session: Session, group: ClaimGroup) -> dt.date:
    """The filing limit runs from the first visit that the claim bills."""
    first = (
        select(func.min(Encounter.service_on))
        .join(ChargeLine, ChargeLine.encounter_id == Encounter.id)
        .where(ChargeLine.id.in_(group.charge_line_ids))
    )
    return session.scalars(first).one()


def expected_cents(session: Session, claim: Claim, line: ChargeLine) -> int | None:
    """What the contract in force allows for a line; None without a term."""
    allowed = session.scalar(
        select(ContractTerm.allowed_cents)
        .join(Contract, Contract.id == ContractTerm.contract_id)
        .where(Contract.payer_id == claim.payer_id)
        .where(ContractTerm.form == line.form, ContractTerm.code == line.price_code)
        .where(Contract.valid_from <= line.service_on)
        .order_by(Contract.valid_from.desc())
        .limit(1)
    )
    return None if allowed is None else allowed * line.units


def expect(session: Session, claim: Claim) -> None:
    """Keep what the contract allows for each line of a claim to which lines were added."""
    for line in claim.lines:
        line.expected_cents = expected_cents(session, claim, line.charge_line)
    session.flush()


def regroup(session: Session, claim: Claim) -> None:
    """After a recoding: the claim has its encounters' lines as they are now, as far as it has room
    (the billing plan asks for the others), and what is expected of each follows its new code. A
    version that was sent is not touched."""
    held = {line.charge_line_id: line for line in claim.lines}
    lines = [
        line
        for encounter in stays.visits(session, claim)
        for line in encounter.charge_lines
        if line.form is claim.form and not line.is_void
    ]
    room = claim.form.lines_max - sum(line.id in held for line in lines)
    grouped = _grouped(session, claim, lines)
    added = [line.id for line in lines if line.id not in grouped][: max(room, 0)]
    for line in lines:
        expected = expected_cents(session, claim, line)
        if line.id in held:
            held[line.id].expected_cents = expected
        elif line.id in added:
            session.add(
                ClaimLine(claim_id=claim.id, charge_line_id=line.id, expected_cents=expected)
            )
    session.flush()
    version = submissions.current_version(session, claim)
    if version.content is None:
        asked = {*version.charge_line_ids, *added}
        version.charge_line_ids = [line.id for line in lines if line.id in asked]
    session.expire(claim, ["lines"])


def _grouped(session: Session, claim: Claim, lines: Sequence[ChargeLine]) -> set[int]:
    """Which of the charge lines are on some claim to this payer."""
    on_claims = (
        select(ClaimLine.charge_line_id)
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(Claim.payer_id == claim.payer_id)
        .where(ClaimLine.charge_line_id.in_([line.id for line in lines]))
    )
    return set(session.scalars(on_claims))


def _open_fix(session: Session, claim: Claim, findings: tuple[Finding, ...], now: Moment) -> None:
    version = submissions.current_version(session, claim)
    times = tasks.count(session, claim_id=claim.id, kind=TaskKind.EDIT_FIX)
    tasks.open_task(
        session,
        TaskKind.EDIT_FIX,
        subject=subjects.encounter_key(claim.encounter),
        cause=f"edit:{version.id}:{times}",
        title=f"{findings[0].words}",
        reason=f"The claim to {claim.payer.name} cannot be sent before this is mended.",
        details={"rules": [finding.rule for finding in findings]},
        now=now,
        amount_cents=claim_receivable(session, claim),
        waits_in_claim=claim.id,
        encounter_id=claim.encounter_id,
        claim_id=claim.id,
        payer_id=claim.payer_id,
    )
