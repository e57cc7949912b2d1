"""Versions of a claim and their submissions: content fixed once, sent once, under a name
for ever.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, joinedload

from casework import (
    batch_waits,
    claim_frequency,
    contents,
    coverages,
    enrolment_keeping,
    enrolments,
    subjects,
    waits,
)
from casework.contents import CONTENT, Content
from casework.moment import Moment
from casework.waits import WaitKind
from casework.withdrawals import WITHDRAWN
from db.models import Claim, ClaimVersion, PayerRoute, Submission, Wait
from domain import control_numbers
from domain.clock import business_day_on_or_after
from domain.encounter import ClaimStage

BATCH_WITHIN_BUSINESS_DAYS = 1
# By another payer, and never sent by us.
PASSED_ON = "passed on"
THEN_ASKED = {"portal": "a biller looks at its portal", PASSED_ON: "we bill it ourselves"}


def new_version(
    session: Session,
    claim: Claim,
    *,
    because: str,
    is_correction: bool,
    now: Moment,
    line_ids: tuple[int, ...] | None = None,
) -> ClaimVersion:
    """The next version. A correction of an adjudicated claim replaces it (7) where the payer takes
    that; elsewhere it is a new original for the lines that are still unpaid."""
    all_lines = _claim_line_ids(session, claim)
    frequency = (
        claim_frequency.of_correction(session, claim)
        if is_correction
        else claim_frequency.of_new(session, claim)
    )
    version = ClaimVersion(
        claim_id=claim.id,
        version=_last_version(session, claim) + 1,
        frequency=frequency,
        payer_claim_number=claim.payer_claim_number if frequency.names_original else None,
        because=because,
        charge_line_ids=all_lines
        if frequency.names_original or line_ids is None
        else sorted(set(line_ids) & set(all_lines)),
        made_at=now.at,
    )
    session.add(version)
    session.flush()
    return version


def renew(session: Session, claim: Claim, *, because: str, now: Moment) -> ClaimVersion:
    """The next version for the same purpose as the last one, with what the rows say now.

    What was sent in place of an adjudicated claim (7, or 8) still is that after it was mended; what
    was not, goes as late charges or as an original as things stand.
    """
    last = current_version(session, claim)
    version = ClaimVersion(
        claim_id=claim.id,
        version=last.version + 1,
        frequency=last.frequency,
        payer_claim_number=last.payer_claim_number,
        because=because,
        charge_line_ids=[
            line for line in _claim_line_ids(session, claim) if line in last.charge_line_ids
        ],
        made_at=now.at,
    )
    session.add(version)
    session.flush()
    claim_frequency.fit(session, claim, version)
    return version


def current_version(session: Session, claim: Claim) -> ClaimVersion:
    return session.scalars(
        select(ClaimVersion)
        .where(ClaimVersion.claim_id == claim.id)
        .order_by(ClaimVersion.version.desc())
        .limit(1)
    ).one()


def latest(session: Session, claim: Claim) -> Submission:
    """The last that went out or will; one that was withdrawn only when there is no other."""
    return session.scalars(
        select(Submission)
        .join(ClaimVersion)
        .where(ClaimVersion.claim_id == claim.id)
        .order_by(Submission.ack_status.is_not_distinct_from(WITHDRAWN), Submission.id.desc())
        .limit(1)
    ).one()


def latest_ids(session: Session, claim_ids: Sequence[int]) -> dict[int, int]:
    """That of each of these claims."""
    found = session.execute(
        select(ClaimVersion.claim_id, Submission.id)
        .join(Submission, Submission.claim_version_id == ClaimVersion.id)
        .where(ClaimVersion.claim_id.in_(claim_ids))
        .ext(distinct_on(ClaimVersion.claim_id))
        .order_by(
            ClaimVersion.claim_id,
            Submission.ack_status.is_not_distinct_from(WITHDRAWN),
            Submission.id.desc(),
        )
    )
    return dict(found.all())


def answered_as(session: Session, claim: Claim) -> Submission:
    """The sending whose control number its payer knows."""
    return latest(session, filed_as(session, claim))


def filed_as(session: Session, claim: Claim) -> Claim:
    """The claim by which its payer knows it: one that another payer passed on, and that we never
    sent, is known by that payer's."""
    sent = select(Submission.id).join(ClaimVersion).where(ClaimVersion.claim_id == claim.id)
    if claim.follows_id is None or session.scalar(sent.limit(1)) is not None:
        return claim
    return filed_as(session, session.get_one(Claim, claim.follows_id))


