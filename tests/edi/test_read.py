"""Files of others, and damaged ones: all are read without a crash, and damage posts nothing."""

import random
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.claims import ProfessionalClaim
from domain.remit_balance import imbalances
from domain.remittance import Remittance
from edi.describe import describe
from edi.errors import refusing
from edi.read import SetKind, read

Wrap = Callable[..., bytes]
# Files whose authors damaged or never finished them; each has a finding that says where.
_KNOWN_DAMAGED = {
    "aurelian_test-x12-277-healthplan-to-availity.edi",
    # Lines of the professional guide (SV1) in sets that name the institutional one.
    "hccinfhir_837_1.txt",
    "hccinfhir_837_11.txt",
    "hccinfhir_837_12.txt",
    "hccinfhir_837_3.txt",
    "hccinfhir_837_4.txt",
    "hccinfhir_837_6.txt",
    "hccinfhir_837_7.txt",
    "hccinfhir_837_9.txt",
    # Their header declares ":" and their composites use ">".
    "lfh_005010X223A3_out-of-network-repriced-claim.837i",
    "lfh_005010X223A3_ppo-repriced-claim.837i",
    "lfh_005010X221A1_cob-contractural-adjustment.835",
    "lfh_005010X221A1_secondary-payment.835",
    "lfh_005010X222A2_demo.example12.837",
    "lfh_005010X222A2_demo.example9.837",
    "nirmitee_835_waystar_delims.edi",
    "own_837P_BAD_IEA_mismatch.837",
    "own_837P_BAD_wrong_SE_count.837",
    "staedi_invalid999.edi",
    "staedi_sample837-HL-nested-expected.txt",
    "stupidedi_X212_HR277_pass_1.era",
    "stupidedi_X221_HP835_case_3a.edi",
}


def test_every_file_of_others_is_read_or_says_what_is_wrong(testdata: Path) -> None:
    damaged = set()
    for path in sorted(testdata.iterdir()):
        file = read(path.read_bytes())
        assert len(describe(path.read_bytes())) >= len(file.sets)
        if refusing(file.findings):
            damaged.add(path.name)

    imsweb = {name for name in damaged if name.startswith("imsweb")}
    assert damaged - imsweb == _KNOWN_DAMAGED
    assert "imsweb_x12_277CA_accepted.txt" not in imsweb


def test_public_837ps_are_read_with_their_lines_adding_up(testdata: Path) -> None:
    claims = [
        item
        for path in sorted(testdata.iterdir())
        for item in read(path.read_bytes()).items
        if isinstance(item, ProfessionalClaim)
    ]

    assert len(claims) >= 40
    assert all(claim.lines and claim.pcn and claim.subscriber.member_id for claim in claims)


def test_a_set_that_no_reader_here_knows_is_kept_for_showing(testdata: Path) -> None:
    file = read((testdata / "staedi_simple997.edi").read_bytes())

    assert file.findings == ()
    assert [one.kind for one in file.sets] == [SetKind.OTHER]
    assert file.items == ()


_BYTES = st.sampled_from([*b"*:~^\n0123456789AIESTCLPX -.", 0, 146, 255])


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_change_of_any_bytes_crashes_the_reader(data: st.DataObject, testdata: Path) -> None:
    names = ["own_835_denials_many_carc_rarc.835", "own_271_active_benefits.271"]
    names += ["own_277CA_receiver_level_reject.277", "own_999_partial_IK3_IK4_by_pyx12.999"]
    names += ["own_837P_dependent.837", "own_TA1_accepted.ta1", "stupidedi_X212_claim-response.edi"]
    changed = bytearray((testdata / data.draw(st.sampled_from(names))).read_bytes())
    for _ in range(data.draw(st.integers(min_value=1, max_value=6))):
        place = data.draw(st.integers(min_value=0, max_value=len(changed) - 1))
        changed[place] = data.draw(_BYTES)

    file = read(bytes(changed))

    describe(bytes(changed))
    assert file.items or file.findings or file.sets


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_at_all_are_an_answer(data: bytes) -> None:
    assert read(data).findings


def test_a_changed_digit_of_money_never_balances_by_itself(testdata: Path) -> None:
    """Seeded, two hundred single digits of one 835: each is noticed, or changes no amount."""
    path = testdata / "own_835_denials_many_carc_rarc.835"
    data = path.read_bytes()
    whole = read(data).items
    chance = random.Random(835)
    digits = [place for place, byte in enumerate(data) if chr(byte).isdigit()]

    for place in chance.sample(digits, min(200, len(digits))):
        changed = bytearray(data)
        changed[place] = ord("7") if changed[place] != ord("7") else ord("3")
        for item in read(bytes(changed)).items:
            assert isinstance(item, Remittance)
            assert imbalances(item) or _amounts(item) == _amounts(whole[0]), place


def _amounts(item: object) -> list[int]:
    assert isinstance(item, Remittance)
    lines = [line for claim in item.claims for line in claim.lines]
    claims = [(claim.charge_cents, claim.paid_cents) for claim in item.claims]
    return [
        item.paid_cents,
        *(cents for pair in claims for cents in pair),
        *(line.paid_cents for line in lines),
        *(plb.cents for plb in item.provider_adjustments),
    ]
