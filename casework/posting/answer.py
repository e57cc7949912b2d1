"""One answer (CLP) of a remittance: posted whole to its claim, or why not. Locks are held."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from casework import late_joining, news, stays, subjects, voids, waits, withdrawals
from casework.moment import Moment
from casework.posting import (
    crossover,
    forgiven,
    matching,
    outcomes,
    reversals,
    undone_answers,
    unknown_codes,
)
from casework.posting.cases import ExceptionCase
from casework.posting.lines import JudgedLine, Unplaced, judge, keep_debtor, write
from casework.reopening import reopen
from db.models import Claim, RemitClaim, Submission
from domain.encounter import ClaimStage, Stage
from domain.ledger import Account, Leg
from domain.money import dollars
from domain.remittance import RemitStatus

# A pure reversal leaves a claim alone that already waits for something: its answer is to come.
AWAITED = (ClaimStage.SUBMITTED, ClaimStage.ACCEPTED)
# Nothing of it is posted to a claim: what was paid with it, if anything, is in suspense.
DISMISSED = "dismissed"
UNDONE = (
    "The answer that this reversal takes back was keyed from paper, and that is undone: key the "
    "paper again, and it is posted."
)
NOT_AWAITED = (ClaimStage.ADJUDICATED, ClaimStage.DENIED, ClaimStage.SETTLED)


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What posting an answer did: in words, and on which encounters the patient's part moved."""

    words: str
    # Whose patient's receivable changed.
    moved_ids: frozenset[int] = frozenset()


def post_answer(session: Session, answer: RemitClaim, now: Moment) -> Settled | Unplaced:
    """Post it, or leave everything as it was and say why."""
    if answer.status == RemitStatus.PREDETERMINATION.value:
        return _dismiss(answer, "A predetermination moves no money.", now)
    claim = matching.match_claim(session, answer)
    unread = unknown_codes.unread(answer)
    if unread:
        return Unplaced(cause=ExceptionCase.UNKNOWN_CODE, words=" ".join(unread))
    if claim is None:
        return _unmatched(session, answer)
    if answer.status == reversals.REVERSAL:
        return _reverse(session, claim, answer, now)
    judged = _judge(session, claim, answer)
    if isinstance(judged, Unplaced):
        return judged
    return _post(session, claim, answer, judged, now)


def _judge(session: Session, claim: Claim, answer: RemitClaim) -> Sequence[JudgedLine] | Unplaced:
    if late_joining.is_asked_elsewhere(session, claim):
        return Unplaced(
            cause=ExceptionCase.LINE,
            words="The payer had rejected this claim, and another asks for its lines since.",
        )
    return judge(session, claim, answer)


def _unmatched(session: Session, answer: RemitClaim) -> Unplaced:
    if matching.encounters_of(session, answer):
        return Unplaced(
            cause=ExceptionCase.OTHER_PAYER,
            words="Another payer answers our control number, and we have no claim with it yet.",
            may_wait=True,
        )
    return Unplaced(
        cause=ExceptionCase.UNMATCHED,
        words="No claim of ours has this control number or claim number.",
    )


def _dismiss(answer: RemitClaim, words: str, now: Moment) -> Settled:
    answer.posting = DISMISSED
    answer.posted_at = now.at
    return Settled(words=words)


def _reverse(session: Session, claim: Claim, answer: RemitClaim, now: Moment) -> Settled | Unplaced:
    undone = answer.remittance.undoes_id is not None
    original = reversals.original_of(session, claim, answer)
    if original is None:
        return _without_original(session, claim, answer)
    legs = reversals.post_reversal(session, original, answer, now)
    lines = {line.charge_line_id for line in original.lines if line.charge_line_id}
    _mark(answer, now)
    was_settled = claim.stage is ClaimStage.SETTLED
    since = reversals.answered_since(session, original) if undone else None
    if undone:
        legs += undone_answers.leave_nothing(session, claim, original, since, now)
    else:
        outcomes.resolve_denials(session, claim.id, lines, answer.id, now)
        legs += forgiven.take_small_back(session, original, legs, now)
        claim.outcome = "reversed"
    if not _waits_on(session, claim, is_ours=undone, since=since):
        _adjudicated(session, claim, now)
    for charge_line in matching.charge_lines(session, claim):
        if charge_line.id in lines:
            keep_debtor(session, charge_line, claim.payer_id)
    if legs or was_settled:
        _reopen(session, claim, now)
    # What we take back ourselves confirms nothing.
    if not undone and voids.is_asked_of_payer(session, claim):
        voids.conclude(session, claim, now)
    words = (
        f"What was keyed of {claim.payer.name}'s answer {answer.payer_claim_number} was undone"
        if undone
        else f"{claim.payer.name} took back its answer {answer.payer_claim_number}"
    )
    news.tell_claim(session, claim, "reversal", words, now)
    return _settled(words, legs)


def _waits_on(session: Session, claim: Claim, *, is_ours: bool, since: RemitClaim | None) -> bool:
    """Whether it still waits for an answer that is to come, or for what the answer `since` began,
    whatever is taken back now."""
    if claim.stage is ClaimStage.APPEALED:
        return outcomes.has_letter(session, claim.id)
    if since is not None:
        return claim.stage is not ClaimStage.SETTLED
    if is_ours:
        return claim.stage in undone_answers.WITH_PAYER
    return claim.stage not in NOT_AWAITED


