"""Transports, equipment, certificates and the patient's body: what is typed on the page stands in
the file that the payer gets, and a foreign validator takes it."""

import io
import logging
from collections.abc import Mapping

import pytest
from werkzeug.datastructures import MultiDict

from casework import encounter_facts, fact_entry
from casework.refusals import Refused
from db.models import Encounter
from domain.claim_facts import NO_FACTS, NO_LINE_FACTS, ClaimFacts, LineFacts
from domain.claims import ProfessionalClaim
from domain.tasks import Role
from edi.read import read
from tests.casework.office import sent, visit
from tests.scenarios.engine import DAY_ZERO
from tests.scenarios.play import Play
from web import fact_fields
from web.forms import Reader

DAY = str(DAY_ZERO.date())
TRANSPORT = {
    "ambulance_reason": "A", "ambulance_miles": "12.5", "ambulance_weight": "180",
    "ambulance_round_trip": "Dialysis and back", "ambulance_stretcher": "Cannot sit",
    "ambulance_from_street": "12 Elm Street", "ambulance_from_city": "Fairmont",
    "ambulance_from_state": "tx", "ambulance_from_zip": "75001",
    "ambulance_to_name": "Lake Hospital", "ambulance_to_street": "1 Lake Road",
    "ambulance_to_city": "Fairmont", "ambulance_to_state": "TX", "ambulance_to_zip": "75001-1111",
    "ambulance_is_04": "yes", "ambulance_is_09": "yes",
}  # fmt: skip
RENTED = {
    "equipment_days": "30", "equipment_rental": "45.00", "equipment_purchase": "900",
    "equipment_frequency": "4",
}  # fmt: skip
CERTIFIED = {
    "certification": "R", "months_needed": "12", "therapy_began_on": DAY, "recertified_on": DAY,
    "last_certified_on": DAY, "equipment_is_38": "yes",
}  # fmt: skip
CONTRACT = {
    "contract_kind": "02", "contract_amount": "1,200.00", "contract_percent": "12.5",
    "contract_code": "C7", "contract_discount": "2", "contract_version": "V1",
}  # fmt: skip
TERMS_OF_LINE = {f"line_{name}": value for name, value in CONTRACT.items()}
MAMMOGRAPHY = {"line_mammography_number": "ab12"}
MEASURED = {"measured_R1": "11.2", "measured_R3": "4000"}
FORM = {
    "form_list": "UT", "form_number": "484.03",
    "form_answers": f"1a 56\n1B 87.5%\n1C {DAY}\n\n4 yes",
}  # fmt: skip
BOUGHT = {"bought_npi": "1992000012", "bought_for": "35.00"}
ORDERED = {
    "ordering_npi": "1992000012", "ordering_last": "Okafor", "ordering_first": "Ruth",
    "ordered_from_street": "12 Elm Street", "ordered_from_city": "Fairmont",
    "ordered_from_state": "tx", "ordered_from_zip": "75001-1234",
}  # fmt: skip


def said(typed: Mapping[str, str], *payer_nos: str) -> ClaimFacts:
    reader = Reader(MultiDict(typed))
    facts = fact_fields.read(reader, NO_FACTS, list(payer_nos or ("ALPHA",)), {})
    reader.done()
    return facts


def said_of_line(made: Encounter, typed: Mapping[str, str]) -> LineFacts:
    (line,) = made.charge_lines
    reader = Reader(MultiDict({f"{name}-{line.id}": value for name, value in typed.items()}))
    facts = fact_fields.read_line(reader, line, NO_LINE_FACTS, ["ALPHA"], {})
    reader.done()
    return facts


def file_of(office: Play, typed: Mapping[str, str], of_line: Mapping[str, str]) -> bytes:
    """The file in which the claim goes out after somebody typed this on its page."""
    made = visit(office, until_sent=False)
    keep(office, said(typed), {made.charge_lines[0].id: said_of_line(made, of_line)})
    office.react()
    office.pass_to(1)
    (content,) = sent(office)
    return content


