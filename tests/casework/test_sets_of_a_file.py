"""Each set of an interchange is judged by itself: a bad one silences no other, and what is taken in
later is heard once."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.refusals import Refused
from db.models import Ack, Claim, PayerAlias, RawFile, Remittance, Route, Subject
from tests.casework.payer_files import Clp, Era, ack_277ca, interchange, remittance_file
from tests.casework.payer_world import PayerWorld, originator, payer_world

PAID = ("CO", "45", 6_000)
_GROUPS = re.compile(rb"GS\*.*?~GE\*[^~]*~", re.DOTALL)


@pytest.fixture
def world(session: Session) -> PayerWorld:
    return payer_world(session)


def era(world: PayerWorld, claim: Claim, trace: str, **said: object) -> Era:
    usual = {"payer": "ALPHA", "originator": originator("ALPHA"), "trace": trace}
    return Era(claims=[world.answer_of(claim, PAID)], **{**usual, **said})  # type: ignore[arg-type]


def claims(world: PayerWorld, count: int) -> Sequence[Claim]:
    return [world.claim(world.encounter([("99213", 15_000)])) for _ in range(count)]


def together(*files: bytes) -> bytes:
    """The groups of several files in the one interchange of the first."""
    groups = b"".join(group for each in files for group in _GROUPS.findall(each))
    head, _, tail = files[0].partition(_GROUPS.findall(files[0])[0])
    count = len(_GROUPS.findall(groups))
    return head + groups + tail.replace(b"IEA*1*", b"IEA*%d*" % count)


def test_a_balanced_835_is_posted_beside_one_that_is_not(world: PayerWorld) -> None:
    one, two = claims(world, 2)
    bad = era(world, two, "TB", paid=9_001)

    judged = world.take_in(remittance_file(era(world, one, "TA"), bad, isa=31))
    world.post(judged)

    assert judged.verdict == "quarantined"
    assert (one.stage, two.stage) == ("adjudicated", "accepted")
    (task,) = world.open_tasks()
    assert "interchange 000000031, set 0002" in task.reason
    world.post(world.take_in(remittance_file(era(world, two, "TB"), isa=32)))
    assert world.open_tasks() == []
    assert world.balances()["cash:bank"] == 18_000


def test_a_corrected_set_closes_its_own_trouble_only(world: PayerWorld) -> None:
    one, two, three = claims(world, 3)
    bad = [era(world, one, "TA", paid=9_001), era(world, two, "TB", paid=9_002)]
    unknown = era(world, three, "TC", payer="OMEGA", originator="1777777777")
    unknown = replace(unknown, claims=[_not_ours(unknown)])
    world.take_in(remittance_file(*bad, unknown, isa=31))

    world.post(world.take_in(remittance_file(era(world, two, "TB"), isa=32)))

    tasks = world.open_tasks()
    assert [task.details["case"] for task in tasks] == ["out_of_balance", "unknown_payer"]
    assert tasks[0].details["trace_number"] == "TA"
    assert world.session.get_one(Subject, tasks[0].subject).is_open
    world.answer(tasks[0])
    assert world.session.get_one(Subject, tasks[0].subject).is_open
    world.post(world.take_in(remittance_file(era(world, one, "TA"), isa=33)))
    assert world.balances()["cash:bank"] == 18_000


@pytest.mark.parametrize("is_right_first", [True, False])
@pytest.mark.parametrize("is_one_file", [True, False])
def test_nobody_asks_for_a_payment_that_stands(
    world: PayerWorld, is_right_first: bool, is_one_file: bool
) -> None:
    (claim,) = claims(world, 1)
    said = [era(world, claim, "TA"), era(world, claim, "TA", paid=9_001)]
    eras = said if is_right_first else said[::-1]
    files = [eras] if is_one_file else [[each] for each in eras]

    judged = [world.take_in(remittance_file(*each, isa=n)) for n, each in enumerate(files, 31)]
    for each in judged:
        world.post(each)

    assert world.open_tasks() == []
    assert world.balances()["cash:bank"] == 9_000
    if is_one_file or is_right_first:
        assert judged[-1].verdict == "taken"
        assert any(
            "is out of balance here, and came in balance too" in words
            for words in judged[-1].sentences
        )


@pytest.mark.parametrize(
    ("trace", "paid_on"), [("TA", dt.date(2026, 1, 20)), ("TB", dt.date(2026, 1, 26))]
)
def test_another_payment_out_of_balance_is_asked_for(
    world: PayerWorld, trace: str, paid_on: dt.date
) -> None:
    (claim,) = claims(world, 1)
    world.take_in(remittance_file(era(world, claim, "TA"), isa=31))

    world.take_in(remittance_file(era(world, claim, trace, paid=9_001, paid_on=paid_on), isa=32))

    assert [task.details["case"] for task in world.open_tasks()] == ["out_of_balance"]


def test_a_payment_of_the_name_with_other_claims_is_asked_for(world: PayerWorld) -> None:
    one, two = claims(world, 2)
    world.take_in(remittance_file(era(world, one, "TA"), isa=31))

    world.take_in(remittance_file(era(world, two, "TA", paid=9_001), isa=32))

    assert [task.details["case"] for task in world.open_tasks()] == ["out_of_balance"]


def test_a_rejection_beside_a_payer_nobody_knows_is_heard_once(world: PayerWorld) -> None:
    (claim,) = claims(world, 1)
    rejection = ack_277ca([(world.pcn(claim), "A7", None)])
    unknown = Era(
        claims=[_not_ours(era(world, claim, "T1"))], payer="OMEGA", originator="1777777777"
    )
    world.take_in(together(rejection, remittance_file(unknown)))
    assert _refusals(world) == ["A7"]
    _add_payer(world, "777777777")

    (task,) = [one for one in world.open_tasks() if one.kind == "quarantined_file"]
    words = world.answer(task, action="take_in")

    assert words == "The file was taken in after all"
    assert world.session.scalars(select(Remittance.trace_number)).all() == ["T1"]
    assert len(world.session.scalars(select(Ack)).all()) == 1
    file = world.session.scalars(select(RawFile)).one()
    assert (file.kinds, file.judgement) == ("277CA,835", "taken")


def test_a_rejection_beside_an_unbalanced_835_is_heard(world: PayerWorld) -> None:
    (claim,) = claims(world, 1)
    rejection = ack_277ca([(world.pcn(claim), "A7", None)])

    world.take_in(together(rejection, remittance_file(era(world, claim, "T1", paid=9_001))))

    assert _refusals(world) == ["A7"]
    assert "out_of_balance" in {task.details.get("case") for task in world.open_tasks()}


def test_an_835_beside_a_set_that_is_not_read_here_is_posted(world: PayerWorld) -> None:
    (claim,) = claims(world, 1)
    other = interchange("FA", "005010X230", "997", [("", ["AK1*HC*1"])], isa=8)

    judged = world.take_in(together(remittance_file(era(world, claim, "T1")), other))
    world.post(judged)

    (task,) = world.open_tasks()
    assert "interchange 000000001, set 0001: it is a set 997 (005010X230)" in task.reason
    assert (judged.verdict, claim.stage) == ("quarantined", "adjudicated")


def test_a_set_with_a_damaged_segment_silences_itself_alone(world: PayerWorld) -> None:
    one, two = claims(world, 2)
    content = remittance_file(era(world, one, "TA"), era(world, two, "TB"))
    damaged = content.replace(f"CLP*{world.pcn(one)}*1*150.00".encode(), b"CLP**1*1x0.00")
    assert damaged != content

    world.post(world.take_in(damaged))

    (task,) = world.open_tasks()
    assert "interchange 000000001, set 0001: Segment" in task.reason
    assert "Nothing of this set was used" in task.reason
    assert (one.stage, two.stage) == ("accepted", "adjudicated")


@pytest.mark.parametrize(
    ("right", "wrong"), [(b"GE*2*", b"GE*3*"), (b"IEA*1*", b"IEA*2*"), (b"~SE*", b"~XX*")]
)
def test_an_envelope_that_does_not_hold_silences_all_of_it(
    world: PayerWorld, right: bytes, wrong: bytes
) -> None:
    one, two = claims(world, 2)
    content = remittance_file(era(world, one, "TA"), era(world, two, "TB"))

    judged = world.take_in(content.replace(right, wrong, 1))

    (task,) = world.open_tasks()
    assert (judged.remittance_ids, task.kind) == ((), "quarantined_file")


def test_what_is_still_bad_is_asked_about_anew_when_the_rest_is_taken_in(
    world: PayerWorld,
) -> None:
    """Of two payers one is added: its money is posted, and the other is still asked about."""
    (claim,) = claims(world, 1)
    answer = _not_ours(era(world, claim, "T1"))
    said = [("OMEGA", "1777777777", "T1"), ("SIGMA", "1666666666", "T2")]
    eras = [Era(claims=[answer], payer=p, originator=o, trace=t) for p, o, t in said]
    world.take_in(remittance_file(*eras))
    (task,) = world.open_tasks()
    with pytest.raises(Refused, match="is not one of ours"), world.session.begin_nested():
        world.answer(task, action="take_in")
    world.session.expire_all()
    _add_payer(world, "777777777")

    words = world.answer(task, action="take_in")

    assert words == "Part of the file was taken in after all; the rest is still in quarantine"
    assert world.session.scalars(select(Remittance.trace_number)).all() == ["T1"]
    (rest,) = [one for one in world.open_tasks() if one.kind == "quarantined_file"]
    assert "SIGMA" in rest.reason
    assert world.session.get_one(Subject, rest.subject).is_open
    _add_payer(world, "666666666")
    assert world.answer(rest, action="take_in") == "The file was taken in after all"
    assert len(world.session.scalars(select(Remittance)).all()) == 2


def test_a_file_of_the_first_release_that_was_silenced_is_heard_whole(world: PayerWorld) -> None:
    """Its task names no sets: an interchange with an unknown payer was silent then."""
    (claim,) = claims(world, 1)
    unknown = Era(
        claims=[_not_ours(era(world, claim, "T1"))], payer="OMEGA", originator="1777777777"
    )
    world.take_in(together(remittance_file(unknown)))
    file = world.session.scalars(select(RawFile)).one()
    file.content = together(ack_277ca([(world.pcn(claim), "A7", None)]), remittance_file(unknown))
    (task,) = world.open_tasks()
    task.details = {name: value for name, value in task.details.items() if name != "sets"}
    _add_payer(world, "777777777")

    world.answer(task, action="take_in")

    assert _refusals(world) == ["A7"]
    assert world.session.scalars(select(Remittance.trace_number)).all() == ["T1"]


def test_a_barred_payment_out_of_balance_has_its_task_once_the_mark_is_mended(
    world: PayerWorld,
) -> None:
    one, two = claims(world, 2)
    bad = era(world, two, "TB", paid=9_001)
    _taken_wrongly(world, remittance_file(era(world, one, "TA"), bad, isa=31))
    (task,) = world.open_tasks()
    _mend(world)

    words = world.answer(task, action="take_in")

    assert words == "Part of the file was taken in after all; the rest is still in quarantine"
    (owed,) = world.open_tasks()
    assert (owed.details["case"], owed.details["trace_number"]) == ("out_of_balance", "TB")
    assert world.session.get_one(Subject, owed.subject).is_open
    assert world.session.scalars(select(Remittance.trace_number)).all() == ["TA"]
    file = world.session.scalars(select(RawFile)).one()
    assert "remittance TB (interchange 000000031, set 0002)" in file.words
    assert file.judgement == "quarantined"


def test_a_barred_payment_out_of_balance_alone_has_its_task_too(world: PayerWorld) -> None:
    (claim,) = claims(world, 1)
    _taken_wrongly(world, remittance_file(era(world, claim, "TB", paid=9_001)))
    (task,) = world.open_tasks()
    _mend(world)

    words = world.answer(task, action="take_in")

    assert words == "Nothing of it could be used: a payment out of balance has a task of its own"
    assert [each.details["case"] for each in world.open_tasks()] == ["out_of_balance"]
    assert world.session.get_one(Subject, task.subject).is_open


def test_a_file_of_the_first_release_is_asked_about_its_balance_once(world: PayerWorld) -> None:
    """It had one task for all its payments out of balance."""
    one, two, three = claims(world, 3)
    unknown = era(world, three, "TC", payer="OMEGA", originator="1777777777")
    unknown = replace(unknown, claims=[_not_ours(unknown)])
    bad = era(world, two, "TB", paid=9_001)
    world.take_in(remittance_file(era(world, one, "TA"), bad, unknown))
    for task in world.open_tasks():
        task.cause = task.details["case"]
        task.details = {name: value for name, value in task.details.items() if name != "sets"}
    world.session.flush()
    before, asked = world.open_tasks()
    _add_payer(world, "777777777")

    words = world.answer(asked, action="take_in")

    assert words == "The file was taken in after all"
    assert world.open_tasks() == [before]
    assert world.session.scalars(select(RawFile.judgement)).all() == ["quarantined"]


def test_a_payment_that_came_in_another_file_meanwhile_closes_the_question(
    world: PayerWorld,
) -> None:
    """Of the first release: its task names no sets."""
    (claim,) = claims(world, 1)
    unknown = Era(
        claims=[_not_ours(era(world, claim, "T1"))], payer="OMEGA", originator="1777777777"
    )
    world.take_in(remittance_file(unknown))
    (task,) = world.open_tasks()
    task.details = {name: value for name, value in task.details.items() if name != "sets"}
    _add_payer(world, "777777777")
    world.take_in(remittance_file(unknown, isa=77))

    words = world.answer(task, action="take_in")

    assert words == "Nothing was left to take in: its payment came in another file meanwhile"
    assert task not in world.open_tasks()
    assert world.session.scalars(select(Remittance.trace_number)).all() == ["T1"]
    assert not world.session.get_one(Subject, task.subject).is_open


def test_an_interchange_that_was_heard_is_not_offered_again(world: PayerWorld) -> None:
    """A file of both marks: the route is switched, and what it took before was heard then."""
    one, two = claims(world, 2)
    heard = ack_277ca([(world.pcn(one), "A7", None)])
    barred = ack_277ca([(world.pcn(two), "A7", None)]).replace(b"000000001", b"000000002")
    _taken_wrongly(world, _marked(heard, _other(_mark(heard))) + barred)
    (task,) = [each for each in world.open_tasks() if each.kind == "quarantined_file"]
    assert len(_refusals(world)) == 1
    _mend(world)

    words = world.answer(task, action="take_in")

    assert words == "The file was taken in after all"
    assert not [each for each in world.open_tasks() if each.kind == "quarantined_file"]
    assert len(_refusals(world)) == 2
    assert world.session.scalars(select(RawFile.judgement)).all() == ["taken"]


def test_what_still_lacks_something_is_asked_about_without_what_was_heard(
    world: PayerWorld,
) -> None:
    """Its payer comes when the route takes the other mark: only it is barred then."""
    one, two = claims(world, 2)
    unknown = Era(claims=[_not_ours(era(world, two, "T1"))], payer="O", originator="1777777777")
    heard = together(ack_277ca([(world.pcn(one), "A7", None)]), remittance_file(unknown))
    barred = ack_277ca([(world.pcn(two), "A7", None)]).replace(b"000000001", b"000000002")
    _taken_wrongly(world, _marked(heard, _other(_mark(heard))) + barred)
    (task,) = [each for each in world.open_tasks() if each.kind == "quarantined_file"]
    _mend(world)
    _add_payer(world, "777777777")

    world.answer(task, action="take_in")

    assert len(_refusals(world)) == 2
    (rest,) = [each for each in world.open_tasks() if each.kind == "quarantined_file"]
    assert rest.details["sets"] == [[0, 2]]
    _mend(world)
    assert world.answer(rest, action="take_in") == "The file was taken in after all"
    assert len(_refusals(world)) == 2
    assert world.session.scalars(select(Remittance.trace_number)).all() == ["T1"]


def test_a_foreign_number_that_is_heard_later_is_in_a_question_of_its_own(
    world: PayerWorld,
) -> None:
    heard = ack_277ca([("FOREIGN1", "A7", None)])
    barred = ack_277ca([("FOREIGN2", "A7", None)]).replace(b"000000001", b"000000002")
    _taken_wrongly(world, _marked(heard, _other(_mark(heard))) + barred)
    (task,) = [each for each in world.open_tasks() if each.kind == "quarantined_file"]
    _mend(world)

    world.answer(task, action="take_in")

    asked = [each for each in world.open_tasks() if each.details["case"] == "foreign_ack"]
    assert [each.details["pcns"] for each in asked] == [["FOREIGN1"], ["FOREIGN2"]]
    assert [each.cause for each in asked] == ["foreign_ack", "foreign_ack:1:0"]


def _taken_wrongly(world: PayerWorld, content: bytes) -> None:
    """By a route that takes the other mark than the file's usual one."""
    usage = _other(_mark(ack_277ca([("X", "A7", None)])))
    world.session.add(Route(name="clearinghouse", transport="folder", usage=usage))
    world.session.flush()
    world.take_in(content)


def _mend(world: PayerWorld) -> None:
    route = world.session.scalars(select(Route)).one()
    route.usage = _other(route.usage)
    world.session.flush()


def _mark(content: bytes) -> str:
    return content[102:103].decode()


def _marked(content: bytes, mark: str) -> bytes:
    return content[:102] + mark.encode() + content[103:]


def _other(mark: str) -> str:
    return {"T": "P", "P": "T"}[mark]


def _not_ours(era: Era) -> Clp:
    (answer,) = era.claims
    return replace(answer, pcn="NOT-OURS")


def _add_payer(world: PayerWorld, alias: str) -> None:
    world.session.add(PayerAlias(alias=alias, payer_id=world.payer("ALPHA").id))
    world.session.flush()


def _refusals(world: PayerWorld) -> list[str | None]:
    return [row.category for row in world.session.scalars(select(Ack)).all()]
