"""Our own reader of what was sent: claims, their originals and lines, and broken files."""

import json

from tests.verify.world import x12
from verify.sent import read_file


def test_an_interchange_tells_its_claims() -> None:
    file = read_file(1, "837p-000000007.x12", x12(7, "C1V2S1", 5, "7", "REF*F8*ICN1~"))

    [claim] = file.claims
    assert file.control == "000000007"
    assert (claim.pcn, claim.frequency, claim.original) == ("C1V2S1", "7", "ICN1")
    assert claim.lines == ("L5",)


def test_line_ends_between_segments_do_not_matter() -> None:
    content = x12(7, "C1V1S1", 5).replace(b"~", b"~\r\n")

    [claim] = read_file(1, "837p-000000007.x12", content).claims

    assert claim.pcn == "C1V1S1"


def test_a_cut_file_has_a_fault() -> None:
    file = read_file(1, "837p-000000007.x12", x12(7, "C1V1S1", 5)[:-30])

    assert file.fault == "is not one whole interchange"


def test_two_interchanges_in_one_file_are_a_fault() -> None:
    file = read_file(1, "837p-000000007.x12", x12(7, "C1V1S1", 5) * 2)

    assert file.fault == "holds more than one interchange"


def test_a_paper_claim_is_a_claim() -> None:
    manifest = {
        "kind": "claim",
        "claim": {"pcn": "C1V1S1", "frequency": "1", "lines": [{"line": "L5"}]},
    }

    [claim] = read_file(1, "claim-C1V1S1.json", json.dumps(manifest).encode()).claims

    assert (claim.pcn, claim.lines) == ("C1V1S1", ("L5",))


def test_an_appeal_is_no_claim() -> None:
    file = read_file(1, "appeal-M00000001.json", b'{"kind": "appeal", "pcn": "C1V1S1"}')

    assert file.claims == ()


def test_a_manifest_that_is_not_json_has_a_fault() -> None:
    file = read_file(1, "claim-x.json", b"{")

    assert file.fault == "is not a manifest in JSON"
