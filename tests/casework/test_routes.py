"""Routes as rows: when they send, what waits and why, and what a person must do about it."""

import datetime as dt

import pytest
from sqlalchemy import select

from casework import (
    departures,
    enrolment_keeping,
    file_resends,
    host_keys,
    inbox,
    route_outages,
    routes,
    submissions,
    unsent,
)
from casework.enrolment_keeping import put
from casework.refusals import Refused
from casework.routes import is_open, opens_at, stops
from db.models import (
    AuditEvent,
    Batch,
    Enrolment,
    Outbox,
    Payer,
    PayerRoute,
    RawFile,
    Resend,
    Route,
    Wait,
)
from domain.encounter import ClaimStage
from domain.tasks import Role, TaskKind
from tests.casework.office import sent, visit
from tests.scenarios.play import Play

NAME = "clearinghouse"


def route_of(office: Play) -> Route:
    return routes.lock(office.session, NAME)


def batch_wait(office: Play) -> Wait:
    waiting = select(Wait).where(Wait.kind == "batch", Wait.ended_at.is_(None))
    office.session.expire_all()
    return office.session.scalars(waiting).one()


def test_a_paused_route_closes_no_batch_and_its_claims_say_why_until_it_is_resumed(
    office: Play,
) -> None:
    visit(office, until_sent=False)
    route_outages.pause(
        office.session, route_of(office), "the partner moves", office.engine.now, None
    )
    office.pass_to(3)
    before, words = sent(office), batch_wait(office).what

    route_outages.resume(office.session, route_of(office), office.engine.now, None)
    office.react()

    assert before == []
    assert "the next batch to" in words
    assert "is paused since" in words
    assert "the partner moves" in words
    assert len(sent(office)) == 1


def test_an_outage_is_said_in_the_waits_and_ends_there_when_it_ends(office: Play) -> None:
    visit(office, until_sent=False)

    route_outages.fail(office.session, NAME, "connection refused", office.engine.now)
    during = batch_wait(office).what
    route_outages.work(office.session, NAME, office.engine.now)

    assert "is down since" in during
    assert "connection refused" in during
    assert ";" not in batch_wait(office).what


