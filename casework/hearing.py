"""What a sound file says, item by item: each goes to the module that knows what it means."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from casework import (
    acknowledgments,
    bank_matching,
    claim_acks,
    eligibility_answers,
    keyed_differences,
    quarantine,
    status_answers,
    subjects,
    unmatched,
    unread_acks,
)
from casework.keyed_differences import Differing
from casework.moment import Moment
from casework.posting import storing
from casework.posting.advice import Held, Reading
from casework.quarantine import Fault
from casework.unmatched import Unmatched
from casework.unread_acks import Unread
from db.models import Payer, RawFile, User
from db.models import Remittance as KnownBefore
from domain.acknowledgments import ClaimAck, FunctionalAck, InterchangeAck
from domain.claim_status import StatusAnswer
from domain.claims import ProfessionalClaim
from domain.eligibility import EligibilityAnswer
from domain.institutional import InstitutionalClaim
from domain.keyed_eob import is_keyed
from domain.money import dollars
from domain.remittance import Remittance
from edi.read import Item


@dataclass(frozen=True, kw_only=True)
class Namesake:
    """A remittance of a file with the name of one that came in a file before."""

    item: Remittance
    payer: Payer
    place: tuple[int, int]


@dataclass(kw_only=True)
class Hearing:
    """What has been found out about one file so far."""

    file: RawFile
    reading: Reading | Held
    is_again: bool = False
    """Some of it was heard before; the rest is heard now."""
    sentences: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)
    differing: list[Differing] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    place: tuple[int, int] = (0, 0)
    """Interchange and item that are being heard."""
    remittance_ids: list[int] = field(default_factory=list)
    unfilled: dict[int, int] = field(default_factory=dict)
    """Remittances whose claims are not stored yet: the row's id by the place in the file."""
    namesakes: list[Namesake] = field(default_factory=list)
    """To be compared when the file's claims are stored (`namesakes.settle`)."""
    repeated: int = 0
    news: int = 0

    def mind(self, one: Unmatched) -> None:
        """It names nothing of ours: a person is asked."""
        self.unmatched.append(one.at(self.place))
        self.say(f"{one.kind} {one.number[:20]}: nothing of ours has that number; asked a biller.")

    def ask(self, one: Unread) -> None:
        """It does not say what became of something of ours: a person is asked."""
        self.unread.append(one)
        self.say(f"{one.sentence} Nothing was taken as accepted or refused; asked a biller.")

    def say(self, words: str) -> None:
        self.sentences.append(f"{self.file.name}: {words}")


def hear(session: Session, item: Item, hearing: Hearing, now: Moment) -> None:
    hearing.news += 1
    match item:
        case Remittance():
            _hear_remittance(session, item, hearing, now)
        case InterchangeAck() | FunctionalAck():
            _hear_envelope(session, item, hearing, now)
        case ClaimAck():
            _hear_claims(session, item, hearing, now)
        case EligibilityAnswer() | StatusAnswer():
            _hear_answer(session, item, hearing, now)
        case ProfessionalClaim() | InstitutionalClaim():
            raise AssertionError("an 837 is never heard: its interchange is quarantined")


def subjects_of(session: Session, item: Item) -> set[str]:
    match item:
        case InterchangeAck() | FunctionalAck():
            return acknowledgments.subjects_of_envelope(session, item)
        case ClaimAck():
            return claim_acks.subjects_of_claims(session, item)
        case EligibilityAnswer():
            check = eligibility_answers.check_of(session, item)
            return {eligibility_answers.subject_of(session, check)} if check else set()
        case StatusAnswer():
            return status_answers.subjects_of(session, item)
        case _:
            return set()


def _hear_envelope(
    session: Session, item: InterchangeAck | FunctionalAck, hearing: Hearing, now: Moment
) -> None:
    if item.unread and acknowledgments.is_ours(session, item):
        hearing.ask(unread_acks.of_envelope(item, hearing.place))
        return
    words = acknowledgments.take_in_envelope(session, item, hearing.file, now)
    if words is not None:
        hearing.say(words)
        return
    number = acknowledgments.control_of(item)
    hearing.mind(Unmatched(kind=acknowledgments.kind_of(item), number=number))


