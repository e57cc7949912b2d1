"""Claim facts as people enter them: each what is theirs to say, told in the story, and taken by the
next version of a claim, never by one that was sent.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from casework import audit, encounter_facts, fact_renewal, news, subjects
from casework.moment import Moment
from casework.refusals import Forbidden, Problem, Refused
from db.models import Claim, Encounter, User
from domain.claim_fact_rules import claim_problems, line_problems
from domain.claim_facts import NO_LINE_FACTS, ClaimFacts, LineFacts
from domain.claim_form import ClaimForm
from domain.tasks import Role

WORDS = {
    "accident": "the accident",
    "onset_on": "when it began",
    "admitted_on": "the admission",
    "discharged_on": "the discharge",
    "dates": "its dates",
    "approvals": "approval and referral",
    "referring": "the referring provider",
    "supervising": "the supervising provider",
    "ordering": "the ordering provider",
    "facility": "the place",
    "special_program": "the special program",
    "delay_reason": "why it is late",
    "note": "the note",
    "patient_paid_cents": "what the patient paid",
    "ambulance": "the transport",
    "ambulance_places": "from where and to where",
    "conditions": "what is certified of the patient",
    "patient_state": "the patient's body",
    "spinal": "the spine's condition",
    "anesthesia_for": "the surgery",
    "terms": "the contract's terms",
    "references": "numbers of programs",
}
# The desk hears it from the patient, the coder reads it in the chart, the biller answers for the
# claim as a whole.
_DESK = frozenset({"accident", "onset_on", "dates", "approvals", "referring", "patient_paid_cents"})
_CHART = frozenset(WORDS) - {
    "approvals",
    "special_program",
    "delay_reason",
    "note",
    "patient_paid_cents",
    "terms",
}
_FACT_OF = (
    ("accident", "accident"),
    ("onset", "onset_on"),
    ("admitted", "admitted_on"),
    ("discharged", "discharged_on"),
    ("prior_auth", "approvals"),
    ("referral", "approvals"),
    ("referring", "referring"),
    ("supervising", "supervising"),
    ("ordering", "ordering"),
    ("facility", "facility"),
    ("special_program", "special_program"),
    ("delay_reason", "delay_reason"),
    ("claim_note", "note"),
    ("patient_paid", "patient_paid_cents"),
    ("ambulance_from", "ambulance_places"),
    ("ambulance_to", "ambulance_places"),
    ("ambulance", "ambulance"),
    ("homebound", "conditions"),
    ("screening", "conditions"),
    ("state", "patient_state"),
    ("spinal", "spinal"),
    ("anesthesia_for", "anesthesia_for"),
    ("glasses", "conditions"),
    ("contract", "terms"),
    ("care_plan", "references"),
    ("mammography", "references"),
)
MAY_CHANGE: Mapping[Role, frozenset[str]] = {
    Role.FRONT_DESK: _DESK,
    Role.CODER: _CHART,
    Role.BILLER: frozenset(WORDS),
    Role.SUPERVISOR: frozenset(WORDS),
}
MAY_CHANGE_LINES = frozenset({Role.CODER, Role.BILLER, Role.SUPERVISOR})


def keep(
    session: Session,
    encounter: Encounter,
    wanted: ClaimFacts,
    lines: Mapping[int, LineFacts],
    *,
    version: int,
    by: User,
    now: Moment,
) -> tuple[str, ...]:
    """Keep what this person may change of it; returns what was changed, in words.

    Raises `Refused` at the fields that are wrong; then nothing is changed.
    """
    allowed = MAY_CHANGE.get(by.role)
    if allowed is None:
        raise Forbidden("This role does not change what a claim says.")
    subject = subjects.lock(session, subjects.encounter_key(encounter))
    if version != encounter_facts.version_of(session, encounter):
        raise Refused.of("version", "Somebody changed this meanwhile: open the page again.")
    held = encounter_facts.of(session, encounter)
    facts = replace(held, **{name: getattr(wanted, name) for name in allowed})
    changed_lines = _changed_lines(session, encounter, lines, allowed) if _may_lines(by) else {}
    _require_right(encounter, facts, changed_lines, allowed)
    changed = tuple(_changed(held, facts)) + (("lines",) if changed_lines else ())
    if changed:
        _write(session, encounter, facts, changed_lines, by, now)
        _tell(session, encounter, changed, by)
        words = f"{by.full_name} changed what the claim says: {', '.join(changed)}"
        news.tell(session, subject, "claim facts", words, now, by)
    return changed


def keep_approval(session: Session, claim: Claim, number: str, *, by: User, now: Moment) -> None:
    """The payer's approval number, as the one who asked the payer learned it. The caller holds the
    encounter's lock and tells the story."""
    encounter, payer_no = claim.encounter, claim.payer.payer_no
    held = encounter_facts.of(session, encounter)
    approval = replace(held.approval_of(payer_no), prior_auth=number)
    others = tuple(each for each in held.approvals if each.payer_no != payer_no)
    facts = replace(held, approvals=(*others, approval))
    problems = dict(claim_problems(facts, service_on=encounter.service_on))
    if words := problems.get(f"prior_auth_{payer_no}"):
        raise Refused.of("prior_auth", words)
    encounter_facts.write(session, encounter, facts, by, now)
    _tell(session, encounter, (WORDS["approvals"],), by)