def keep(office: Play, facts: ClaimFacts, lines: Mapping[int, LineFacts]) -> None:
    made = office.encounters["A1"]
    fact_entry.keep(
        office.session, made, facts, lines, version=0,
        by=office.people[Role.BILLER], now=office.engine.now,
    )  # fmt: skip


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("typed", "of_line", "segments"),
    [
        (
            TRANSPORT, {"carried": "2"},
            ("CR1*LB*180**A*DH*12.5***DIALYSIS AND BACK*CANNOT SIT~", "CRC*07*Y*04*09~",
             "NM1*PW*2~N3*12 ELM STREET~N4*FAIRMONT*TX*75001~",
             "NM1*45*2*LAKE HOSPITAL~N3*1 LAKE ROAD~N4*FAIRMONT*TX*750011111~", "QTY*PT*2~"),
        ),
        (
            {}, {**RENTED, **CERTIFIED},
            ("SV5*HC:99213*DA*30*45*900*4~", "CR3*R*MO*12~", "CRC*09*Y*38~",
             "DTP*463*D8*", "DTP*607*D8*", "DTP*461*D8*"),
        ),
        ({}, RENTED, ("SV5*HC:99213*DA*30*45*900*4~",)),
        (
            {"homebound": "yes", "screening_referral": "NU"}, {"hospice": "no"},
            ("CRC*75*Y*IH~", "CRC*ZZ*N*NU~", "CRC*70*N*65~"),
        ),
        ({"screening_referral": "ST"}, {"hospice": "yes"}, ("CRC*ZZ*Y*ST~", "CRC*70*Y*65~")),
        (
            {"state_weight": "154.5", "state_pregnant": "yes", "state_died_on": DAY}, {},
            (f"*D8*{DAY.replace('-', '')}*01*154.5*Y~",),
        ),
        (
            {"spinal_nature": "A", "spinal_words": "Low back pain", "spinal_more": "Two weeks"}, {},
            ("CR2********A**LOW BACK PAIN*TWO WEEKS~",),
        ),
        (
            {"anesthesia_for": "47562, 59510"}, {"minutes": "45"},
            ("HI*BP:47562*BO:59510~", "SV1*HC:99213*150*MJ*45*"),
        ),
        (
            CONTRACT | {"glasses_E1_L1": "yes", "glasses_E1_L3": "yes", "glasses_E3_L2": "yes"}, {},
            ("CN1*02*1200*12.5*C7*2*V1~", "CRC*E1*Y*L1*L3~", "CRC*E3*Y*L2~"),
        ),
        (
            {"care_plan_number": "1992000012", "mammography_number": "123456"}, {},
            ("REF*EW*123456~", "REF*1J*1992000012~"),
        ),
        (
            {}, {**MEASURED, **FORM},
            ("MEA*TR*R1*11.2~", "MEA*OG*R3*4000~", "LQ*UT*484.03~", "FRM*1A**56~",
             "FRM*1B****87.5~", f"FRM*1C***{DAY.replace('-', '')}~", "FRM*4*Y~"),
        ),
        (
            {}, {**BOUGHT, **ORDERED, "obstetric_units": "3"},
            ("QTY*FL*3~", "PS1*1992000012*35~", "NM1*QB*2******XX*1992000012~",
             "NM1*DK*1*OKAFOR*RUTH****XX*1992000012~N3*12 ELM STREET~N4*FAIRMONT*TX*750011234~"),
        ),
        (
            CONTRACT, {**TERMS_OF_LINE, "line_contract_code": "L9", **MAMMOGRAPHY},
            ("CN1*02*1200*12.5*C7*2*V1~", "CN1*02*1200*12.5*L9*2*V1~REF*6R*", "~REF*EW*AB12~"),
        ),
    ],
    ids=[
        "ambulance", "certified", "rented", "at home", "screening", "body", "spine", "surgery",
        "contract and glasses", "numbers", "results and a form", "bought and ordered",
        "a line's terms",
    ],
)  # fmt: skip
def test_what_is_typed_stands_in_the_file_and_a_foreign_validator_accepts_it(
    office: Play, typed: dict[str, str], of_line: dict[str, str], segments: tuple[str, ...]
) -> None:
    content = file_of(office, typed, of_line).decode().replace("\n", "")

    assert [segment for segment in segments if segment not in content] == []
    assert _is_accepted(content)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({**TRANSPORT, "ambulance_reason": ""}, "ambulance_reason"),
        ({**TRANSPORT, "ambulance_weight": "0"}, "ambulance_weight"),
        ({**TRANSPORT, "ambulance_stretcher": "x" * 81}, "ambulance_stretcher"),
        ({**TRANSPORT, "ambulance_from_street": ""}, "ambulance_from_street"),
        ({**TRANSPORT, "ambulance_to_zip": "7500"}, "ambulance_to_zip"),
        ({**TRANSPORT, "ambulance_to_state": "Texas"}, "ambulance_to_state"),
        ({"ambulance_reason": "A", "ambulance_miles": "3"}, "ambulance_from_street"),
        ({"ambulance_is_04": "yes"}, "ambulance_reason"),
        (
            {**TRANSPORT, **{f"ambulance_is_{n}": "yes" for n in ("01", "05", "06", "07")}},
            "ambulance_reason",
        ),
        ({"state_weight": "0"}, "state_weight"),
        ({"spinal_words": "Low back pain"}, "spinal_nature"),
        ({"anesthesia_for": "47562 59510 59514"}, "anesthesia_for"),
        ({"anesthesia_for": "gallbladder"}, "anesthesia_for"),
        ({"contract_amount": "12"}, "contract_kind"),
        ({**CONTRACT, "contract_percent": "101"}, "contract_percent"),
        ({**CONTRACT, "contract_version": "x" * 31}, "contract_version"),
        ({"care_plan_number": "*"}, "care_plan_number"),
        ({"mammography_number": "1" * 51}, "mammography_number"),
    ],
)
def test_what_a_payer_would_refuse_of_a_claim_is_refused_at_its_field(
    office: Play, typed: dict[str, str], field: str
) -> None:
    visit(office, until_sent=False)

    with pytest.raises(Refused) as refusal:
        keep(office, said(typed), {})

    assert list(refusal.value.problems) == [field]
    assert encounter_facts.of(office.session, office.encounters["A1"]) == NO_FACTS


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({**RENTED, "equipment_days": "0"}, "equipment_days"),
        ({**RENTED, "equipment_frequency": ""}, "equipment_frequency"),
        ({**RENTED, "equipment_rental": "-1"}, "equipment_rental"),
        ({**RENTED, "months_needed": "3"}, "certification"),
        ({**RENTED, **CERTIFIED, "months_needed": "100"}, "months_needed"),
        ({**RENTED, **CERTIFIED, "therapy_began_on": ""}, "therapy_began_on"),
        ({**RENTED, **CERTIFIED, "recertified_on": ""}, "recertified_on"),
        ({"measured_R2": "0"}, "measured_R2"),
        ({**FORM, "form_list": ""}, "form_list"),
        ({**FORM, "form_number": "*"}, "form_number"),
        ({**FORM, "form_answers": ""}, "form_answers"),
        ({**FORM, "form_answers": "4 yes\n4 no"}, "form_answers"),
        ({**FORM, "form_answers": "4"}, "form_answers"),
        ({**FORM, "form_answers": "4 2026-02-30"}, "form_answers"),
        ({**FORM, "form_answers": "4 " + "x" * 51}, "form_answers"),
        ({**BOUGHT, "bought_npi": "1992000005"}, "bought_npi"),
        ({**BOUGHT, "bought_for": ""}, "bought_for"),
        ({"obstetric_units": "100"}, "obstetric_units"),
        ({"line_contract_amount": "12"}, "line_contract_kind"),
        ({**TERMS_OF_LINE, "line_contract_discount": "101"}, "line_contract_discount"),
        ({"line_mammography_number": "*"}, "line_mammography_number"),
        ({**ORDERED, "ordered_from_zip": "7500"}, "ordered_from_zip"),
        (
            {**ORDERED, "ordering_npi": "", "ordering_last": "", "ordering_first": ""},
            "ordering_npi",
        ),
    ],
)
def test_what_a_payer_would_refuse_of_a_line_is_refused_at_its_field(
    office: Play, typed: dict[str, str], field: str
) -> None:
    made = visit(office, until_sent=False)
    (line,) = made.charge_lines

    with pytest.raises(Refused) as refusal:
        keep(office, NO_FACTS, {line.id: said_of_line(made, typed)})

    assert list(refusal.value.problems) == [f"{field}-{line.id}"]


