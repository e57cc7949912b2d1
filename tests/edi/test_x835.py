"""What a small but full 835 says, to the cent, and what makes it say nothing."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from domain.parties import PersonName
from domain.remit_balance import imbalances
from domain.remittance import (
    Adjustment,
    AdjustmentGroup,
    ProviderAdjustment,
    RemitClaim,
    RemitLine,
    RemitStatus,
    Remittance,
    all_adjustments,
    key,
    unknown_codes,
)
from edi.read import read

Wrap = Callable[..., bytes]
SHAPE = {"set_id": "835", "gs01": "HP", "version": "005010X221A1"}
BODY = """
    BPR*I*96.75*C*ACH*CCP*01*999999992*DA*123456*1999999999**01*999988880*DA*98765*20260115
    TRN*1*EFT0001*1999999999
    DTM*405*20260114
    N1*PR*ACME HEALTH*XV*60101
    N3*1 PAYER ST
    N4*DALLAS*TX*75201
    PER*BL*EDI HELP*TE*8005551213
    N1*PE*CEDAR HOLLOW*XX*1234567893
    REF*TJ*123456789
    LX*1
    TS3*1234567893*11*20261231*2*300
    CLP*C1V1S1*19*150*100*20*12*ICN112*11*1
    CAS*CO*253*2
    NM1*QC*1*DOE*JANE*Q***MI*W0001
    NM1*74*1*DOE*JANET****C*W0002
    NM1*TT*2*BOREAL MUTUAL*****PI*60102
    MOA***MA01*N89
    REF*F8*ICN111
    DTM*050*20260106
    AMT*I*1.5
    SVC*HC:99213:25*150*102**1
    DTM*472*20260105
    CAS*CO*45*25.5**97*2.5*1
    CAS*PR*2*20
    REF*6R*L123
    AMT*B6*122
    LQ*HE*N130
    LQ*HE*M15
    CLP*C2V1S1*22*-150*-5*0*12*ICN113
    SVC*HC:99214*-150*-5**-1*HC:99215
    DTM*150*20260105
    DTM*151*20260106
    CAS*CO*45*-145
    PLB*1234567893*20261231*WO:ICN9*-3.25*72*1.5
