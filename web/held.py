"""Holds on the page of an encounter: what a supervisor may choose to hold, only what belongs to the
encounter, and each hold in force in words by its scope."""

from collections.abc import Sequence
from dataclasses import dataclass

from casework import holds
from casework.holds import HoldScope
from casework.refusals import Refused
from db.models import Claim, Encounter, Hold
from web.context import db, now

WHOLE = "encounter"
ACCOUNT = "account"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One scope: `words` in the list to choose from, `held` once it is held."""

    key: str
    words: str
    held: str
    scope: HoldScope


@dataclass(frozen=True, kw_only=True)
class Held:
    """A hold in force. `meanwhile` says what stands still; empty if nothing here does."""

    row: Hold
    words: str
    meanwhile: str


def choices(encounter: Encounter, claims: Sequence[Claim]) -> list[Choice]:
    """The encounter, its open claims, the payers of its claims, and the account."""
    payers = {claim.payer_id: claim.payer.name for claim in claims}
    return [
        _whole(encounter),
        *(_of_claim(claim) for claim in claims if claim.stage.is_open),
        *(_of_payer(payer_id, name) for payer_id, name in payers.items()),
        _account(encounter),
    ]


def chosen(key: str, offered: Sequence[Choice]) -> Choice:
    for choice in offered:
        if choice.key == key:
            return choice
    raise Refused.of("scope", "Choose what to hold: this encounter, or what belongs to it.")


def in_force(encounter: Encounter, claims: Sequence[Claim]) -> tuple[Held, ...]:
    """What stops the encounter first, then what stops some of its claims, then the others."""
    found = [
        Held(row=row, words=holds.in_words(db(), row), meanwhile=_meanwhile(row, encounter, claims))
        for row in holds.in_force(db(), encounter, now())
    ]
    order = [
        (not holds.stops_encounter(held.row, encounter), not held.meanwhile, held.row.id, held)
        for held in found
    ]
    return tuple(held for *_, held in sorted(order, key=lambda each: each[:3]))


def _meanwhile(row: Hold, encounter: Encounter, claims: Sequence[Claim]) -> str:
    if holds.stops_encounter(row, encounter):
        return "No step moves it until then."
    stopped = [c for c in claims if c.stage.is_open and holds.stops_claim(row, c)]
    if not stopped:
        return ""
    if row.claim_id is not None:
        return f"Its claim with {stopped[0].payer.name} is not moved until then."
    return f"Its claims with {stopped[0].payer.name} are not moved until then."


def _whole(encounter: Encounter) -> Choice:
    return Choice(
        key=WHOLE,
        words="This encounter",
        held="Held. No step moves it until the date, or until it is released.",
        scope=HoldScope(encounter_id=encounter.id),
    )


def _of_claim(claim: Claim) -> Choice:
    named = f"claim {holds.claim_words(claim)}"
    return Choice(
        key=f"claim-{claim.id}",
        words=f"Claim {holds.claim_words(claim)}",
        held=f"Held: {named}. It is not moved until the date, or until it is released.",
        scope=HoldScope(claim_id=claim.id),
    )


def _of_payer(payer_id: int, name: str) -> Choice:
    return Choice(
        key=f"payer-{payer_id}",
        words=f"All claims of {name}, of every patient",
        held=f"Held: all claims of {name}. "
        "They are not moved until the date, or until they are released.",
        scope=HoldScope(payer_id=payer_id),
    )


def _account(encounter: Encounter) -> Choice:
    return Choice(
        key=ACCOUNT,
        words="The patient's account: all of its encounters",
        held="Held: the patient's account. "
        "None of its encounters is moved until the date, or until it is released.",
        scope=HoldScope(guarantor_id=encounter.guarantor_id),
    )
