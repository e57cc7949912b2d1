"""Versions and submissions: what replaces what, and what never changes."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from casework import resends
from casework.refusals import Forbidden, Refused
from db.models import Subscriber
from domain.denials import DenialRoute
from domain.encounter import ClaimStage
from domain.tasks import Role, TaskKind
from tests.casework.office import CHARGE, answered, sent, visit
from tests.casework.payer_files import ack_277ca
from tests.scenarios.play import Play
from tests.scenarios.premises import DEPARTMENT

REFUSED = [("CO", "16", CHARGE)]


def test_a_corrected_claim_is_frequency_7_where_the_payer_takes_it(office: Play) -> None:
    visit(office)
    answered(office, "A1", REFUSED)

    office.answer(TaskKind.DENIAL, route=DenialRoute.CORRECT)

    version = office.versions(office.claim("A1"))[-1]
    assert version.frequency == "7"
    assert version.payer_claim_number == office.claim("A1").payer_claim_number


def test_a_payer_that_takes_no_replacement_gets_a_new_original(office: Play) -> None:
    visit(office, payer="MEDICARE")
    answered(office, "A1", REFUSED, payer="MEDICARE")

    office.answer(TaskKind.DENIAL, route=DenialRoute.CORRECT)

    version = office.versions(office.claim("A1"))[-1]
    assert (version.version, version.frequency, version.payer_claim_number) == (2, "1", None)


def test_a_correction_after_ma130_is_a_new_original(office: Play) -> None:
    visit(office)
    answered(office, "A1", REFUSED, rarcs=["MA130"])

    office.answer(TaskKind.DENIAL, route=DenialRoute.CORRECT)

    version = office.versions(office.claim("A1"))[-1]
    assert (version.version, version.frequency) == (2, "1")


def test_only_the_refused_lines_are_asked_for_anew(office: Play) -> None:
    visit(office, payer="MEDICARE", codes=["99213", "87880"])
    answered(office, "A1", [("CO", "45", 6_000)], [("CO", "16", 4_000)], payer="MEDICARE")

    office.answer(TaskKind.DENIAL, route=DenialRoute.CORRECT)

    first, second = office.versions(office.claim("A1"))
    assert second.charge_line_ids == first.charge_line_ids[1:]


def test_a_mended_rejection_is_a_new_original(office: Play) -> None:
    visit(office)
    _reject_last(office)

    office.answer(TaskKind.REJECTION)
    office.pass_to(3)

    first, second = office.versions(office.claim("A1"))
    assert (first.frequency, second.frequency) == ("1", "1")
    assert office.claim("A1").stage is ClaimStage.ACCEPTED


def test_a_rejected_replacement_still_replaces_after_it_was_mended(office: Play) -> None:
    visit(office)
    answered(office, "A1", REFUSED)
    office.answer(TaskKind.DENIAL, route=DenialRoute.CORRECT)
    office.pass_to(3)
    _reject_last(office)

    office.answer(TaskKind.REJECTION)
    office.pass_to(5)

    _, replacement, again = office.versions(office.claim("A1"))
    assert (again.frequency, again.payer_claim_number) == ("7", replacement.payer_claim_number)
    assert f"REF*F8*{again.payer_claim_number}~".encode() in sent(office)[-1].replace(b"\n", b"")


def test_what_was_prepared_never_changes(office: Play) -> None:
    visit(office)

    with pytest.raises(IntegrityError, match="has been prepared"):
        office.session.execute(text("""UPDATE claim_version SET content = '{"pcn": "X"}'"""))


def test_a_claim_sent_again_says_the_same_under_another_number(office: Play) -> None:
    visit(office)
    claim = office.claim("A1")

    resends.send_again(
        office.session, claim, "It never came.", office.people[Role.BILLER], office.engine.now
    )
    office.pass_to(3)

    first, second = office.submissions(claim)
    assert first.claim_version_id == second.claim_version_id
    assert first.pcn != second.pcn
    assert len(sent(office)) == 2


def test_what_was_answered_is_not_sent_again(office: Play) -> None:
    visit(office)
    answered(office, "A1", [("CO", "45", 6_000)])

    with pytest.raises(Refused, match="only one that waits"):
        resends.send_again(
            office.session, office.claim("A1"), "Why not.", office.people[Role.BILLER],
            office.engine.now,
        )  # fmt: skip


def test_only_billers_and_supervisors_send_again(office: Play) -> None:
    visit(office)

    with pytest.raises(Forbidden):
        resends.send_again(
            office.session, office.claim("A1"), "Why not.", office.people[Role.CODER],
            office.engine.now,
        )  # fmt: skip


JUNIOR = {"middle": "Ann Mae", "suffix": "Jr"}


def _people(data: bytes, code: str) -> list[str]:
    """The last name to the suffix of every NM1 of a kind (NM103 to NM107)."""
    segments = [each.strip().split("*") for each in data.decode().split("~")]
    return ["*".join(each[3:8]) for each in segments if each[:2] == ["NM1", code]]


@pytest.mark.parametrize(("place", "kind"), [("11", "837p"), (DEPARTMENT, "837i")])
def test_a_claim_tells_the_whole_name_of_the_insured_to_every_payer(
    office: Play, place: str, kind: str
) -> None:
    visit(office, next_payers=["BETA"], place=place, chart=JUNIOR)

    (data,) = sent(office, kind)
    assert _people(data, "IL") == ["TARROW*WILMA*ANN MAE**JR"] * 2


def test_a_claim_tells_the_whole_names_of_a_dependent_and_of_whose_plan_it_is(
    office: Play,
) -> None:
    visit(office, chart=JUNIOR | {"holder": ("Bram", "Q", "III")})

    (data,) = sent(office)
    assert _people(data, "IL") == ["TARROW*BRAM*Q**III"]
    assert _people(data, "QC") == ["TARROW*WILMA*ANN MAE**JR"]


def test_a_later_chart_fills_what_was_not_known_of_a_name_and_changes_nothing_else(
    office: Play,
) -> None:
    visit(office, "A1", chart={"middle": "Ann", "holder": ("Bram", None, "Sr")}, until_sent=False)

    visit(office, "A2", chart=JUNIOR | {"holder": ("Bram", "Q", "III")}, until_sent=False)

    patient = office.encounters["A2"].patient
    holder = office.session.scalars(select(Subscriber)).one()
    assert (patient.middle_name, patient.name_suffix) == ("Ann", "Jr")
    assert (holder.middle_name, holder.name_suffix) == ("Q", "Sr")


def test_another_persons_name_adds_nothing_to_a_known_one(office: Play) -> None:
    visit(office, "A1", chart={"holder": ("Bram", None, None)}, until_sent=False)

    visit(office, "A2", chart={"holder": ("Edgar", "Q", "III")}, until_sent=False)

    holder = office.session.scalars(select(Subscriber)).one()
    assert (holder.first_name, holder.middle_name, holder.name_suffix) == ("Bram", None, None)


def _reject_last(office: Play) -> None:
    pcn = office.submissions(office.claim("A1"))[-1].pcn
    office.take_in(ack_277ca([(pcn, "A3", None)], isa=900 + len(pcn)))
    office.react()