"""
EXPECTED = Remittance(
    control_number="0001",
    payer_name="ACME HEALTH",
    payer_id="60101",
    trace_number="EFT0001",
    originator="1999999999",
    paid_cents=9675,
    method="ACH",
    paid_on=dt.date(2026, 1, 15),
    production_on=dt.date(2026, 1, 14),
    payee_name="CEDAR HOLLOW",
    payee_npi="1234567893",
    payee_tax_id="123456789",
    is_test=True,
    claims=(
        RemitClaim(
            ordinal=1,
            segment=13,
            pcn="C1V1S1",
            status=RemitStatus.PRIMARY_FORWARDED,
            charge_cents=15000,
            paid_cents=10000,
            patient_responsibility_cents=2000,
            payer_claim_number="ICN112",
            filing_code="12",
            facility_type="11",
            frequency="1",
            crossover_name="BOREAL MUTUAL",
            crossover_id="60102",
            patient=PersonName(last="DOE", first="JANE", middle="Q"),
            member_id="W0001",
            corrected_name=PersonName(last="DOE", first="JANET"),
            corrected_member_id="W0002",
            remarks=("MA01", "N89"),
            adjustments=(
                Adjustment(
                    ordinal=1, segment=14, group=AdjustmentGroup.CONTRACTUAL, carc="253", cents=200
                ),
            ),
            original_reference="ICN111",
            received_on=dt.date(2026, 1, 6),
            interest_cents=150,
            lines=(
                RemitLine(
                    ordinal=1,
                    segment=22,
                    code="99213",
                    modifiers=("25",),
                    charge_cents=15000,
                    paid_cents=10200,
                    units=Decimal(1),
                    line_control="L123",
                    service_on=dt.date(2026, 1, 5),
                    remarks=("N130", "M15"),
                    allowed_cents=12200,
                    adjustments=(
                        Adjustment(
                            ordinal=1,
                            segment=24,
                            group=AdjustmentGroup.CONTRACTUAL,
                            carc="45",
                            cents=2550,
                        ),
                        Adjustment(
                            ordinal=2,
                            segment=24,
                            group=AdjustmentGroup.CONTRACTUAL,
                            carc="97",
                            cents=250,
                            quantity=Decimal(1),
                        ),
                        Adjustment(
                            ordinal=3,
                            segment=25,
                            group=AdjustmentGroup.PATIENT,
                            carc="2",
                            cents=2000,
                        ),
                    ),
                ),
            ),
        ),
        RemitClaim(
            ordinal=2,
            segment=30,
            pcn="C2V1S1",
            status=RemitStatus.REVERSAL,
            charge_cents=-15000,
            paid_cents=-500,
            patient_responsibility_cents=0,
            payer_claim_number="ICN113",
            filing_code="12",
            lines=(
                RemitLine(
                    ordinal=1,
                    segment=31,
                    code="99214",
                    charge_cents=-15000,
                    paid_cents=-500,
                    units=Decimal(-1),
                    submitted_code="99215",
                    service_on=dt.date(2026, 1, 5),
                    service_to_on=dt.date(2026, 1, 6),
                    adjustments=(
                        Adjustment(
                            ordinal=1,
                            segment=34,
                            group=AdjustmentGroup.CONTRACTUAL,
                            carc="45",
                            cents=-14500,
                        ),
                    ),
                ),
            ),
        ),
    ),
    provider_adjustments=(
        ProviderAdjustment(
            ordinal=1,
            segment=35,
            provider_id="1234567893",
            period_ends_on=dt.date(2026, 12, 31),
            code="WO",
            reference="ICN9",
            cents=-325,
        ),
        ProviderAdjustment(
            ordinal=2,
            segment=35,
            provider_id="1234567893",
            period_ends_on=dt.date(2026, 12, 31),
            code="72",
            reference=None,
            cents=150,
        ),
    ),
)


@pytest.mark.parametrize("separators", ["*:^~", "|>^'", "*:^\n"])
def test_an_835_says_every_cent_and_where_it_stood(wrap: Wrap, separators: str) -> None:
    file = read(wrap(BODY, **SHAPE, separators=separators))

    assert file.findings == ()
    assert file.items == (EXPECTED,)
    assert imbalances(EXPECTED) == ()


def test_a_truncated_835_posts_nothing(wrap: Wrap) -> None:
    data = wrap(BODY, **SHAPE, end="")
    whole = data.rindex(b"~")

    for length in range(whole):
        file = read(data[:length])

        assert file.items == (), f"cut after {length} bytes"
        assert file.findings, f"cut after {length} bytes"


def test_an_835_that_lost_any_one_segment_posts_nothing(wrap: Wrap) -> None:
    segments = wrap(BODY, **SHAPE, end="").split(b"~")

    for place in range(len(segments) - 1):
        file = read(b"~".join(segments[:place] + segments[place + 1 :]))

        assert file.items == (), f"without {segments[place]!r}"


def test_an_835_sent_again_in_a_new_envelope_has_the_same_key(wrap: Wrap) -> None:
    again = wrap(BODY, **SHAPE).replace(b"000000009", b"000000010")

    items = read(again).items

    assert isinstance(items[0], Remittance)
    assert key(items[0]) == key(EXPECTED)
    assert key(EXPECTED) == ("1999999999", "EFT0001", dt.date(2026, 1, 15), 9675)


def test_six_adjustments_fit_in_one_plb_and_in_one_cas(wrap: Wrap) -> None:
    six = "*".join(f"WO:REF{place}*{place}" for place in range(1, 7))
    reasons = "*".join(f"{place}*1*" for place in range(1, 7)).rstrip("*")
    body = BODY.replace("WO:ICN9*-3.25*72*1.5", six).replace("CAS*CO*253*2", f"CAS*OA*{reasons}")

    (remittance,) = read(wrap(body, **SHAPE)).items

    assert isinstance(remittance, Remittance)
    assert [plb.cents for plb in remittance.plbs] == [100, 200, 300, 400, 500, 600]
    assert [plb.ordinal for plb in remittance.plbs] == [1, 2, 3, 4, 5, 6]
    assert [one.carc for one in remittance.claims[0].adjustments] == list("123456")


DAMAGES = [
    ("BPR*I*96.75*", "BPR*I*96.755*", "BPR02"),
    ("BPR*I*96.75*", "BPR*I**", "BPR02"),
    ("*20260115\n", "*20260231\n", "BPR16"),
    ("*20260115\n", "*\n", "BPR16 is empty"),
    ("TRN*1*EFT0001*", "TRN*1**", "TRN02"),
    ("N1*PR*ACME HEALTH*XV*60101", "N1*XX*ACME HEALTH*XV*60101", "payer"),
    ("N1*PE*", "N1*XX*", "payee"),
    ("CLP*C1V1S1*19*", "CLP*C1V1S1*1.9*", "CLP02"),
    ("CLP*C1V1S1*19*", "CLP*C1V1S1**", "CLP02"),
    ("CLP*C1V1S1*19*150*", "CLP**19*150*", "CLP01"),
    ("CAS*CO*253*2\n", "CAS*COX*253*2\n", "CAS01"),
    ("CAS*CO*253*2\n", "CAS**253*2\n", "CAS01"),
    ("CAS*CO*253*2\n", "CAS*CO*253\n", "CAS03"),
    ("CAS*CO*253*2\n", "CAS*CO**2\n", "CAS02"),
    ("SVC*HC:99213:25*150*102**1", "SVC*HC:99213:25*150*1O2**1", "SVC03"),
    ("SVC*HC:99213:25*150*102**1", "SVC*HC:99213:25*150*102**x", "SVC05"),
    ("*WO:ICN9*-3.25*", "*WO:ICN9**", "PLB04"),
    ("CAS*PR*2*20\n", "CXS*PR*2*20\n", "does not belong"),
]


@pytest.mark.parametrize(("right", "wrong", "told"), DAMAGES)
def test_a_value_that_cannot_be_read_is_told_and_posts_nothing(
    wrap: Wrap, right: str, wrong: str, told: str
) -> None:
    body = "\n".join(line.strip() for line in BODY.strip().splitlines()) + "\n"
    assert right in body

    file = read(wrap(body.replace(right, wrong), **SHAPE))

    assert file.items == ()
    assert told in " ".join(found.words for found in file.findings)
    assert file.findings[0].set_control == "0001"


@pytest.mark.parametrize(
    ("right", "odd", "element"),
    [("DTM*405*{}", "DTM*405*2601x2", "DTM02"), ("PLB*{}*{}", "PLB*{}*261231", "PLB02")],
)
def test_a_day_by_which_nothing_is_posted_may_be_odd(
    wrap: Wrap, right: str, odd: str, element: str
) -> None:
    body = "\n".join(line.strip() for line in BODY.strip().splitlines()) + "\n"
    pattern = re.escape(right).replace(r"\{\}", r"([0-9A-Z]+)")
    assert len(re.findall(pattern, body)) == 1
    wrong = re.sub(pattern, lambda found: odd.replace("{}", found[1]), body)

    file, sound = read(wrap(wrong, **SHAPE)), read(wrap(body, **SHAPE))

    (found,) = file.findings
    assert (found.element, found.is_doubt) == (element, True)
    (item,), (expected,) = file.items, sound.items
    assert isinstance(item, Remittance)
    assert isinstance(expected, Remittance)
    assert (key(item), item.claims) == (key(expected), expected.claims)
    assert [plb.cents for plb in item.plbs] == [plb.cents for plb in expected.plbs]


UNKNOWN = [
    ("CLP*C1V1S1*19*", "CLP*C1V1S1*99*", "CLP02 says '99' (segment 13)"),
    ("CAS*CO*253*2\n", "CAS*XX*253*2\n", "CAS01 says 'XX' (segment 14)"),
    ("CAS*PR*2*20\n", "CAS*X*2*20\n", "CAS01 says 'X' (segment 25)"),
]


@pytest.mark.parametrize(("right", "odd", "told"), UNKNOWN)
def test_a_code_that_nobody_knows_is_kept_as_sent_and_told(
    wrap: Wrap, right: str, odd: str, told: str
) -> None:
    body = "\n".join(line.strip() for line in BODY.strip().splitlines()) + "\n"
    file = read(wrap(body.replace(right, odd), **SHAPE))

    (item,) = file.items
    assert isinstance(item, Remittance)
    claim, other = item.claims
    assert file.findings == ()
    assert imbalances(item) == imbalances(EXPECTED)
    assert list(unknown_codes(claim)) == [f"{told}, a code that nobody here knows."]
    assert list(unknown_codes(other)) == []
    kept = [claim.status, *(one.group for one in all_adjustments(claim))]
    assert odd.split("*")[2 if odd.startswith("CLP") else 1] in kept
    assert not claim.is_forwarded or "CLP" not in odd