def test_of_two_payers_only_the_one_with_the_contract_is_told_it(office: Play) -> None:
    made = visit(office, until_sent=False)
    with pytest.raises(Refused) as refusal:
        keep(office, said(CONTRACT, "ALPHA", "BETA"), {})
    keep(office, said({**CONTRACT, "contract_with": "BETA"}, "ALPHA", "BETA"), {})

    office.react()
    office.pass_to(1)

    facts = encounter_facts.of(office.session, made)
    assert list(refusal.value.problems) == ["contract_with"]
    assert facts.contract_with("BETA") is not None
    (content,) = sent(office)
    assert b"CN1*" not in content


def test_a_coder_tells_a_line_s_certificate_and_leaves_its_terms_as_they_were(
    office: Play,
) -> None:
    made = visit(office, until_sent=False)
    (line,) = made.charge_lines
    terms = said_of_line(made, TERMS_OF_LINE)
    keep(office, NO_FACTS, {line.id: terms})

    fact_entry.keep(
        office.session, made, NO_FACTS, {line.id: said_of_line(made, MAMMOGRAPHY)}, version=1,
        by=office.people[Role.CODER], now=office.engine.now,
    )  # fmt: skip

    kept = encounter_facts.of_lines(office.session, [line.id])[line.id]
    assert kept.contract_with("ALPHA") == terms.contract_with("ALPHA")
    assert kept.contract_with("BETA") is None
    assert [each.number for each in kept.references] == ["AB12"]


