"""A void that the payer has in its hands, or has agreed to, outlives what is keyed and undone."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from casework import voids
from casework.steps import claims, denials
from db.models import Claim
from domain.encounter import ClaimStage
from domain.keyed_eob import TypedEob
from tests.casework import factories
from tests.casework.payer_world import PayerWorld
from tests.casework.test_eob_undoing import WRONG, undone
from tests.casework.test_keyed_eobs import claim_of, keyed, typed
from tests.casework.test_undone_answers import later_version, refusal


def voided(world: PayerWorld) -> Claim:
    """The payer has been told that the claim is void, and has not said anything of it yet."""
    claim = claim_of(world)
    claim.payer_claim_number = "TRUE1"
    (sent,) = claim.versions[0].submissions
    sent.payer_claim_number = "TRUE1"
    later_version(world, claim, ClaimStage.SUBMITTED, "8")
    factories.stop_clock(world.session, 1)
    world.session.expire(claim)
    return claim


def of_first(claim: Claim, eob: TypedEob) -> TypedEob:
    """The paper names what was sent before the void."""
    first = min(claim.versions, key=lambda version: version.version)
    return replace(eob, claims=(replace(eob.claims[0], pcn=first.submissions[0].pcn),))


def versions(world: PayerWorld, claim: Claim) -> list[tuple[int, str]]:
    world.session.expire(claim)
    every = sorted(claim.versions, key=lambda version: version.version)
    return [(version.version, version.frequency) for version in every]


def test_one_that_was_agreed_by_phone_stays_void(
    world: PayerWorld, balanced: Callable[[], None]
) -> None:
    claim = voided(world)
    voids.conclude(world.session, claim, world.now)
    row = keyed(world, of_first(claim, refusal(world, claim)))
    was_denied = claim.outcome

    undone(world, row)
    words = denials.judge(world.session, claim, world.now)

    balanced()
    assert (was_denied, words) == ("denied", "Settled with ALPHA")
    assert (claim.stage, claim.outcome) == (ClaimStage.SETTLED, "void")
    assert voids.is_concluded(world.session, claim)
    assert (versions(world, claim), world.balances()) == ([(1, "1"), (2, "8")], {})


@pytest.mark.parametrize("refused", [True, False])
def test_one_that_the_payer_has_is_still_what_it_has(world: PayerWorld, *, refused: bool) -> None:
    claim = voided(world)
    eob = refusal(world, claim) if refused else typed(world, claim, *WRONG, paid="110.00")
    row = keyed(world, of_first(claim, eob))

    undone(world, row)
    denials.judge(world.session, claim, world.now)

    assert voids.is_asked_of_payer(world.session, claim)
    assert (versions(world, claim), claim.outcome) == ([(1, "1"), (2, "8")], "awaits correction")


def test_its_payer_agrees_on_the_phone_after_the_undoing(
    world: PayerWorld, balanced: Callable[[], None]
) -> None:
    claim = voided(world)
    undone(world, keyed(world, of_first(claim, refusal(world, claim))))
    denials.judge(world.session, claim, world.now)
    claims.open_follow_up(
        world.session, claim, cause="silence:0", title="ALPHA is silent", reason="", now=world.now
    )

    words = world.answer(world.open_tasks()[0], action="voided")

    balanced()
    assert words.endswith("that the claim is void")
    assert (claim.stage, claim.outcome, world.balances()) == (ClaimStage.SETTLED, "void", {})


def test_a_correction_that_its_payer_refused_is_not_what_it_has(world: PayerWorld) -> None:
    claim = voided(world)
    newest = max(claim.versions, key=lambda version: version.version)
    newest.submissions[0].ack_status = "rejected"
    row = keyed(world, of_first(claim, refusal(world, claim)))

    undone(world, row)

    assert versions(world, claim) == [(1, "1"), (2, "8"), (3, "1")]
