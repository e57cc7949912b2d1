"""A rejection says where on the form and on our pages it lies; what is mended is a new original."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from casework import answers
from db.models import Outbox, Task
from domain.encounter import ClaimStage
from domain.questions import Fact, FactSection, Question
from domain.tasks import TaskKind
from tests.casework.office import today, visit
from tests.casework.payer_files import ack_277ca, interchange, ta1
from tests.scenarios.play import Play


def question(office: Play) -> Question:
    return answers.question(office.session, task(office))


def task(office: Play) -> Task:
    return office.session.scalars(
        select(Task).where(Task.kind == TaskKind.REJECTION).order_by(Task.id.desc())
    ).first() or pytest.fail("nothing was rejected")


def where(asked: Question) -> FactSection | None:
    return next((one for one in asked.sections if one.title == "Where to mend it"), None)


def choices(asked: Question) -> tuple[list[str], str]:
    action = asked.fields[0]
    return [option.value for option in action.options], action.values[0]


def rejected_by_277ca(office: Play, code: str) -> Question:
    office.acknowledges = False
    visit(office)
    pcn = office.submissions(office.claim("A1"))[-1].pcn
    office.take_in(ack_277ca([(pcn, "A7", None)], isa=900, code=code))
    office.react()
    return question(office)


@pytest.mark.parametrize(
    ("code", "part", "box", "recommended"),
    [
        ("255", "diagnosis codes", "CMS-1500 box 21", "codes"),
        ("453", "modifiers", "CMS-1500 box 24D", "codes"),
        ("164", "member id and name of the insured", "CMS-1500 box 1a, 4", "coverage"),
        ("562:85", "billing provider: name, address, ids", "CMS-1500 box 25, 33", "again"),
        ("153:82", "rendering provider", "CMS-1500 box 24J, 31", "again"),
        ("54", "the claim as a whole: they have it already", "CMS-1500 box 26", "there"),
    ],
)
def test_a_refused_claim_names_part_box_and_what_mends_it(
    office: Play, code: str, part: str, box: str, recommended: str
) -> None:
    asked = rejected_by_277ca(office, code)

    section = where(asked)
    assert section is not None
    (fact,) = section.facts
    assert fact.label == part.capitalize()
    assert fact.aside.startswith(f"{box} · ")
    assert choices(asked)[1] == recommended


def test_no_appeal_is_offered_and_the_page_says_why(office: Play) -> None:
    asked = rejected_by_277ca(office, "21")

    options, _ = choices(asked)
    assert not [value for value in options if "appeal" in value]
    assert "nothing to appeal" in asked.consequences[0]


def test_what_is_mended_goes_out_as_a_new_original_under_a_new_number(office: Play) -> None:
    rejected_by_277ca(office, "255")
    before = office.submissions(office.claim("A1"))

    office.answer(TaskKind.REJECTION, action="again")

    after = office.submissions(office.claim("A1"))
    assert len(after) == len(before) + 1
    assert after[-1].pcn not in {each.pcn for each in before}
    assert after[-1].claim_version.frequency == "1"
    assert after[-1].batch_id != before[-1].batch_id


def test_what_they_have_already_is_waited_for_and_not_sent_again(office: Play) -> None:
    rejected_by_277ca(office, "54")
    before = len(office.submissions(office.claim("A1")))

    office.answer(TaskKind.REJECTION)

    claim = office.claim("A1")
    assert claim.stage is ClaimStage.ACCEPTED
    assert len(office.submissions(claim)) == before


def refusal_999(control: int, *errors: str) -> bytes:
    body = [
        f"AK1*HC*{control}*005010X222A1",
        "AK2*837*0001*005010X222A1",
        *errors,
        "IK5*R*5",
        "AK9*R*1*1*0",
    ]
    return interchange("FA", "005010X231A1", "999", [("005010X231A1", body)], isa=901)


def sent_together(office: Play) -> tuple[str, str, int, list[str]]:
    """Two claims of one batch: their numbers, the batch's, and its segments."""
    office.acknowledges = False
    visit(office, "A1", until_sent=False)
    visit(office, "A2", until_sent=False, patient="P2")
    office.pass_to(today(office) + 1)
    first, second = (office.submissions(office.claim(key))[-1] for key in ("A1", "A2"))
    assert first.batch is not None
    assert first.batch_id == second.batch_id
    control = first.batch.control_number or 0
    outgoing = office.session.get_one(
        Outbox, first.batch.outbox_id, options=[undefer(Outbox.content)]
    )
    segments = [segment.strip() for segment in outgoing.content.decode().split("~")]
    return first.pcn, second.pcn, control, segments[segments.index("ST*837*0001*005010X222A1") :]


def test_a_999_finds_the_one_bad_claim_of_its_file_by_the_segments_that_we_sent(
    office: Play,
) -> None:
    first, second, control, segments = sent_together(office)
    start = next(at for at, one in enumerate(segments) if one.startswith(f"CLM*{second}"))
    place = start + next(at for at, one in enumerate(segments[start:]) if one.startswith("SV1"))

    office.take_in(refusal_999(control, f"IK3*SV1*{place + 1}*2400*8", "IK4*1:3*1339*7*ZZ"))
    office.react()

    by_pcn = {one.details["pcn"]: one for one in office.open_tasks()}
    assert set(by_pcn) == {first, second}
    section = where(answers.question(office.session, by_pcn[second]))
    assert section is not None
    assert section.facts == (
        Fact(
            label="Modifiers",
            value="the value is not one of the allowed codes "
            f"(SV101-3, segment {place + 1}, line 1); 'ZZ' was sent",
            aside="CMS-1500 box 24D · this page: ask a coder to change the codes",
        ),
    )
    other = answers.question(office.session, by_pcn[first])
    assert where(other) is None
    assert "for another claim in it; nothing is said against this" in other.lead
    assert choices(other)[1] == "again"


def test_what_was_sent_of_a_person_is_hidden_like_every_identifier(office: Play) -> None:
    _, second, control, segments = sent_together(office)
    at = next(at for at, one in enumerate(segments) if one.startswith(f"CLM*{second}"))
    at = max(place for place in range(at) if segments[place].startswith("NM1*IL"))

    office.take_in(refusal_999(control, f"IK3*NM1*{at + 1}**8", "IK4*9*67*5*MEMBER999"))
    office.react()

    section = where(question(office))
    assert section is not None
    told, sent = section.facts
    assert (told.label, "MEMBER999" in told.value) == ("Member id and name of the insured", False)
    assert (sent.value, sent.is_identifier) == ("MEMBER999", True)


def test_a_refused_envelope_names_no_part_of_a_claim(office: Play) -> None:
    office.acknowledges = False
    visit(office)
    batch = office.submissions(office.claim("A1"))[-1].batch
    assert batch is not None

    office.take_in(ta1(batch.control_number or 0, "R", "025"))
    office.react()

    assert where(question(office)) is None
    assert choices(question(office))[1] == "again"