def test_our_own_reader_reads_from_the_file_what_was_typed(office: Play) -> None:
    typed = {**CONTRACT, "care_plan_number": "77", "glasses_E2_L5": "yes"}
    ordered = {**ORDERED, "ordered_from_street": "12 ELM STREET", "ordered_from_city": "FAIRMONT"}
    of_line = {
        **MEASURED, **FORM, **BOUGHT, **ordered, "obstetric_units": "3",
        **TERMS_OF_LINE, **MAMMOGRAPHY,
    }  # fmt: skip

    (claim,) = read(file_of(office, typed, of_line)).items

    assert isinstance(claim, ProfessionalClaim)
    facts = said(typed)
    assert (claim.contract, claim.references) == (
        facts.contract_with("ALPHA"),
        facts.references,
    )
    assert claim.conditions == facts.conditions
    (line,) = claim.lines
    told = said_of_line(office.encounters["A1"], of_line)
    assert (line.measured, line.forms, line.purchased) == (
        told.measured, told.forms, told.purchased,
    )  # fmt: skip
    assert (line.obstetric_units, line.providers.ordered_from) == (3, told.ordered_from)
    assert (line.contract, line.references) == (told.contract_with("ALPHA"), told.references)
    assert line.contract is not None
    assert line.references


def test_what_is_held_fills_the_page_and_is_read_from_it_again_as_it_was(office: Play) -> None:
    made = visit(office, until_sent=False)
    (line,) = made.charge_lines
    facts = said({**CONTRACT, "care_plan_number": "77", "glasses_E2_L5": "yes"})
    more = {**TERMS_OF_LINE, **MAMMOGRAPHY, "obstetric_units": "3"}
    of_line = said_of_line(made, {**MEASURED, **FORM, **BOUGHT, **ORDERED, **more})

    filled = fact_fields.filled_line(line.id, of_line)

    assert said(fact_fields.filled(facts)) == facts
    own = {name.removesuffix(f"-{line.id}"): value for name, value in filled.items()}
    assert said_of_line(made, own) == of_line


@pytest.mark.parametrize("field", ["ambulance_miles", "state_weight"])
@pytest.mark.parametrize("typed", ["NaN", "1e9", "-3", "٣", "many"])
def test_what_is_no_plain_number_is_refused_where_it_was_typed(field: str, typed: str) -> None:
    with pytest.raises(Refused) as refusal:
        said({"ambulance_reason": "A", "ambulance_miles": "1", field: typed})

    assert list(refusal.value.problems) == [field]


def test_each_of_these_facts_is_found_by_its_field_so_that_a_finding_can_lead_to_it() -> None:
    facts = {name: fact_entry.fact_of(name) for name in (*TRANSPORT, "homebound", "state_weight")}

    assert facts["ambulance_reason"] == "ambulance"
    assert facts["ambulance_from_zip"] == facts["ambulance_to_name"] == "ambulance_places"
    assert (facts["homebound"], facts["state_weight"]) == ("conditions", "patient_state")
    more = ("contract_kind", "care_plan_number", "mammography_number", "glasses_E1_L1")
    owners = ["terms", "references", "references", "conditions"]
    assert [fact_entry.fact_of(name) for name in more] == owners


def _is_accepted(content: str) -> bool:
    """pyx12, judged by what it returns."""
    import pyx12.params
    import pyx12.x12n_document

    logging.disable(logging.CRITICAL)
    try:
        return bool(
            pyx12.x12n_document.x12n_document(
                pyx12.params.params(), io.StringIO(content), io.StringIO(), None
            )
        )
    finally:
        logging.disable(logging.NOTSET)
