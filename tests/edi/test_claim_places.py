"""What a rule minds of a claim is found again in its set: segment, element and text."""

from pathlib import Path

import pytest

from domain.claims import ProfessionalClaim
from domain.institutional import InstitutionalClaim
from edi import institutional_checks, professional_checks
from edi.claim_places import placed
from edi.errors import Finding, OurFinding
from edi.read import read
from edi.segments import Segment
from edi.x837_read import ClaimLoop, claim_loops
from tests.edi.broken_claims import Claim, every

BROKEN = every()


def _claims(data: bytes) -> list[tuple[Claim, ClaimLoop]]:
    (one,) = read(data).sets
    found: list[tuple[Claim, ClaimLoop]] = []
    for item, loop in zip(one.items, claim_loops(one.segments[1:-1]), strict=True):
        assert isinstance(item, ProfessionalClaim | InstitutionalClaim)
        found.append((item, loop))
    return found


def _findings(data: bytes) -> list[Finding]:
    found = []
    for claim, loop in _claims(data):
        rules = (
            professional_checks.findings(claim)
            if isinstance(claim, ProfessionalClaim)
            else institutional_checks.findings(claim)
        )
        found += [placed(each, claim, loop) for each in rules]
    return found


@pytest.mark.parametrize(
    ("right", "wrong", "element", "text"),
    [
        ("*752011234~", "*75201~", "N403", "75201"),
        ("N3*2 MAIN ST~", "N3*PO BOX 2~", "N301", "PO BOX 2"),
        ("N4*DALLAS*TX*75201~", "N4*DALLAS*TX*7520~", "N403", "7520"),
        ("CL1*1*4*03", "CL1*1*4*3", "CL103", "3"),
        ("*11:A:1**", "*10:A:1**", "CLM05", "10:A:1"),
        ("DTP*435*DT*202601051405", "DTP*435*DT*202602051405", "DTP03", "202602051405"),
        ("HI*ABJ:M25551", "HI*ABJ:715A", "HI01", "ABJ:715A"),
        ("HI*ABF:I10:::::::Y*ABF:T8131XA", "HI*ABF:I10:::::::Y*ABF:9", None,
         "HI*ABF:I10:::::::Y*ABF:9:::::::N*ABF:Z87891"),
        ("HI*BBQ:30233N1", "HI*BBQ:302", "HI01", "BBQ:302:D8:20260107"),
        ("NM1*72*1*SMITH*JOHN****XX*1999999984", "NM1*72*1*SMITH*JOHN****XX*1", "NM109", "1"),
        ("SV2*0360*", "SV2*360*", "SV201", "360"),
    ],
)  # fmt: skip
def test_a_finding_of_a_claim_names_segment_element_and_text(
    golden: Path, right: str, wrong: str, element: str | None, text: str
) -> None:
    data = (golden / "837i_stay.x12").read_text()
    assert data.count(right) == 1
    changed = data.replace(right, wrong)
    # ST is the third segment of the file.
    number = changed[: changed.index(wrong)].count("~") - 1

    found = [(each.segment, each.element, each.text) for each in _findings(changed.encode())]

    assert (number, element, text) in found


def test_what_stands_nowhere_or_in_several_places_is_told_of_its_loop(golden: Path) -> None:
    data = (golden / "837i_stay.x12").read_bytes()

    (twice,) = _findings(data.replace(b"REF*6R*L211", b"REF*6R*L210"))
    (missing,) = _findings(data.replace(b"HI*ABJ:M25551~\n", b"").replace(b"SE*55", b"SE*54"))

    for found in (twice, missing):
        assert (found.segment_id, found.element) == ("CLM", None)
        assert (found.text or "").startswith("CLM*C12V1S1*17300*")


def test_the_number_of_another_payer_is_told_with_its_own_segment(golden: Path) -> None:
    data = (golden / "837p_secondary_after_line_payment.x12").read_bytes()

    (found,) = _findings(data.replace(b"60103", b"1"))

    assert (found.element, found.text) == ("NM109", "1")
    assert found.segment == data[: data.index(b"NM1*PR*2*FEDERAL CARE")].count(b"~") - 1


def test_of_several_claims_the_own_one_is_named(golden: Path) -> None:
    data = (golden / "837p_everything.x12").read_bytes()
    (*_, (claim, loop)) = _claims(data)
    last = OurFinding(where=f"line {len(claim.lines)} SV102", words="Wrong.", reference=claim.pcn)

    found = placed(last, claim, loop)

    assert found.segment == next(one for one in loop.lines[-1] if one.id == "SV1").number
    assert found.words == f"{claim.pcn}, line {len(claim.lines)} SV102: Wrong."


@pytest.mark.parametrize("why", BROKEN)
def test_every_place_that_a_rule_names_leads_into_the_claim(golden: Path, why: str) -> None:
    broken, where = BROKEN[why]
    kind = "837p" if isinstance(broken, ProfessionalClaim) else "837i"

    for path in sorted(golden.glob(f"{kind}_*.x12")):
        for claim, loop in _claims(path.read_bytes()):
            if where.startswith("line ") and len(claim.lines) < int(where.split()[1]):
                continue
            found = placed(OurFinding(where=where, words="Wrong."), claim, loop)
            assert (found.segment, found.segment_id) in {
                (one.number, one.id) for one in _every(loop)
            }


def _every(loop: ClaimLoop) -> list[Segment]:
    inner = [one for each in (*loop.others, *loop.lines) for one in each]
    return [*loop.billing, *loop.subscriber, *loop.patient, *loop.head, *inner]