def prepare(session: Session, claim: Claim, now: Moment) -> Submission:
    """Fix the version's content and give it a submission, not yet sent."""
    version = current_version(session, claim)
    number = len(version.submissions) + 1
    pcn = control_numbers.pcn(claim.id, version.version, number)
    route = route_of(session, claim)
    if version.content is None:
        claim_frequency.fit(session, claim, version)
        content = contents.build(session, claim, version, pcn)
        version.content = CONTENT.dump_python(content, mode="json")
    submission = Submission(
        claim_version_id=version.id, number=number, pcn=pcn, channel=route.channel, queued_at=now.at
    )
    session.add(submission)
    session.flush()
    session.expire(version, ["submissions"])
    return submission


def with_claims(session: Session, submission_ids: Sequence[int]) -> list[Submission]:
    """Some hundreds of submissions in this order, each with its claim, whose it is and who is to
    pay it."""
    version = joinedload(Submission.claim_version)
    claim = version.joinedload(ClaimVersion.claim)
    rows = session.scalars(
        select(Submission)
        .where(Submission.id.in_(submission_ids))
        .options(
            version.defer(ClaimVersion.content),
            claim.joinedload(Claim.encounter),
            claim.joinedload(Claim.payer),
        )
    )
    found = {row.id: row for row in rows}
    return [found[id_] for id_ in submission_ids]


def queue_for_batch(session: Session, claim: Claim, now: Moment) -> None:
    """The route's next batch takes it along."""
    claim.stage = ClaimStage.READY
    wait_for_batch(session, claim, now)
    key = subjects.batch_key(route_of(session, claim).route)
    subjects.touch(session, key, now, is_open=False)
    subjects.wake(session, key)


def content_of(submission: Submission) -> Content:
    """What is sent: the version's fixed content under this submission's own control number."""
    content = submission.claim_version.content or {}
    return CONTENT.validate_python({**content, "pcn": submission.pcn})


def route_of(session: Session, claim: Claim) -> PayerRoute:
    route = coverages.route(session, claim.payer, "837")
    assert route is not None, f"payer {claim.payer.payer_no} has no route for claims"
    return route


def wait_for_batch(session: Session, claim: Claim, now: Moment) -> None:
    route = route_of(session, claim).route
    enrolment = enrolments.in_the_way(session, claim, route)
    if enrolment is not None:
        enrolment_keeping.ask(session, enrolment, now)
    waits.begin(
        session,
        subjects.encounter_key(claim.encounter),
        WaitKind.BATCH,
        batch_waits.words(session, claim, route, now),
        until_at=now.end_of(now.business_days(BATCH_WITHIN_BUSINESS_DAYS)),
        then_what="the batch is asked why it has not gone",
        now=now,
        claim_id=claim.id,
    )


def await_remittance(
    session: Session, claim: Claim, now: Moment, *, within: dt.timedelta | None = None
) -> None:
    """Wait for the payer's remittance past its usual day; we ask on a business day only."""
    passed_on = filed_as(session, claim) is not claim
    channel = PASSED_ON if passed_on else latest(session, claim).channel
    session.add(remittance_wait(claim, channel, now, within=within))
    session.flush()


def remittance_wait(
    claim: Claim, channel: str, now: Moment, *, within: dt.timedelta | None = None
) -> Wait:
    """The same, of a claim that last went out by this channel."""
    usual_on = now.today + (within or dt.timedelta(days=claim.payer.usual_days))
    ask_on = business_day_on_or_after(usual_on + dt.timedelta(days=1))
    return waits.planned(
        subjects.encounter_key(claim.encounter),
        WaitKind.MESSAGE,
        f"{claim.payer.name}'s remittance",
        until_at=now.end_of(ask_on - dt.timedelta(days=1)),
        then_what=THEN_ASKED.get(channel, "a status inquiry (276) goes out"),
        now=now,
        claim_id=claim.id,
    )


def _last_version(session: Session, claim: Claim) -> int:
    versions = select(ClaimVersion.version).where(ClaimVersion.claim_id == claim.id)
    return session.scalar(versions.order_by(ClaimVersion.version.desc()).limit(1)) or 0


def _claim_line_ids(session: Session, claim: Claim) -> list[int]:
    """What a new version may ask for: a line that a coder took out is not asked for again."""
    session.expire(claim, ["lines"])
    return [line.charge_line_id for line in claim.lines if not line.charge_line.is_void]
