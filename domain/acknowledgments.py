"""What the exchange says of a file or a claim before it is adjudicated: TA1, 999, 277CA."""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.parties import PersonName
from domain.unknown_code import UnknownCode

# The category of a claim that was accepted into adjudication (STC01-1).
TAKEN_IN = "A2"
# That of one that was sent back.
RETURNED = "A3"


class AckVerdict(StrEnum):
    """The answer to an envelope, a group or a set. E is accepted with errors: never resend it."""

    ACCEPTED = "A"
    ACCEPTED_WITH_ERRORS = "E"
    PARTLY_ACCEPTED = "P"
    REJECTED = "R"
    REJECTED_AUTHENTICATION = "M"
    REJECTED_ASSURANCE = "W"
    REJECTED_DECRYPTION = "X"

    @property
    def is_accepted(self) -> bool:
        """True when the whole was taken; a group of which only some sets passed is not."""
        return self in (AckVerdict.ACCEPTED, AckVerdict.ACCEPTED_WITH_ERRORS)


Verdict = AckVerdict | UnknownCode


def _accepts(verdict: Verdict) -> bool:
    return isinstance(verdict, AckVerdict) and verdict.is_accepted


def _read(verdict: Verdict, meant: AckVerdict) -> Verdict:
    return meant if isinstance(verdict, UnknownCode) else verdict


@dataclass(frozen=True, kw_only=True)
class InterchangeAck:
    """TA1: the envelope with this ISA13 was taken or refused."""

    control_number: str
    interchange_on: dt.date | None
    verdict: Verdict
    code: str
    words: str
    segment: int
    unread: tuple[str, ...] = ()
    """In words: a verdict that nobody knows. Nothing was accepted or refused by it."""

    @property
    def is_accepted(self) -> bool:
        return _accepts(self.verdict)

    def read_as(self, meant: AckVerdict) -> "InterchangeAck":
        """With what a person says that the unknown verdict means."""
        return replace(self, verdict=_read(self.verdict, meant), unread=())


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """Another place of our set because of which the receiver minds this one (CTX)."""

    segment_position: int
    segment_id: str
    loop: str | None = None
    element_position: int | None = None
    component_position: int | None = None