def _hear_claims(session: Session, item: ClaimAck, hearing: Hearing, now: Moment) -> None:
    if item.rejects_batch and not claim_acks.subjects_of_claims(session, item):
        hearing.mind(Unmatched(kind="277CA", number=item.batch_reference or ""))
        return
    words, foreign, unread = claim_acks.take_in_claims(session, item, hearing.file, now)
    for each in words:
        hearing.say(each)
    for status in foreign:
        hearing.mind(unmatched.of_claim_ack(session, item, status))
    for status in unread:
        hearing.ask(unread_acks.of_claim(status, hearing.place))


def _hear_answer(
    session: Session, item: EligibilityAnswer | StatusAnswer, hearing: Hearing, now: Moment
) -> None:
    if isinstance(item, EligibilityAnswer):
        check = eligibility_answers.check_of(session, item)
        if check is None:
            hearing.mind(unmatched.of_eligibility(session, item))
        else:
            hearing.say(eligibility_answers.take_in(session, item, check, hearing.file, now))
        return
    inquiry = status_answers.inquiry_of(session, item)
    submission = None if inquiry else status_answers.submission_of(session, item)
    if inquiry is not None:
        hearing.say(status_answers.take_in(session, item, inquiry, now))
    elif submission is not None:
        hearing.say(status_answers.take_in_of_claim(session, item, submission, now))
    else:
        hearing.mind(unmatched.of_status(session, item))


def _hear_remittance(session: Session, item: Remittance, hearing: Hearing, now: Moment) -> None:
    payer = storing.payer_of(session, item, hearing.reading.advice(item).pcns)
    assert payer is not None, "judged before"
    hear_remittance(session, item, payer, hearing, now)


def hear_remittance(
    session: Session,
    item: Remittance,
    payer: Payer,
    hearing: Hearing,
    now: Moment,
    by: User | None = None,
) -> None:
    """The one way in for a payer's answers, from a file or keyed by a person: kept once, then
    posted by its workflow. Its claims follow (`storing.store_claims`)."""
    before = storing.stored(session, item, payer)
    if before is None:
        take_remittance(session, item, payer, hearing, now, by)
    elif before.is_keyed or is_keyed(item.originator):
        hearing.repeated += 1
        hearing.remittance_ids.append(before.id)
        _say_known(session, item, before, hearing)
    else:
        hearing.namesakes.append(Namesake(item=item, payer=payer, place=hearing.place))


def take_remittance(
    session: Session,
    item: Remittance,
    payer: Payer,
    hearing: Hearing,
    now: Moment,
    by: User | None = None,
    *,
    namesake: int = 0,
) -> KnownBefore:
    """`namesake`: how many stand already that have the same name and say something else."""
    advice = hearing.reading.advice(item)
    row = storing.store(session, item, payer, hearing.file, now, namesake=namesake)
    hearing.unfilled[hearing.reading.place(item)] = row.id
    key = subjects.remittance_key(row)
    subject = subjects.ensure(session, key, now)
    count = f"{advice.balance.claims} answers, {dollars(item.paid_cents)}"
    keyed = f", keyed by {by.full_name}" if by else ""
    words = f"Remittance of {payer.name}{keyed}: {count}"
    subjects.record(session, subject, "take in", words, now, by)
    subjects.wake(session, key)
    quarantine.withdraw_corrected(session, item, now)
    bank_matching.match_remittance(session, row, now)
    hearing.remittance_ids.append(row.id)
    hearing.say(f"remittance {item.trace_number} of {payer.name}: {count}; it will be posted.")
    return row


def _say_known(session: Session, item: Remittance, before: KnownBefore, hearing: Hearing) -> None:
    """It posts nothing. Where a person keyed it from paper, the two are compared."""
    name = f"remittance {item.trace_number} of {item.paid_on} over {dollars(item.paid_cents)}"
    if not before.is_keyed or is_keyed(item.originator):
        came = "keyed from paper" if before.is_keyed else "taken in"
        hearing.say(f"{name} was {came} before; it posts nothing, and nothing needs to be done.")
        return
    place = hearing.reading.place(item)
    claims = (claim for at, claim in hearing.reading.again() if at == place)
    differing = keyed_differences.compare(session, before, item, claims)
    if differing is None:
        hearing.say(
            f"{name} was keyed from paper before and says the same; it posts nothing, and nothing "
            "needs to be done."
        )
        return
    hearing.differing.append(differing)
    hearing.say(
        f"{name} was keyed from paper before; it posts nothing. It differs from the paper: "
        f"{differing.words[0]} Asked a biller."
    )
