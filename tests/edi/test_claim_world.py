"""Two thousand claims of forty kinds: two foreign programs and our own reader agree about each."""

import io
import json
import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from domain.claims import ProfessionalClaim
from domain.institutional import InstitutionalClaim
from edi import institutional_checks, professional_checks, x837i, x837p
from edi.envelope import Envelope
from edi.read import read
from tests.edi import foreign_limits
from tests.edi.claim_world import EACH, Case, Claim, kinds, world
from tests.edi.foreign_claims import claims_in

# pyx12's map of the 837P has no PWK*CT with a way in which a certificate of need exists; it is
# the one thing that it refuses of all this.
PYX12_REFUSES = {"P equipment with a certificate": {"AB", "AD", "AF", "AG", "NS"}}

every_kind = pytest.mark.parametrize("kind", kinds())


@dataclass(frozen=True, kw_only=True)
class Complaint:
    segment: str
    element: int
    value: str


@pytest.fixture(scope="module")
def cases() -> tuple[Case, ...]:
    return world()


def _of(cases: Sequence[Case], kind: str) -> list[Case]:
    return [case for case in cases if case.kind == kind]


def _files(claims: Sequence[Claim], envelope: Envelope) -> Iterator[bytes]:
    """One batch for each guide that has a claim."""
    visits = [claim for claim in claims if isinstance(claim, ProfessionalClaim)]
    stays = [claim for claim in claims if isinstance(claim, InstitutionalClaim)]
    if visits:
        yield x837p.encode(visits, envelope=envelope, batch_reference="B7")
    if stays:
        yield x837i.encode(stays, envelope=envelope, batch_reference="B7")


def test_there_are_two_thousand_claims_and_fifty_of_each_kind(cases: tuple[Case, ...]) -> None:
    counts = Counter(case.kind for case in cases)

    assert len(cases) >= 2000
    assert set(counts) == set(kinds())
    assert min(counts.values()) == EACH >= 50
    assert len({case.typed.pcn for case in cases}) == len(cases)


def test_the_same_seed_makes_the_same_claims(cases: tuple[Case, ...]) -> None:
    assert world(each=2) == cases[: 2 * len(kinds())]
    assert world(each=1, seed=5) != cases[: len(kinds())]


def test_our_own_rules_find_nothing_in_any_of_them(cases: tuple[Case, ...]) -> None:
    assert [found for case in cases for found in _findings(case.typed)] == []


def _findings(claim: Claim) -> Sequence[object]:
    if isinstance(claim, ProfessionalClaim):
        return professional_checks.findings(claim)
    return institutional_checks.findings(claim)


@every_kind
def test_our_reader_finds_the_same_claims(
    kind: str, cases: tuple[Case, ...], envelope: Envelope
) -> None:
    own = _of(cases, kind)

    files = [read(data) for data in _files([case.typed for case in own], envelope)]

    assert [found for file in files for found in file.findings] == []
    got = {item.pcn: item for file in files for item in file.items if isinstance(item, Claim)}
    assert got == {case.written.pcn: case.written for case in own}


@every_kind
@pytest.mark.filterwarnings("ignore")
def test_a_foreign_validator_accepts_the_batch(
    kind: str, cases: tuple[Case, ...], envelope: Envelope
) -> None:
    claims = [case.typed for case in _of(cases, kind)]

    complaints = [found for data in _files(claims, envelope) for found in _pyx12(data)]

    refused = PYX12_REFUSES.get(kind, set())
    assert {each.value for each in complaints} == refused
    assert {(each.segment, each.element) for each in complaints} <= {("PWK", 2)}


def _pyx12(data: bytes) -> list[Complaint]:
    """Judged by its return value; a refusal that it gives no reason for is a complaint too."""
    import pyx12.params
    import pyx12.x12n_document

    report = io.StringIO()
    logging.disable(logging.CRITICAL)
    try:
        accepted = pyx12.x12n_document.x12n_document(
            pyx12.params.params(), io.StringIO(data.decode()), io.StringIO(), None, fd_json=report
        )
    except Exception as crash:
        return [Complaint(segment="crash", element=0, value=repr(crash))]
    finally:
        logging.disable(logging.NOTSET)
    if accepted:
        return []
    told = list(_complaints(json.loads(report.getvalue())))
    return told or [Complaint(segment="refused", element=0, value="without a reason")]


def _complaints(report: Any, segment: str = "", element: int = 0) -> Iterator[Complaint]:
    """Every error of the report, wherever in it: of an envelope, a set, a segment, an element."""
    if isinstance(report, list):
        for one in report:
            yield from _complaints(one, segment, element)
    elif isinstance(report, dict):
        if "err_cde" in report:
            yield Complaint(segment=segment, element=element, value=str(report["err_val"]))
        segment, element = report.get("seg_id", segment), report.get("ele_pos", element)
        yield from _complaints(list(report.values()), segment, element)


@every_kind
@pytest.mark.filterwarnings("ignore")
def test_a_foreign_reader_finds_the_same_claims_field_by_field(
    kind: str, cases: tuple[Case, ...], envelope: Envelope
) -> None:
    own = _of(cases, kind)
    sent = [foreign_limits.not_refused(case.typed) for case in own]

    got = {claim.pcn: claim for data in _files(sent, envelope) for claim in claims_in(data)}

    assert got == {case.written.pcn: foreign_limits.not_dropped(case.written) for case in own}


@pytest.mark.parametrize(
    "limit",
    dict.fromkeys((*foreign_limits.PROFESSIONAL, *foreign_limits.INSTITUTIONAL)),
    ids=lambda limit: limit.__name__.strip("_"),
)
@pytest.mark.filterwarnings("ignore")
def test_each_limit_of_the_foreign_reader_is_still_one(
    limit: foreign_limits.Limit, cases: tuple[Case, ...], envelope: Envelope
) -> None:
    """A claim that keeps this one fact is refused, or read as another."""
    claim = next(
        kept
        for case in cases
        if limit in foreign_limits.limits_of(case.written)
        if limit(kept := foreign_limits.not_refused(case.written, but=limit)) != kept
    )
    (data,) = _files([claim], envelope)

    try:
        got = list(claims_in(data))
    except ValueError:
        return
    assert got != [claim]
