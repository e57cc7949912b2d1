"""A hospital that bills for a stay: what a person must tell of it is asked for, and its group goes
on the claim."""

import pytest
from sqlalchemy import select

from casework import facility_record
from casework.refusals import Forbidden, Refused
from casework.stay_said import AdmissionSaid, StaySaid
from db.models import BillingEntity, Encounter, FeeSchedule, FeeScheduleItem, Location
from domain.claim_form import ClaimForm
from domain.encounter import ClaimStage
from domain.tasks import Role, TaskKind
from tests.casework.hospital import another_provider, in_hospital
from tests.casework.office import sent, today
from tests.scenarios.play import Play
from tests.scenarios.premises import FACILITY_NPI

DAY = 120_000
NOTHING = StaySaid(
    type_of_bill=None, from_on=None, to_on=None, admitting_diagnosis=None, visit_reasons=(),
    on_admission=(), charges=(), procedures=(), occurrences=(), spans=(), value_codes=(),
    condition_codes=(), external_causes=(), treatment_codes=(), attending_id=None,
    operating_id=None, other_operating_id=None,
)  # fmt: skip
STAY = StaySaid(
    type_of_bill=None, from_on=None, to_on=None, admitting_diagnosis="I50.20", visit_reasons=(),
    on_admission=("I50.20 Y", "N17.9 N"), charges=("0120 2 2026-01-05",),
    procedures=("02HV33Z 2026-01-05",), occurrences=("11 2026-01-03",),
    spans=("74 2026-01-05 2026-01-06",), value_codes=("80 2",), condition_codes=("44",),
    external_causes=(), treatment_codes=(), attending_id=None, operating_id=None,
    other_operating_id=None,
)  # fmt: skip
ADMITTED = AdmissionSaid(
    admitted_on=None, admitted_hour=7, discharged_hour=15, priority="1", source="1",
    patient_status="01",
)  # fmt: skip


@pytest.fixture
def hospital(office: Play) -> Play:
    """The hospital bills for its stays, and a day in it has a price."""
    session = office.session
    row = session.scalars(select(Location).where(Location.place_of_service == "21")).one()
    facility = select(BillingEntity.id).where(BillingEntity.npi == FACILITY_NPI)
    row.facility_id, row.type_of_bill = session.scalars(facility).one(), "11"
    schedule = select(FeeSchedule).where(FeeSchedule.form == ClaimForm.INSTITUTIONAL)
    session.add(
        FeeScheduleItem(
            fee_schedule_id=session.scalars(schedule).one().id, code="0120", words="a day",
            price_cents=DAY, revenue_code="0120",
        )
    )  # fmt: skip
    session.flush()
    return office


def admitted(office: Play) -> Encounter:
    return in_hospital(office, "A1", is_discharge=True, diagnoses=["I50.20", "N17.9"])


def tell(
    office: Play,
    made: Encounter,
    stay: StaySaid | None = STAY,
    *,
    by: Role = Role.CODER,
    admission: AdmissionSaid = ADMITTED,
) -> None:
    facility_record.keep(
        office.session, made, admission, stay, by=office.people[by], now=office.engine.now
    )
    office.react()


def test_what_a_stays_claim_lacks_is_asked_for_and_nothing_is_sent(hospital: Play) -> None:
    admitted(hospital)
    hospital.pass_to(2)

    (task,) = hospital.open_tasks(TaskKind.EDIT_FIX)
    facility = hospital.claim("A1.I")
    assert task.claim_id == facility.id
    assert facility.stage is ClaimStage.EDITS
    assert "facility_facts" in task.details["rules"]
    assert sent(hospital, "837i") == []
    assert len(sent(hospital)) == 1


def test_once_told_the_claim_goes_out_with_its_group(hospital: Play) -> None:
    made = admitted(hospital)
    tell(hospital, made, by=Role.BILLER)
    operating = hospital.open_tasks(TaskKind.EDIT_FIX)
    assert [task.claim_id for task in operating] == [hospital.claim("A1.I").id]

    surgeon = StaySaid(**{**vars(STAY), "operating_id": made.provider_id})
    tell(hospital, made, surgeon)
    hospital.answer(TaskKind.EDIT_FIX)
    hospital.pass_to(today(hospital) + 2)

    (facility,) = sent(hospital, "837i")
    for said in (
        b"*11:A:1**A*", b"DTP*435*DT*202601050700~", b"DTP*096*TM*1500~", b"CL1*1*1*01~",
        b"HI*ABK:I5020:::::::Y~", b"HI*ABJ:I5020~", b"HI*ABF:N179:::::::N~",
        b"HI*BBR:02HV33Z:D8:20260105~", b"HI*BI:74:RD8:20260105-20260106~",
        b"HI*BH:11:D8:20260103~", b"HI*BE:80:::2~", b"HI*BG:44~", b"NM1*72*1*OKAFOR*RUTH",
        b"SV2*0120**2400*DA*2~",
    ):  # fmt: skip
        assert said in facility, said
    assert b"HI*DR:" in facility


