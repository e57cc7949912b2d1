"""A repricer between us and a payer writes its price into the file (HCP) and its numbers (REF*9A).
No practice writes an HCP; a file that has them is shown, checked and read without a finding."""

import io
import re
from pathlib import Path

import pytest

from domain.claim_details import ReferenceKind
from domain.claims import ProfessionalClaim
from edi.describe import describe
from edi.read import read

HCP = "HCP*03*100*50*REPRICER1~\n"
# Of each guide the last segment before the claim's own HCP, and the last before a line's.
FILES = {
    "837p_minimal": ("HI*ABK:J069*ABF:R05~\n", "REF*6R*L123~\n"),
    "837i_visit": ("HI*BH:05:D8:20260105~\n", "REF*6R*L201~\n"),
}


def _repriced(text: str, places: tuple[str, ...]) -> str:
    for place in places:
        assert text.count(place) == 1
        text = text.replace(place, place + HCP)
    return re.sub(r"SE\*(\d+)", lambda found: f"SE*{int(found[1]) + len(places)}", text)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FILES)
def test_a_repriced_claim_is_shown_and_read_as_what_it_was_before(golden: Path, name: str) -> None:
    import pyx12.params
    import pyx12.x12n_document

    before = (golden / f"{name}.x12").read_text()
    after = _repriced(before, FILES[name])

    file = read(after.encode())

    assert pyx12.x12n_document.x12n_document(
        pyx12.params.params(), io.StringIO(after), io.StringIO(), None
    )
    assert file.findings == ()
    assert file.items == read(before.encode()).items
    titles = [node.title for node in describe(after.encode()) if node.segment_id == "HCP"]
    assert titles == ["repricing"] * 2


def test_the_number_of_a_repricer_is_read_with_the_claim(golden: Path) -> None:
    before = (golden / "837p_minimal.x12").read_text()
    diagnoses = "HI*ABK:J069*ABF:R05~\n"
    numbered = before.replace(diagnoses, f"REF*9A*R77~\n{diagnoses}").replace("SE*28", "SE*29")

    (claim,) = read(numbered.encode()).items

    assert isinstance(claim, ProfessionalClaim)
    (reference,) = claim.references
    assert (reference.kind, reference.number) == (ReferenceKind.REPRICED_CLAIM, "R77")
