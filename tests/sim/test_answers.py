"""The small answers as independent readers see them: acknowledgments, eligibility, status."""

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyx12.params
import pyx12.x12n_document
from x12sdk.io import X12ModelReader

from sim.invention import make_world
from sim.world import Cover, Encounter
from sim.x12 import Segment, read_interchanges

Open = Callable[..., Any]
START = dt.date(2026, 1, 5)


def pyx12_accepts(text: str) -> bool:
    parameters = pyx12.params.params()
    return bool(pyx12.x12n_document.x12n_document(parameters, io.StringIO(text), None, None))


def interchanges(text: str) -> list[str]:
    return [f"ISA{piece}" for piece in text.split("ISA") if piece]


def answers(practice: Any, prefix: str) -> list[Path]:
    return sorted((practice.home / "exchange/inbound/clearinghouse").glob(f"{prefix}*"))


def segments(text: str) -> list[Segment]:
    return [
        segment
        for one in read_interchanges(text)
        for group in one.groups
        for transaction in group.sets
        for segment in transaction.segments
    ]


def ask_eligibility(practice: Any, encounter: Encounter, cover: Cover, *, member_id: str) -> str:
    """Send one 270 and wait for its 271; nothing when none comes within three days."""
    practice.number += 1
    person = encounter.patient
    body = [
        "BHT*0022*13*R1*20260105*0900",
        "HL*1**20*1",
        f"NM1*PR*2*PAYER*****PI*{cover.payer_id}",
        "HL*2*1*21*1",
        "NM1*1P*2*CEDAR HOLLOW*****XX*1992000004",
        "HL*3*2*22*0",
        f"TRN*1*E{practice.number}*9CEDARHLW1",
        f"NM1*IL*1*{person.last.upper()}*{person.first.upper()}****MI*{member_id}",
        f"DMG*D8*{person.born_on:%Y%m%d}*{person.sex}",
        "DTP*291*D8*20260105",
        "EQ*30",
    ]
    number = practice.number
    parties = f"ZZ*{'CEDARHOLLOW':15}*ZZ*{'CLEARHOUSE':15}"
    lines = [
        f"ISA*00*{'':10}*00*{'':10}*{parties}*260105*0900*^*00501*{number:09}*0*T*:",
        f"GS*HS*CEDARHOLLOW*CLEARHOUSE*20260105*0900*{number}*X*005010X279A1",
        "ST*270*0001*005010X279A1",
        *body,
        f"SE*{len(body) + 2}*0001",
        f"GE*1*{number}",
        f"IEA*1*{number:09}",
    ]
    folder = practice.home / "exchange/outbound/clearinghouse"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"270-{number:09}.x12").write_text("".join(f"{one}~\n" for one in lines))
    for _ in range(4):
        practice.step()
    found = answers(practice, f"271-270-{number:09}")
    return found[0].read_text() if found else ""


def a_cover(practice: Any, eligibility: str = "PAID", *, dependent: bool = False) -> Any:
    practice.step()
    return next(
        (one, cover)
        for one in practice.world.encounters
        for cover in one.patient.covers[:1]
        if cover.eligibility == eligibility and bool(cover.subscriber) == dependent
        if cover.payer_id != "60199"
    )


def test_a_ta1_and_a_999_answer_every_claim_file(practice_at: Open) -> None:
    practice = practice_at(seed=7, encounters=20)

    practice.live()

    sent = sorted((practice.home / "exchange/outbound/clearinghouse").glob("837p-*"))
    acks = answers(practice, "ack-837p-")
    assert len(sent) == len(acks)
    for path in acks:
        ta1, ack = interchanges(path.read_text())
        assert "*A*000~" in ta1
        assert "AK9*A*1*1*1~" in ack
        assert pyx12_accepts(ack.replace("005010X231A1", "005010X231"))


def test_every_277ca_is_well_formed_and_names_each_claim(lived: Any) -> None:
    files = answers(lived, "277ca-")
    assert files
    named = set()
    for path in files:
        text = path.read_text()
        assert pyx12_accepts(text), path.name
        named |= {one[2] for one in segments(text) if one.tag == "TRN" and one[1] == "2"}
    electronic = {b.pcn for b in lived.bills.values() if b.cover.payer_id != "60107"}
    assert electronic <= named


def test_the_clearinghouse_answers_before_the_payer(practice_at: Open) -> None:
    practice = practice_at(seed=7, encounters=20)

    practice.live()

    first = answers(practice, "277ca-")[0].name.rsplit("-", 1)[0]
    clearinghouse, *payers = [
        path.read_text()
        for path in sorted(answers(practice, first), key=lambda p: "AY" not in p.name)
    ]
    assert "STC*A1:19" in clearinghouse
    assert payers
    assert all("STC*A2:20" in one or "*U*" in one for one in payers)


def test_a_rejected_claim_says_which_category_and_code(lived: Any) -> None:
    statuses = {
        one.composite(1)[0]
        for path in answers(lived, "277ca-")
        for one in segments(path.read_text())
        if one.tag == "STC" and one[3] == "U"
    }
    assert statuses
    assert statuses <= {"A3", "A6", "A7"}


def test_an_active_member_is_found(practice_at: Open) -> None:
    practice = practice_at(seed=7, encounters=60)
    encounter, cover = a_cover(practice)

    text = ask_eligibility(practice, encounter, cover, member_id=cover.member_id)

    assert "EB*1**30" in text
    with X12ModelReader(text) as reader:
        assert len(list(reader.models())) == 1


def test_an_inactive_coverage_says_so_every_time(practice_at: Open) -> None:
    practice = practice_at(seed=7, encounters=60)
    encounter, cover = a_cover(practice, "INACTIVE")

    first = ask_eligibility(practice, encounter, cover, member_id=cover.member_id)
    second = ask_eligibility(practice, encounter, cover, member_id=cover.member_id)

    assert "EB*6**30" in first
    assert "EB*6**30" in second


def test_a_member_who_is_not_found_is_found_when_asked_again(practice_at: Open) -> None:
    practice = practice_at(seed=7, encounters=60)
    encounter, cover = a_cover(practice, "NOTFOUND")

    first = ask_eligibility(practice, encounter, cover, member_id=cover.member_id)
    second = ask_eligibility(practice, encounter, cover, member_id=cover.member_id)

    assert "AAA*N**75*C" in first
    assert "EB*" not in first
    assert "EB*1**30" in second


def test_a_missing_member_id_is_answered_with_the_right_one(practice_at: Open) -> None:
    practice = practice_at(seed=7, encounters=60)
    practice.step()
    encounter = next(one for one in practice.world.encounters if one.flaw == "member id")
    cover = encounter.patient.covers[0]

    text = ask_eligibility(practice, encounter, cover, member_id="")

    assert f"*MI*{cover.member_id}~" in text
    assert "EB*1**30" in text


def test_some_payer_never_answers_the_first_question() -> None:
    world = make_world(seed=1, encounters=300, start_on=START, arrive_over_days=20)

    deaf = [c for e in world.encounters for c in e.patient.covers if c.eligibility == "UNANSWERED"]

    assert deaf


def test_every_277_is_read_by_another_reader(lived: Any) -> None:
    files = answers(lived, "277-")
    codes = set()
    for path in files:
        text = path.read_text()
        codes |= {one.composite(1)[0] for one in segments(text) if one.tag == "STC"}
        with X12ModelReader(text) as reader:
            assert len(list(reader.models())) == 1
    assert "A4" in codes
    assert codes & {"P1", "P2"}
