"""A paper EOB keyed wrongly is taken back by a reversal of our own, whole, and keyed again."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from casework import eob_undoing, inbox, keyed_eobs
from casework.moment import moment
from casework.posting import payer_refunds
from casework.posting.steps import post_some
from casework.refusals import Forbidden, Refused, Stale
from casework.steps import denials
from db.models import BankLine, Entry, KeyedEob, Remittance, User
from domain.encounter import ClaimStage, Stage
from domain.keyed_eob import TypedEob, TypedProviderAdjustment
from domain.tasks import Role, TaskKind
from tests.casework import factories
from tests.casework.payer_files import Era, remittance_file
from tests.casework.payer_world import PayerWorld, originator, payer_world
from tests.casework.test_keyed_eobs import CHARGE, PAID_ON, claim_of, keyed, typed

# Long enough for a file to be taken in, were it not to wait.
MEANWHILE = 2.0
RIGHT = (("CO", "45", "85.00"), ("PR", "2", "25.00"))
WRONG = (("CO", "45", "85.00"), ("PR", "3", "25.00"))


def undone(world: PayerWorld, row: Remittance, because: str = "the wrong line") -> Remittance:
    """Undone, and stepped as its workflow does."""
    back = eob_undoing.undo(world.session, row, because, world.biller, world.now)
    while not post_some(world.session, back, world.now):
        pass
    return back


def test_everything_that_it_posted_is_taken_back_and_nothing_is_changed(
    world: PayerWorld, balanced: Callable[[], None]
) -> None:
    claim = claim_of(world)
    before = world.balances()
    row = keyed(world, typed(world, claim, *WRONG, paid="110.00"))
    posted = world.session.scalars(select(Entry.id).order_by(Entry.id)).all()

    back = undone(world, row)

    balanced()
    assert world.balances() == before
    every = world.session.scalars(select(Entry).order_by(Entry.id)).all()
    assert [entry.id for entry in every][: len(posted)] == posted
    (answer,), (original,) = back.claims, row.claims
    assert (answer.status, answer.reverses_id, back.paid_cents) == ("22", original.id, -11_000)
    assert (row.undone_because, back.undoes_id) == ("the wrong line", row.id)


def test_the_claim_waits_for_an_answer_again(world: PayerWorld) -> None:
    claim = claim_of(world)
    row = keyed(world, typed(world, claim, *WRONG, paid="110.00"))
    claim.stage = ClaimStage.SETTLED
    claim.encounter.stage = Stage.PATIENT

    undone(world, row)
    words = denials.judge(world.session, claim, world.now)

    assert words == "The answer of ALPHA was taken back: waiting for the corrected one"
    assert (claim.stage, claim.outcome) == (ClaimStage.ADJUDICATED, "awaits correction")
    assert claim.encounter.stage is Stage.CLAIMS
    (line,) = claim.encounter.charge_lines
    assert world.owed(line) == CHARGE


def test_a_denial_keyed_wrongly_is_over_with_its_task(world: PayerWorld) -> None:
    claim = claim_of(world)
    eob = replace(typed(world, claim, ("CO", "50", "220.00"), paid="0.00"), method="NON")
    row = keyed(world, eob)
    denials.judge(world.session, claim, world.now)
    assert [task.kind for task in world.open_tasks()] == [TaskKind.DENIAL]

    undone(world, row)

    assert world.open_tasks() == []
    assert [status for *_, status in world.denials()] == ["resolved"]


def test_the_same_check_is_keyed_again_and_meets_its_money(
    world: PayerWorld, balanced: Callable[[], None]
) -> None:
    claim = claim_of(world)
    line = BankLine(
        booked_on=PAID_ON, trace="T1", payer_tin="", amount_cents=11_000,
        words="check", source_key="1",
    )  # fmt: skip
    world.session.add(line)
    world.session.flush()
    wrong = typed(world, claim, *WRONG, paid="110.00")
    typed_first = keyed_eobs.begin(world.session, world.biller, world.now)
    keyed_eobs.save(world.session, typed_first, wrong, world.biller, world.now)
    row = keyed_eobs.post(world.session, typed_first, wrong, world.biller, world.now)
    post_some(world.session, row, world.now)
    undone(world, row)

    draft = eob_undoing.key_again(world.session, row, world.biller, world.now)
    again = keyed(world, typed(world, claim, *RIGHT, paid="110.00"))

    balanced()
    assert keyed_eobs.typed_of(draft).claims[0].lines[0].reasons[1].amount == "25.00"
    assert (row.bank_matched_at, line.remittance_id) == (None, again.id)
    assert world.balances()["cash:bank"] == 11_000
    assert world.balances()["ar:patient"] == 2_500
    assert claim.outcome == "paid"


def test_what_stood_beside_the_claims_is_taken_back_too(
    world: PayerWorld, balanced: Callable[[], None]
) -> None:
    claim = claim_of(world)
    before = world.balances()
    provider = (
        TypedProviderAdjustment(code="L6", effect="raises", amount="1.50"),
        TypedProviderAdjustment(code="WO", effect="lowers", amount="20.00", reference="ICN0"),
    )
    eob = typed(world, claim, *WRONG, paid="110.00")
    row = keyed(world, replace(eob, amount="91.50", provider=provider))

    undone(world, row)

    balanced()
    assert world.balances() == before


def test_it_may_be_undone_once_more_after_it_was_keyed_again(
    world: PayerWorld, balanced: Callable[[], None]
) -> None:
    claim = claim_of(world)
    before = world.balances()
    eob = replace(typed(world, claim, ("CO", "50", "220.00"), paid="0.00"), method="NON")
    for _ in range(2):
        undone(world, keyed(world, eob))

    balanced()
    assert world.balances() == before
    assert world.session.scalar(select(func.count()).select_from(Remittance)) == 4


def test_the_835_of_an_undone_check_posts(world: PayerWorld) -> None:
    claim = claim_of(world)
    undone(world, keyed(world, typed(world, claim, *WRONG, paid="110.00")))

    judged = world.pays(world.answer_of(claim, ("CO", "45", 8500), ("PR", "3", 2500)), trace="T1")

    assert judged.verdict == "taken"
    assert claim.outcome == "paid"


def test_the_second_person_learns_who_was_first(world: PayerWorld) -> None:
    row = keyed(world, typed(world, claim_of(world), *WRONG, paid="110.00"))
    undone(world, row)

    with pytest.raises(Stale, match="undid this posting first"):
        undone(world, row)


def test_only_who_posts_may_undo_and_only_for_a_reason(world: PayerWorld) -> None:
    row = keyed(world, typed(world, claim_of(world), *WRONG, paid="110.00"))
    coder = User(
        username="cora", full_name="Cora", role=Role.CODER, password_hash="x", is_active=True
    )
    world.session.add(coder)
    world.session.flush()

    with pytest.raises(Forbidden):
        eob_undoing.undo(world.session, row, "wrong", coder, world.now)
    with pytest.raises(Refused, match="Say why"):
        undone(world, row, " ")
    assert row.undone_at is None


def test_what_came_as_a_file_is_its_payers_to_take_back(world: PayerWorld) -> None:
    claim = claim_of(world)
    world.pays(world.answer_of(claim, ("CO", "45", 8500), ("PR", "3", 2500)), trace="T1")
    (row,) = world.session.scalars(select(Remittance)).all()

    with pytest.raises(Refused, match="only its payer takes it back"):
        undone(world, row)


def test_what_is_in_question_or_took_something_back_stands(world: PayerWorld) -> None:
    claim = claim_of(world)
    eob: TypedEob = typed(world, claim, *WRONG, paid="110.00")
    stranger = replace(eob.claims[0], pcn="NOBODYS", payer_claim_number="", lines=())
    lines = (replace(eob.claims[0].lines[0], control="", charge="50.00", paid="50.00", reasons=()),)
    open_question = keyed(
        world,
        replace(eob, amount="160.00", claims=(*eob.claims, replace(stranger, lines=lines))),
    )

    with pytest.raises(Refused, match="Not all of it is posted yet"):
        undone(world, open_question)
    assert eob_undoing.obstacle(world.session, open_question) != ""


def test_it_stands_while_its_money_was_sent_back(world: PayerWorld) -> None:
    claim = claim_of(world)
    row = keyed(world, typed(world, claim, *WRONG, paid="110.00"))
    supervisor = factories.user(world.session, "Sol", Role.SUPERVISOR)
    payer_refunds.send(
        world.session, claim.payer, 100, reference="R1", because="asked for", by=supervisor,
        now=world.now, is_ahead=True,
    )  # fmt: skip

    with pytest.raises(Refused, match=r"ALPHA was sent money back: only \$109\.00"):
        undone(world, row)


def test_two_who_key_it_again_share_one_draft(world: PayerWorld) -> None:
    row = keyed(world, typed(world, claim_of(world), *WRONG, paid="110.00"))
    undone(world, row)
    # Keyed without a draft, as tests do, it has nothing of its own to begin with.
    before = world.session.scalars(select(KeyedEob).where(KeyedEob.remittance_id == row.id)).one()
    before.content = {"payer_no": row.originator.partition(":")[2], "trace": "T1"}
    world.session.flush()

    first = eob_undoing.key_again(world.session, row, world.biller, world.now)
    second = eob_undoing.key_again(world.session, row, world.biller, world.now)
    keyed_eobs.discard(world.session, first, world.biller, world.now)
    world.session.flush()
    third = eob_undoing.key_again(world.session, row, world.biller, world.now)

    assert (first.id, third.id == first.id) == (second.id, False)


def test_a_check_that_was_keyed_again_is_not_keyed_a_third_time(world: PayerWorld) -> None:
    claim = claim_of(world)
    row = keyed(world, typed(world, claim, *WRONG, paid="110.00"))
    undone(world, row)
    draft = eob_undoing.key_again(world.session, row, world.biller, world.now)
    again = keyed(world, typed(world, claim, *RIGHT, paid="110.00"))
    posted = world.session.scalars(select(KeyedEob).where(KeyedEob.remittance_id == again.id)).one()
    posted.again_of_id, draft.ended_at = row.id, world.now.at
    world.session.flush()

    with pytest.raises(Refused) as refusal:
        eob_undoing.key_again(world.session, row, world.biller, world.now)

    assert "keyed again already, as T1" in refusal.value.problems["because"].words


def test_a_file_of_the_check_that_comes_meanwhile_waits_and_posts(database_url: str) -> None:
    engine = create_engine(database_url)
    judged: list[str] = []
    with Session(engine, expire_on_commit=False) as session:
        world = payer_world(session)
        claim = claim_of(world)
        row = keyed(world, typed(world, claim, *WRONG, paid="110.00"))
        said = world.answer_of(claim, ("CO", "45", 8500), ("PR", "3", 2500))
        era = Era(claims=(said,), payer="ALPHA", originator=originator("ALPHA"), trace="T1")
        session.commit()

        def take_in() -> None:
            with Session(engine) as other, other.begin():
                content = remittance_file(era, isa=7)
                result = inbox.take_in(other, "clearinghouse", "a.x12", content, moment(other))
                judged.append(result.verdict)

        eob_undoing.undo(session, row, "wrong", world.biller, world.now)
        coming = threading.Thread(target=take_in)
        coming.start()
        coming.join(MEANWHILE)
        was_waiting = coming.is_alive()
        session.commit()
        coming.join()
    engine.dispose()

    assert (was_waiting, judged) == (True, ["taken"])
