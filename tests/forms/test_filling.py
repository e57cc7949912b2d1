"""What a claim tells stands on its paper form, item by item; the expected texts are by hand."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from domain.claim_details import ClaimDate, DateKind, ReferenceKind, ReferenceNumber
from domain.claims import Frequency, ProfessionalClaim, Responsibility
from domain.institutional import InstitutionalClaim, StayDiagnosis, StayProcedure, ValueCode
from forms import cms1500_fields, cms1500_filling, ub04_fields, ub04_filling
from forms.cms1500_claim import PageTotals
from forms.form_grid import Key
from forms.form_text import FormTextError
from tests.forms import full_claims

SIGNED_ON = dt.date(2026, 9, 1)


def professional(claim: ProfessionalClaim, page: int = 0) -> dict[str, str]:
    form = cms1500_filling.form_of(
        claim, payer=full_claims.PAYER, page_totals=PageTotals.LAST_PAGE, signed_on=SIGNED_ON
    )
    return _named(cms1500_fields.page_fields(form, page))


def institutional(claim: InstitutionalClaim, page: int = 0) -> dict[str, str]:
    form = ub04_filling.form_of(claim, payer=full_claims.PAYER, created_on=SIGNED_ON)
    return _named(ub04_fields.page_fields(form, page))


def _named(fields: dict[Key, str]) -> dict[str, str]:
    return {f"{k.item}{f'/{k.row}' if k.row else ''} {k.part}": text for k, text in fields.items()}


CMS_EXPECTED = {
    "1 Group Health Plan": "X",
    "1a ID": "GL77120044",
    "2 name": "ONEILL-TARROW, ZOE, M",
    "3 F": "X",
    "4 name": "TARROW JR, BRAM, Q",
    "5 street": "118 SAMPLE LANE APT 4",
    "5 zip": "00210-1234",
    "6 Spouse": "X",
    "9 name": "TARROW, ZOE, M",
    "9a number": "G77001",
    "9d plan": "HARBOR MUTUAL",
    "10a YES": "X",
    "10b YES": "X",
    "10b state": "ST",
    "10c NO": "X",
    "10d codes": "A1 B2",
    "11 number": "GRP-88",
    "11b ID qualifier": "Y4",
    "11b ID": "AUTO-55-19",
    "11d YES": "X",
    "14 MM": "08",
    "14 qualifier": "431",
    "15 qualifier": "439",
    "15 DD": "31",
    "16 from MM": "08",
    "16 to MM": "09",
    "17 qualifier": "DN",
    "17 name": "RUTH KESSLER SR",
    "17b NPI": "1003000126",
    "18 from DD": "02",
    "18 to DD": "04",
    "20 YES": "X",
    "20 dollars": "12",
    "20 cents": "50",
    "21 indicator": "0",
    "21 L": "S83012A",
    "22 code": "7",
    "22 number": "GL26-0099341",
    "23 number": "PA-771",
    "24/1 supplemental": "N459148001665 ML1.5   ZZSECOND DOSE",
    "24A/1 to DD": "22",
    "24C/1 flag": "Y",
    "24D/1 modifier 4": "QW",
    "24E/1 letters": "ABCL",
    "24F/1 dollars": "10000",
    "24F/1 cents": "01",
    "24G/1 units": "1.5",
    "24G/2 units": "2",
    "24H/1 reason": "AV",
    "24H/1 flag": "Y",
    "24I/1 ID qualifier": "ZZ",
    "24J/1 ID": "207Q00000X",
    "24J/1 NPI": "1234567893",
    "24J/3 ID": "208600000X",
    "24J/3 NPI": "1245319599",
    "26 number": "C20417V2S1",
    "28 dollars": "60000",
    "28 cents": "21",
    "29 dollars": "105",
    "31 signature": "INA VOSS",
    "32 name": "CEDAR HOLLOW SURGERY",
    "32a NPI": "1003000126",
    "33 city": "FAIRMONT ST 00210-4321",
    "33b ID": "ZZ282N00000X",
}

UB_EXPECTED = {
    "1 name": "CEDAR HOLLOW HOSPITAL",
    "1 city": "FAIRMONT ST 00210-4321",
    "2 street": "PO BOX 900",
    "3a number": "C30417V2S1",
    "3b number": "MRN00077",
    "4 code": "0117",
    "5 number": "12-3456789",
    "6 from": "080226",
    "6 to": "080626",
    "8b name": "ONEILL-TARROW, ZOE M",
    "9d zip": "002101234",
    "10 date": "03091972",
    "12 date": "080226",
    "13 hour": "09",
    "14 code": "1",
    "15 code": "4",
    "16 hour": "14",
    "17 code": "01",
    "28 code": "11",
    "29 state": "ST",
    "31a code": "01",
    "34a date": "070426",
    "31b code": "05",
    "36b to": "060526",
    "38 line 1": "GRANITE LIFE",
    "38 line 3": "FAIRMONT ST 00210",
    "39a code": "80",
    "39a dollars": "4",
    "40a cents": "01",
    "41d code": "B2",
    "42/1 code": "0120",
    "43/1 words": "ROOM AND BOARD",
    "44/1 code": "1200.00",
    "43/2 words": "N459148001665ML1.5",
    "44/2 code": "J0135RT59",
    "46/2 units": "2",
    "48/2 dollars": "10",
    "42/23 code": "0001",
    "47/23 dollars": "25802",
    "47/23 cents": "52",
    "50A name": "HARBOR MUTUAL",
    "50B name": "GRANITE LIFE",
    "50C name": "SLATE PLAN",
    "51B ID": "60054",
    "54A dollars": "8000",
    "54A cents": "50",
    "56 NPI": "1234567893",
    "58B name": "TARROW JR, BRAM Q",
    "59B code": "01",
    "60B ID": "GL77120044",
    "62A number": "G77001",
    "63A number": "AUTH77001",
    "63B number": "PA-771",
    "64B number": "GL26-0099341",
    "66 version": "0",
    "67 code": "S72001A",
    "67 POA": "Y",
    "67Q code": "E1116",
    "69 code": "M2555",
    "70c code": "R600",
    "71 code": "0480",
    "72c POA": "Y",
    "74 code": "0QS604Z",
    "74e date": "080626",
    "76 last": "VOSS",
    "77 NPI": "1245319599",
    "78 role": "ZZ",
    "78 last": "KESSLER SR",
    "79 role": "DN",
    "80 line 1": "TRANSFERRED ON A",
    "80 line 2": "SUNDAY OLD FRACTURE OF",
    "81a qualifier": "B3",
    "81a code": "282N00000X",
    "81b qualifier": "A1",
    "81b code": "12",
    "81c qualifier": "A2",
    "81c value": "070926",
    "81d qualifier": "A4",
    "81d value": "1.03",
}


@pytest.mark.parametrize(("item", "text"), CMS_EXPECTED.items())
def test_a_professional_claim_fills_its_item(item: str, text: str) -> None:
    assert professional(full_claims.professional()).get(item) == text


@pytest.mark.parametrize(("locator", "text"), UB_EXPECTED.items())
def test_an_institutional_claim_fills_its_locator(locator: str, text: str) -> None:
    assert institutional(full_claims.institutional()).get(locator) == text


def test_a_last_period_is_told_before_the_onset() -> None:
    period = ClaimDate(kind=DateKind.LAST_MENSTRUAL_PERIOD, on=dt.date(2026, 2, 3))

    fields = professional(replace(full_claims.professional(), dates=(period,), accident=None))

    assert (fields["14 MM"], fields["14 qualifier"]) == ("02", "484")
    assert "15 MM" not in fields


def test_a_laboratorys_certificate_stands_in_item_23_where_nothing_was_approved() -> None:
    clia = ReferenceNumber(kind=ReferenceKind.CLIA, number="05D1234567")
    claim = replace(full_claims.professional(), prior_auth=None, referral=None, references=(clia,))

    assert professional(claim)["23 number"] == "05D1234567"


@pytest.mark.parametrize(
    "kind", [ReferenceKind.MAMMOGRAPHY_CERTIFICATION, ReferenceKind.CARE_PLAN_OVERSIGHT]
)
def test_a_programs_number_stands_in_item_23_behind_a_laboratorys(kind: ReferenceKind) -> None:
    given = ReferenceNumber(kind=kind, number="77001")
    clia = ReferenceNumber(kind=ReferenceKind.CLIA, number="05D1234567")
    claim = replace(full_claims.professional(), prior_auth=None, referral=None, references=(given,))
    line = replace(claim.lines[0], references=(clia,))

    assert professional(claim)["23 number"] == "77001"
    assert professional(replace(claim, lines=(line,)))["23 number"] == "05D1234567"


def test_a_claim_to_the_first_payer_stands_in_row_a() -> None:
    claim = replace(
        full_claims.institutional(), responsibility=Responsibility.PRIMARY, other_payers=()
    )

    fields = institutional(claim)

    assert fields["50A name"] == "GRANITE LIFE"
    assert "50B name" not in fields
    assert "54A dollars" not in fields


def test_codes_that_the_paper_has_no_place_for_are_counted_in_the_remarks() -> None:
    claim = full_claims.institutional()
    more = replace(
        claim,
        note=None,
        notes=(),
        other_diagnoses=(*claim.other_diagnoses, StayDiagnosis(code="I10")),
        other_procedures=(
            *claim.other_procedures,
            StayProcedure(code="0QS60ZZ", on=dt.date(2026, 8, 3)),
        ),
    )

    fields = institutional(more)

    told = " ".join(fields[f"80 line {n}"] for n in (1, 2, 3))
    assert told == "1 MORE DIAGNOSES ON FILE 1 MORE PROCEDURES ON FILE"


def test_causes_beyond_the_locator_are_counted_and_a_plans_treatments_named() -> None:
    causes = tuple(StayDiagnosis(code=f"Y9200{n}") for n in range(5))
    claim = replace(
        full_claims.institutional(), external_causes=causes, treatment_codes=("A01", "B02"),
        notes=(), note=None,
    )  # fmt: skip

    fields = institutional(claim)

    assert [fields[f"72{letter} code"] for letter in "abc"] == ["Y92000", "Y92001", "Y92002"]
    remarks = " ".join(fields.get(f"80 line {n}", "") for n in range(1, 5))
    assert "2 MORE EXTERNAL CAUSES ON FILE" in remarks
    assert "TREATMENTS A01 B02" in remarks


def test_more_values_than_the_last_locator_takes_are_refused_not_left_out() -> None:
    claim = full_claims.institutional()
    values = (*claim.values, ValueCode(code="C1", hundredths=1))

    with pytest.raises(ValueError, match="locator 81 holds 4, 5 are given"):
        institutional(replace(claim, values=values))


def test_an_original_bill_names_no_earlier_one() -> None:
    claim = replace(
        full_claims.institutional(), frequency=Frequency.ORIGINAL, payer_claim_number=None
    )

    fields = institutional(claim)

    assert fields["4 code"] == "0111"
    assert "64B number" not in fields


def test_an_amount_of_a_bill_that_does_not_fit_is_refused_not_cut() -> None:
    claim = full_claims.institutional()
    dear = replace(claim.lines[0], charge_cents=10_000_000_00, units=Decimal(3))

    with pytest.raises(FormTextError, match="locator 47, line 1: dollars holds 7"):
        institutional(replace(claim, lines=(dear,)))


def test_a_long_citys_end_is_cut_and_its_zip_is_not() -> None:
    claim = full_claims.institutional()
    address = replace(claim.billing.address, city="Saint Bartholomew-under-Hill")

    fields = institutional(replace(claim, billing=replace(claim.billing, address=address)))

    assert fields["1 city"] == "SAINT BARTH ST 00210-4321"


def test_a_patients_suffix_follows_the_last_name_and_the_initial_stands_alone() -> None:
    claim = replace(full_claims.professional(), patient=None)
    stay = replace(full_claims.institutional(), patient=None)

    assert professional(claim)["2 name"] == "TARROW JR, BRAM, Q"
    assert institutional(stay)["8b name"] == "TARROW JR, BRAM Q"


def test_a_first_payers_form_names_who_pays_next() -> None:
    claim = full_claims.professional()
    (did,) = claim.other_payers
    later = replace(did, responsibility=Responsibility.SECONDARY, paid_cents=None, lines=())
    third = replace(later, responsibility=Responsibility.TERTIARY, payer=claim.payer)
    first = replace(claim, responsibility=Responsibility.PRIMARY, other_payers=(later, third))

    told = professional(first)

    assert (told["11d YES"], told["9d plan"]) == ("X", "HARBOR MUTUAL")