@dataclass(frozen=True, kw_only=True)
class SetError:
    """One IK3, or one IK4 below it: where in our transaction set, and what the receiver minds."""

    segment_position: int
    """Counted in our set; ST is 1. Nought where the receiver did not say it in a number."""
    segment_id: str
    loop: str | None
    code: str
    """Of the element when one is named, else of the segment."""
    words: str
    segment_code: str = ""
    """IK304, which an element's own code does not replace."""
    element_position: int | None = None
    component_position: int | None = None
    repetition: int | None = None
    element_reference: str | None = None
    """The element's number in the dictionary of X12 (IK402)."""
    bad_value: str | None = None
    """What we had sent; may be patient data, so it is neither logged nor put in `words`."""
    pcn: str | None = None
    """CLM01 of the claim in question, when the receiver named it (CTX)."""
    triggers: tuple[Trigger, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SetAck:
    """IK5: one of our transaction sets, by its ST02."""

    control_number: str
    set_id: str
    version: str | None
    verdict: Verdict
    codes: tuple[str, ...]
    words: tuple[str, ...]
    errors: tuple[SetError, ...]

    @property
    def is_accepted(self) -> bool:
        return _accepts(self.verdict)


@dataclass(frozen=True, kw_only=True)
class FunctionalAck:
    """999: one of our groups, by its GS06, with an answer per transaction set."""

    group_control_number: str
    functional_id: str
    version: str | None
    verdict: Verdict
    sets_included: int
    sets_received: int
    sets_accepted: int
    codes: tuple[str, ...]
    words: tuple[str, ...]
    sets: tuple[SetAck, ...]
    unread: tuple[str, ...] = ()
    """In words: verdicts that nobody knows. Nothing was accepted or refused by them."""

    @property
    def is_accepted(self) -> bool:
        return _accepts(self.verdict)

    def read_as(self, meant: AckVerdict) -> "FunctionalAck":
        """With what a person says that the unknown verdicts mean."""
        sets = tuple(replace(one, verdict=_read(one.verdict, meant)) for one in self.sets)
        return replace(self, verdict=_read(self.verdict, meant), sets=sets, unread=())


class AckSource(StrEnum):
    CLEARINGHOUSE = "clearinghouse"
    PAYER = "payer"


@dataclass(frozen=True, kw_only=True)
class StatusCode:
    """One composite of an STC: category, status and, if named, the entity it speaks of."""

    category: str
    status: str
    entity: str | None = None
    words: str = ""
    list_id: str | None = None
    """Whose list the status is from, where it is not the common one (STC01-4): RX, pharmacies."""


@dataclass(frozen=True, kw_only=True)
class StatusNote:
    """One STC of a level above the claims: it accepts or refuses all that stands below."""

    is_accepted: bool
    codes: tuple[StatusCode, ...]
    effective_on: dt.date | None
    charge_cents: int | None
    segment: int
    npi: str | None = None
    """The billing provider spoken of; None at the receiver's level."""


@dataclass(frozen=True, kw_only=True)
class AckLine:
    """A claim line that the receiver minds, by our line control number when it was echoed."""

    line_control: str | None
    code: str
    codes: tuple[StatusCode, ...]
    segment: int


@dataclass(frozen=True, kw_only=True)
class ClaimAckStatus:
    """The answer to one claim; any refusal among its STC makes the whole a refusal."""

    ordinal: int
    segment: int
    pcn: str
    is_accepted: bool
    codes: tuple[StatusCode, ...]
    effective_on: dt.date | None
    charge_cents: int | None
    payer_claim_number: str | None
    clearinghouse_trace: str | None
    service_on: dt.date | None
    lines: tuple[AckLine, ...]
    refusing: tuple[StatusCode, ...] = ()
    """Those of `codes` that refuse the claim, if any does."""
    note: str | None = None
    """What the sender wrote in words of its own (STC12)."""
    patient: PersonName | None = None
    member_id: str | None = None
    unread: tuple[str, ...] = ()
    """In words: nothing says whether it was taken. It is neither accepted nor refused."""

    def read_as(self, *, is_accepted: bool) -> "ClaimAckStatus":
        """With what a person says that was meant."""
        words = "the sender was asked, and says that it was " + (
            "taken" if is_accepted else "refused"
        )
        code = StatusCode(category=TAKEN_IN if is_accepted else RETURNED, status="", words=words)
        refusing = () if is_accepted else (code,)
        return replace(self, is_accepted=is_accepted, codes=(code,), refusing=refusing, unread=())

    @property
    def is_taken_in(self) -> bool:
        """Accepted into adjudication: the word that starts the wait for the remittance."""
        return self.is_accepted and any(code.category == TAKEN_IN for code in self.codes)

    @property
    def category(self) -> str:
        return self._ruling.category if self._ruling else ""

    @property
    def status(self) -> str:
        return self._ruling.status if self._ruling else ""

    @property
    def entity(self) -> str | None:
        return self._ruling.entity if self._ruling else None

    @property
    def _ruling(self) -> StatusCode | None:
        """What refuses it, else what takes it in, else the first that was said."""
        taken_in = (code for code in self.codes if code.category == TAKEN_IN)
        return next(iter((*self.refusing, *taken_in, *self.codes)), None)


@dataclass(frozen=True, kw_only=True)
class ClaimAck:
    """277CA: what one source says about the batch that we called `batch_reference` (BHT03)."""

    source: AckSource
    source_name: str
    source_id: str
    batch_reference: str | None
    received_on: dt.date | None
    processed_on: dt.date | None
    receiver_statuses: tuple[StatusNote, ...]
    provider_statuses: tuple[StatusNote, ...]
    claims: tuple[ClaimAckStatus, ...]

    @property
    def rejects_batch(self) -> bool:
        """Refused above the claims with none of them named: the whole batch is refused. Of its
        billing providers, every one that is spoken of must be refused."""
        return bool(self.refusing_notes) and not self.claims

    @property
    def refusing_notes(self) -> tuple[StatusNote, ...]:
        receiver = [note for note in self.receiver_statuses if not note.is_accepted]
        provider = [note for note in self.provider_statuses if not note.is_accepted]
        if len(provider) < len(self.provider_statuses):
            provider = []
        return (*receiver, *provider)
