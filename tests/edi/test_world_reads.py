"""The simulated world, which shares no codec with the product, reads the files that we reviewed."""

from pathlib import Path

import pytest

from domain.claims import ProfessionalClaim
from edi.read import read
from sim.claims import read_claims
from sim.x12 import read_interchanges

_NAMES = ["minimal", "replacement_and_void", "dependent", "secondary_after_line_payment"]


@pytest.mark.parametrize("name", _NAMES)
def test_the_world_reads_the_claims_that_we_wrote(name: str, golden: Path) -> None:
    data = (golden / f"837p_{name}.x12").read_bytes()
    ours = [item for item in read(data).items if isinstance(item, ProfessionalClaim)]

    theirs = [
        claim
        for interchange in read_interchanges(data.decode())
        for group in interchange.groups
        for one in group.sets
        for claim in read_claims(one)
    ]

    assert [
        (one.pcn, one.frequency, one.payer_id, one.member_id, one.charge_cents, one.place_in_line)
        for one in theirs
    ] == [
        (
            one.pcn,
            one.frequency,
            one.payer.payer_id,
            one.subscriber.member_id,
            one.charge_cents,
            one.responsibility,
        )
        for one in ours
    ]
    assert [[line.control for line in one.lines] for one in theirs] == [
        [line.line_control for line in one.lines] for one in ours
    ]