def test_what_brought_it_about_who_operated_too_and_what_a_plan_does_are_told(
    hospital: Play,
) -> None:
    made = in_hospital(
        hospital, "A1", is_discharge=True, diagnoses=["S72.001A", "W18.30XA", "N17.9"]
    )
    more = {
        "on_admission": ("S72.001A Y", "N17.9 N", "W18.30XA Y"), "admitting_diagnosis": "S72.001A",
        "external_causes": ("W18.30XA N", "Y92.009 W"), "treatment_codes": ("A01", "B02"),
        "operating_id": made.provider_id, "other_operating_id": another_provider(hospital),
    }  # fmt: skip
    tell(hospital, made, StaySaid(**{**vars(STAY), **more}))
    hospital.answer(TaskKind.EDIT_FIX)
    hospital.pass_to(today(hospital) + 2)

    (facility,) = sent(hospital, "837i")
    for said in (
        b"HI*ABK:S72001A:::::::Y~", b"HI*ABN:W1830XA:::::::Y*ABN:Y92009:::::::W~",
        b"HI*ABF:N179:::::::N~", b"HI*TC:A01*TC:B02~",
        b"NM1*72*1*OKAFOR*RUTH****XX*1992000012~\nNM1*ZZ*1*SATO*KEN****XX*1999999984~",
    ):  # fmt: skip
        assert said in facility, said


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"external_causes": ("I50.20 Y",)}, "external_causes"),
        ({"external_causes": ("W18.30XA X",)}, "external_causes"),
        ({"external_causes": ("W18.3",)}, "external_causes"),
        ({"treatment_codes": ("44",)}, "treatment_codes"),
        ({"other_operating_id": 1}, "other_operating"),
        ({"other_operating_id": 1, "operating_id": 1}, "other_operating"),
    ],
)
def test_what_no_claim_can_say_of_a_stay_is_refused_at_its_field(
    hospital: Play, more: dict[str, object], field: str
) -> None:
    made = admitted(hospital)

    with pytest.raises(Refused) as refused:
        tell(hospital, made, StaySaid(**{**vars(STAY), **more}))

    assert list(refused.value.problems) == [field]


def test_a_claim_that_waits_for_its_batch_goes_out_as_it_is_told_now(hospital: Play) -> None:
    made = admitted(hospital)
    surgeon = {**vars(STAY), "operating_id": made.provider_id}
    tell(hospital, made, StaySaid(**surgeon))
    hospital.answer(TaskKind.EDIT_FIX)
    assert hospital.claim("A1.I").stage is ClaimStage.READY

    tell(hospital, made, StaySaid(**{**surgeon, "condition_codes": ("77",)}))
    hospital.pass_to(today(hospital) + 2)

    (facility,) = sent(hospital, "837i")
    assert b"HI*BG:77~" in facility
    assert b"HI*BG:44~" not in facility


def test_charges_of_the_stay_are_receivables_at_once(hospital: Play) -> None:
    made = admitted(hospital)
    before = hospital.balances()["revenue:charges"]

    tell(hospital, made)
    tell(hospital, made, StaySaid(**{**vars(STAY), "charges": ("0120 3 2026-01-05",)}))

    assert before - hospital.balances()["revenue:charges"] == 3 * DAY
    tell(hospital, made, NOTHING)
    assert hospital.balances()["revenue:charges"] == before


def test_a_revenue_code_without_a_price_is_asked_of_the_administrator(hospital: Play) -> None:
    made = admitted(hospital)

    tell(hospital, made, StaySaid(**{**vars(STAY), "charges": ("0250 1 2026-01-05",)}))
    hospital.answer(TaskKind.MISSING_MASTER_DATA, price="12.00", words="drugs of the ward")

    owed = [line.charge_cents for line in made.charge_lines if line.revenue_code == "0250"]
    assert owed == [1_200]


def test_charges_are_not_changed_when_the_claim_has_gone_out(hospital: Play) -> None:
    made = admitted(hospital)
    surgeon = StaySaid(**{**vars(STAY), "operating_id": made.provider_id})
    tell(hospital, made, surgeon)
    hospital.answer(TaskKind.EDIT_FIX)
    hospital.pass_to(today(hospital) + 2)

    with pytest.raises(Refused, match="gone out"):
        tell(hospital, made, NOTHING)


def test_the_front_desk_tells_the_admission_alone(hospital: Play) -> None:
    made = admitted(hospital)

    tell(hospital, made, None, by=Role.FRONT_DESK)

    with pytest.raises(Forbidden):
        tell(hospital, made, by=Role.FRONT_DESK)