def test_a_route_is_tried_again_after_one_minute_and_then_ever_later_up_to_half_an_hour(
    office: Play,
) -> None:
    waits = []
    for _ in range(8):
        route_outages.fail(office.session, NAME, "connection refused", office.engine.now)
        next_try = route_of(office).next_try_at
        assert next_try is not None
        waits.append((next_try - office.engine.now.at) // dt.timedelta(minutes=1))

    assert waits == [1, 2, 4, 8, 16, 30, 30, 30]


def test_a_route_sends_in_its_hours_only_and_says_when_again(office: Play) -> None:
    route = route_of(office)
    route.sends_on, route.sends_from_hour, route.sends_until_hour = "12345", 8, 18
    local = office.engine.now.at.astimezone(office.engine.now.zone)
    saturday = local.date() + dt.timedelta(days=(5 - local.weekday()) % 7)
    office.engine.set_clock(
        dt.datetime.combine(saturday, dt.time(12), tzinfo=office.engine.now.zone).astimezone(dt.UTC)
    )

    opens = opens_at(route, office.engine.now).astimezone(office.engine.now.zone)

    assert not is_open(route, office.engine.now)
    assert (opens.weekday(), opens.hour) == (0, 8)
    assert "sends again on Monday at 08:00" in (stops(route, office.engine.now) or "")


def test_a_payer_that_does_not_take_our_claims_yet_holds_them_with_one_task(office: Play) -> None:
    payer = office.session.scalars(select(Payer).where(Payer.payer_no == "ALPHA")).one()
    ada = office.people[Role.ADMINISTRATOR]
    put(office.session, payer, "837P", "pending", office.engine.now, ada)

    visit(office, "A1", until_sent=False)
    visit(office, "B1", patient="P2", until_sent=False)
    office.pass_to(4)
    (task,) = office.open_tasks()
    before = sent(office)
    row = office.session.scalars(select(Enrolment)).one()
    enrolment_keeping.move(office.session, row, "production", office.engine.now, ada)
    office.react()
    office.pass_to(5)

    assert before == []
    assert task.kind is TaskKind.EXCHANGE_PROBLEM
    assert "asked for, not granted yet" in task.reason
    assert office.open_tasks() == []
    assert sum(content.count(b"CLM*") for content in sent(office)) == 2


@pytest.mark.parametrize(
    ("status", "usage", "goes"),
    [
        ("not_enrolled", "T", False),
        ("pending", "T", False),
        ("test", "T", True),
        ("test", "P", False),
        ("production", "P", True),
    ],
)
def test_an_enrolment_lets_through_what_it_says(
    office: Play, status: str, usage: str, goes: bool
) -> None:
    payer = office.session.scalars(select(Payer).where(Payer.payer_no == "ALPHA")).one()
    route_of(office).usage = usage
    office.acknowledges = False
    ada = office.people[Role.ADMINISTRATOR]
    put(office.session, payer, "837P", status, office.engine.now, ada)

    visit(office, until_sent=False)
    office.engine.set_clock(office.engine.now.at + dt.timedelta(hours=5))
    office.react()

    assert bool(sent(office)) is goes


def test_an_answer_marked_as_a_test_is_quarantined_on_a_route_that_counts(office: Play) -> None:
    visit(office)
    route_of(office).usage = "P"

    taken = office.session.scalars(select(RawFile).order_by(RawFile.id.desc())).first()
    assert taken is not None
    content = taken.content.replace(b"*T*:~", b"*T*:~\n", 1)
    judged = inbox.take_in(office.session, NAME, "late.x12", content, office.engine.now)

    assert judged.verdict is inbox.Verdict.QUARANTINED
    assert "segment 1 (ISA), element 15: it is marked T" in judged.sentences[-1]


def test_a_payer_reached_through_another_route_goes_with_its_ids_and_its_batch(
    office: Play,
) -> None:
    office.session.add(Route(name="direct", sender_id="CEDAR", receiver_id="ALPHAEDI"))
    payer = office.session.scalars(select(Payer).where(Payer.payer_no == "ALPHA")).one()
    row = office.session.scalars(
        select(PayerRoute).where(
            PayerRoute.payer_id == payer.id, PayerRoute.transaction_kind == "837"
        )
    ).one()
    row.route = "direct"

    visit(office)

    (content,) = sent(office)
    batch = office.session.scalars(select(Batch)).one()
    isa = content.split(b"~")[0].split(b"*")
    assert (isa[6].strip(), isa[8].strip(), batch.route) == (b"CEDAR", b"ALPHAEDI", "direct")


def test_a_file_marked_for_a_test_is_refused_by_a_route_that_counts_and_written_anew(
    office: Play,
) -> None:
    visit(office, until_sent=False)
    office.engine.set_clock(office.engine.now.at + dt.timedelta(hours=5))
    office.react()
    row = office.session.scalars(select(Outbox).where(Outbox.name.like("837p-%"))).one()
    route_of(office).usage = "P"

    refused = unsent.refuse_if_wrong(office.session, row, office.engine.now)
    (task,) = [t for t in office.open_tasks() if t.kind is TaskKind.EXCHANGE_PROBLEM]
    office.answer(TaskKind.EXCHANGE_PROBLEM)

    batch = office.session.scalars(select(Batch).where(Batch.kind == "837p")).one()
    anew = office.session.get_one(Outbox, batch.outbox_id)
    assert refused
    assert "segment 1 (ISA), element 15" in task.reason
    assert (row.state, row.sent_at, anew.state) == ("refused", None, "waiting")
    assert anew.content[102:103] == b"P"
    assert f"{batch.control_number:09d}".encode() in anew.content
    assert anew.name != row.name
    assert not unsent.refuse_if_wrong(office.session, anew, office.engine.now)


def test_an_acknowledgment_is_awaited_from_the_day_on_which_the_file_really_left(
    office: Play,
) -> None:
    visit(office, until_sent=False)
    office.acknowledges = False
    office.engine.set_clock(office.engine.now.at + dt.timedelta(hours=5))
    office.react()
    row = office.session.scalars(select(Outbox).where(Outbox.name.like("837p-%"))).one()
    row.state, row.sent_at = "waiting", None
    route_outages.fail(office.session, NAME, "connection refused", office.engine.now)

    office.pass_to(12)
    during = [task for task in office.open_tasks() if task.kind is TaskKind.FOLLOW_UP]
    late = departures.not_yet_due(
        office.session, submissions.latest(office.session, office.claim("A1")), office.engine.now
    )
    route_outages.work(office.session, NAME, office.engine.now)
    row.state, row.sent_at = "done", office.engine.now.at
    office.session.flush()
    office.pass_to(14)
    soon_after = [task for task in office.open_tasks() if task.kind is TaskKind.FOLLOW_UP]
    office.pass_to(24)
    later = [task for task in office.open_tasks() if task.kind is TaskKind.FOLLOW_UP]

    assert (during, soon_after, len(later)) == ([], [], 1)
    assert late is not None
    assert "is down since" in late.words
    assert office.claim("A1").stage is ClaimStage.SUBMITTED


def test_a_lost_file_goes_again_with_the_same_bytes_and_only_once_it_has_gone(
    office: Play,
) -> None:
    visit(office)
    row = office.session.scalars(select(Outbox).where(Outbox.name.like("837p-%"))).one()
    batch = office.session.scalars(select(Batch).where(Batch.outbox_id == row.id)).one()
    batch.ta1_at = batch.acknowledged_at = None
    name, content = row.name, row.content
    ada, now = office.people[Role.ADMINISTRATOR], office.engine.now
    row.state = "waiting"
    with pytest.raises(Refused, match="has not gone yet"):
        file_resends.send_again(office.session, row, "lost", ada, now, insists=False)
    row.state, row.sent_at = "done", now.at
    office.session.flush()

    file_resends.send_again(office.session, row, "lost at the partner", ada, now, insists=False)

    (again,) = file_resends.times(office.session, row)
    assert (row.state, row.name, row.content) == ("waiting", name, content)
    assert (again.because, again.insisted) == ("lost at the partner", False)
    told = office.session.scalars(select(AuditEvent.words).where(AuditEvent.object_kind == "file"))
    assert told.all() == ["lost at the partner"]


def test_a_file_that_was_acknowledged_goes_again_only_if_the_person_insists(office: Play) -> None:
    visit(office)
    row = office.session.scalars(select(Outbox).where(Outbox.name.like("837p-%"))).one()
    batch = office.session.scalars(select(Batch).where(Batch.outbox_id == row.id)).one()
    row.state, row.sent_at = "done", office.engine.now.at
    batch.acknowledged_at = office.engine.now.at
    office.session.flush()
    sam, now = office.people[Role.SUPERVISOR], office.engine.now

    with pytest.raises(Refused, match="It was acknowledged on"):
        file_resends.send_again(office.session, row, "lost", sam, now, insists=False)
    file_resends.send_again(office.session, row, "lost", sam, now, insists=True)

    assert [one.insisted for one in office.session.scalars(select(Resend))] == [True]


def test_a_servers_key_counts_once_a_person_has_confirmed_the_one_that_they_saw(
    office: Play,
) -> None:
    route, ada = route_of(office), office.people[Role.ADMINISTRATOR]
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3Ilu4cUxAbJ8Fhqp6bUJg0iYVxVZVvfFcZbP8HqGgM"
    route.offered_key = key
    with pytest.raises(Refused, match="shows another key than this one"):
        host_keys.confirm(office.session, route, "SHA256:other", ada, office.engine.now)

    host_keys.confirm(office.session, route, host_keys.fingerprint(key), ada, office.engine.now)

    assert route.host_key == key
    assert not route.offered_key


@pytest.mark.parametrize(("action", "state"), [("came", "done"), ("lost", "waiting")])
def test_a_file_of_which_nobody_knows_whether_it_came_is_settled_by_the_partners_word(
    office: Play, action: str, state: str
) -> None:
    office.acknowledges = False
    visit(office)
    row = office.session.scalars(select(Outbox).order_by(Outbox.id.desc()).limit(1)).one()
    row.state, row.sent_at = "done", office.engine.now.at
    unsent.ask_whether_it_came(office.session, row, office.engine.now)
    (task,) = [one for one in office.open_tasks() if one.kind is TaskKind.EXCHANGE_PROBLEM]

    office.answer(TaskKind.EXCHANGE_PROBLEM, action=action)

    assert row.name in task.reason
    assert row.state == state
    assert len(office.session.scalars(select(Resend)).all()) == (action == "lost")