def _write(
    session: Session,
    encounter: Encounter,
    facts: ClaimFacts,
    lines: Mapping[int, LineFacts],
    by: User,
    now: Moment,
) -> None:
    encounter_facts.write(session, encounter, facts, by, now)
    for line_id, line_facts in lines.items():
        encounter_facts.write_line(session, line_id, line_facts, now)
    fact_renewal.renew(session, encounter, tuple(ClaimForm), now)


def _may_lines(by: User) -> bool:
    return by.role in MAY_CHANGE_LINES


def _changed_lines(
    session: Session,
    encounter: Encounter,
    wanted: Mapping[int, LineFacts],
    allowed: frozenset[str],
) -> dict[int, LineFacts]:
    """Whose it is to say what a contract's terms are may say it of a line."""
    own = sorted(line.id for line in encounter.charge_lines if not line.is_void)
    held = dict.fromkeys(own, NO_LINE_FACTS) | encounter_facts.of_lines(session, own)
    lines = {line_id: facts for line_id, facts in wanted.items() if line_id in held}
    if "terms" not in allowed:
        lines = {at: replace(facts, terms=held[at].terms) for at, facts in lines.items()}
    return {line_id: facts for line_id, facts in lines.items() if facts != held[line_id]}


def _require_right(
    encounter: Encounter,
    facts: ClaimFacts,
    lines: Mapping[int, LineFacts],
    allowed: frozenset[str],
) -> None:
    """What a chart brought in wrong, and is another's to mend, keeps nobody from saving."""
    problems = {
        field: words
        for field, words in claim_problems(facts, service_on=encounter.service_on)
        if fact_of(field) in allowed
    }
    for line_id, line in lines.items():
        problems |= {f"{field}-{line_id}": words for field, words in line_problems(line)}
    if problems:
        raise Refused({field: Problem(words=words) for field, words in problems.items()})


def fact_of(field: str) -> str:
    """Which fact a field of the page belongs to."""
    return next((fact for start, fact in _FACT_OF if field.startswith(start)), "dates")


def _changed(held: ClaimFacts, facts: ClaimFacts) -> Iterator[str]:
    for name, words in WORDS.items():
        if getattr(held, name) != getattr(facts, name):
            yield words


def _tell(session: Session, encounter: Encounter, changed: Sequence[str], by: User) -> None:
    audit.record(
        session, by, "changed what a claim says", "encounter", str(encounter.uuid),
        patient_id=encounter.patient_id, words=", ".join(changed),
    )  # fmt: skip