def _without_original(session: Session, claim: Claim, answer: RemitClaim) -> Unplaced:
    if reversals.has_standing(session, claim, answer):
        return Unplaced(
            cause=ExceptionCase.REVERSAL_DIFFERS,
            words="The reversal does not take back exactly what the answer it names had posted.",
        )
    words = "The answer that this reversal takes back has not come."
    if reversals.awaits_keying(session, claim, answer):
        words = UNDONE
    return Unplaced(cause=ExceptionCase.EARLY_REVERSAL, words=words, may_wait=True)


def _post(
    session: Session,
    claim: Claim,
    answer: RemitClaim,
    judged: Sequence[JudgedLine],
    now: Moment,
) -> Settled:
    if judged and all(each.result.is_duplicate for each in judged):
        return _dismiss_duplicate(session, claim, answer, now)
    _mark(answer, now)
    # Denials of earlier answers end before the new ones begin.
    lines = [each.charge_line.id for each in judged]
    outcomes.resolve_denials(session, claim.id, lines, answer.id, now)
    for each in judged:
        write(session, claim, answer, each, now)
    session.flush()
    _conclude(session, claim, answer, judged, now)
    legs = [leg for each in judged for leg in each.result.legs]
    words = _words(claim, answer, judged)
    news.tell_claim(session, claim, "remittance", words, now)
    return _settled(words, legs)


def _dismiss_duplicate(session: Session, claim: Claim, answer: RemitClaim, now: Moment) -> Settled:
    """Only this sending was superfluous. The claim's own answer is another one: still to come, or
    it came while this one was on its way, and then nothing is awaited any more."""
    _dismiss(answer, "", now)
    words = f"{claim.payer.name} calls {answer.pcn} a duplicate: nothing to post"
    if claim.stage in AWAITED and _is_answered(session, answer):
        _adjudicated(session, claim, now)
    news.tell_claim(session, claim, "remittance", words, now)
    return _settled(words, ())


def _is_answered(session: Session, duplicate: RemitClaim) -> bool:
    """Whether another sending of the same version has its posted answer, not taken back."""
    mine, other = aliased(Submission), aliased(Submission)
    back = aliased(RemitClaim)
    posted = (
        select(RemitClaim.id)
        .join(other, other.id == RemitClaim.submission_id)
        .join(mine, mine.claim_version_id == other.claim_version_id)
        .where(mine.id == duplicate.submission_id, other.id != mine.id)
        .where(RemitClaim.posting == "posted", RemitClaim.status != reversals.REVERSAL)
        .where(~exists().where(back.reverses_id == RemitClaim.id))
    )
    return session.scalar(posted.limit(1)) is not None


def _conclude(
    session: Session,
    claim: Claim,
    answer: RemitClaim,
    judged: Sequence[JudgedLine],
    now: Moment,
) -> None:
    moves_nothing = not any(each.result.legs or each.result.denied for each in judged)
    if moves_nothing and claim.stage is ClaimStage.SETTLED:
        return
    claim.outcome = _outcome(judged)
    claim.payer_claim_number = answer.payer_claim_number or claim.payer_claim_number
    outcomes.decide_appeals(session, claim.id, now)
    outcomes.withdraw_moot(session, claim.id, now)
    withdrawals.withdraw(session, claim, withdrawals.ANSWERED, now)
    _adjudicated(session, claim, now)
    if not moves_nothing:
        _reopen(session, claim, now)
    crossover.expect_next(session, claim, answer, now)


def _adjudicated(session: Session, claim: Claim, now: Moment) -> None:
    claim.stage = ClaimStage.ADJUDICATED
    waits.answered(session, subjects.encounter_key(claim.encounter), now, claim_id=claim.id)


def _reopen(session: Session, claim: Claim, now: Moment) -> None:
    """Money has moved at a payer again: the patient's part must wait for it."""
    for encounter in stays.visits(session, claim):
        if encounter.stage in (Stage.PATIENT, Stage.CLOSED):
            subject = reopen(session, encounter, Stage.CLAIMS, now)
            if encounter.id != claim.encounter_id:
                words = f"{claim.payer.name} moved money on {claim.encounter.encounter_no}'s claim"
                news.tell(session, subject, "reopened", words, now)


def _mark(answer: RemitClaim, now: Moment) -> None:
    answer.posting = "posted"
    answer.posted_at = now.at


def _outcome(judged: Sequence[JudgedLine]) -> str:
    denied = [each for each in judged if each.result.denied]
    if not denied:
        return "paid"
    moved = any(each.result.legs for each in judged)
    return "partly_paid" if moved else "denied"


def _settled(words: str, legs: Sequence[Leg]) -> Settled:
    moved = (leg.encounter_id for leg in legs if leg.account is Account.AR_PATIENT)
    return Settled(words=words, moved_ids=frozenset(each for each in moved if each is not None))


def _words(claim: Claim, answer: RemitClaim, judged: Sequence[JudgedLine]) -> str:
    denied = sum(denial.cents for each in judged for denial in each.result.denied)
    refused = f", {dollars(denied)} of it not as expected" if denied else ""
    paid = dollars(answer.paid_cents)
    return f"{claim.payer.name} answered: {paid} paid of {dollars(answer.charge_cents)}{refused}"
