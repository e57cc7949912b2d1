import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import answers, write_offs
from casework.refusals import Refused
from db.models import Claim, Coverage, RemitClaim, Remittance, Task
from domain.denials import WriteOffReason
from domain.encounter import ClaimStage
from tests.casework.payer_files import Clp, Svc
from tests.casework.payer_world import PayerWorld, payer_world


@pytest.fixture
def world(session: Session) -> PayerWorld:
    return payer_world(session)


def unmatched(world: PayerWorld, claim: Claim, **said: object) -> Clp:
    """An answer under a control number that nobody here knows."""
    line = world.lines(claim)[0]
    svc = Svc(code=line.code, charge=line.charge_cents or 0, reasons=[("CO", "45", 6000)])
    member = world.session.scalars(
        select(Coverage.member_id).where(Coverage.id == claim.coverage_id)
    ).one()
    usual = {
        "pcn": "PT0001",
        "lines": [svc],
        "icn": "ICN9",
        "member_id": member,
        "service_on": claim.encounter.service_on,
    }
    return Clp(**{**usual, **said})  # type: ignore[arg-type]


def only_task(world: PayerWorld) -> Task:
    (task,) = world.open_tasks()
    return task


def recommended(world: PayerWorld, task: Task) -> str:
    asked = answers.question(world.session, task)
    return next(field.values[0] for field in asked.fields if field.name == "action")


def test_an_unmatched_answer_is_one_question_and_the_others_go_on(world: PayerWorld) -> None:
    claim, other = (world.claim(world.encounter([("99213", 15000)])) for _ in range(2))

    judged = world.pays(unmatched(world, claim), world.answer_of(other, ("CO", "45", 6000)))

    task = only_task(world)
    remittance = world.session.get_one(Remittance, judged.remittance_ids[0])
    assert task.details["case"] == "unmatched"
    assert task.amount_cents == 9000
    assert other.stage is ClaimStage.ADJUDICATED
    assert remittance.posted_at is not None
    assert world.balances()["clearing:ALPHA"] == -9000


def test_the_claim_that_agrees_in_everything_is_recommended_and_posted(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15000)]))
    world.pays(unmatched(world, claim))
    task = only_task(world)

    chosen = recommended(world, task)
    world.answer(task)

    assert chosen == f"claim:{claim.id}"
    assert claim.stage is ClaimStage.ADJUDICATED
    assert "clearing:ALPHA" not in world.balances()


def test_candidates_stand_in_the_order_of_what_speaks_for_them(world: PayerWorld) -> None:
    other = world.claim(world.encounter([("99213", 99000)]))
    claim = world.claim(world.encounter([("99213", 15000)]))
    world.pays(unmatched(world, claim))

    (action, *_) = answers.question(world.session, only_task(world)).fields

    assert [option.value for option in action.options] == [
        f"claim:{claim.id}",
        f"claim:{other.id}",
        "suspense",
    ]
    assert action.options[0].because == "same member, same date of service, same charge"


def test_without_a_sure_candidate_the_money_goes_into_suspense(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15000)]))
    world.pays(unmatched(world, claim, member_id="OTHER"))

    words = world.answer(only_task(world))

    assert words == "$90.00 put into suspense; no claim changed"
    assert world.balances() == {
        "revenue:charges": -15000,
        "ar:insurance:ALPHA": 15000,
        "cash:bank": 9000,
        "liability:suspense": -9000,
    }
    answer = world.session.scalars(select(RemitClaim)).one()
    assert answer.posting == "dismissed"


def test_the_second_of_two_biller_answers_changes_nothing(world: PayerWorld) -> None:
    from casework.refusals import Stale

    claim = world.claim(world.encounter([("99213", 15000)]))
    world.pays(unmatched(world, claim))
    task = only_task(world)
    version = task.version
    world.answer(task)
    before = world.balances()

    with pytest.raises(Stale):
        answers.answer(
            world.session,
            task.uuid,
            version=version,
            form={"action": ["suspense"]},
            by=world.biller,
        )

    assert world.balances() == before


def test_a_claim_that_was_not_offered_is_refused(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15000)]))
    foreign = world.claim(world.encounter([("99213", 15000)], ["BETA"]), "BETA")
    world.pays(unmatched(world, claim))

    with pytest.raises(Refused):
        world.answer(only_task(world), action=f"claim:{foreign.id}")


def test_a_line_that_means_none_of_ours_is_placed_by_a_person(world: PayerWorld) -> None:
    made = world.encounter([("99213", 15000), ("87880", 4000)])
    claim = world.claim(made)
    changed = [
        Svc(code="99212", charge=15000, reasons=[("CO", "45", 6000)]),
        Svc(code="87880", charge=4000, reasons=[("CO", "45", 2000)]),
    ]
    world.pays(Clp(pcn=world.pcn(claim), lines=changed))
    task = only_task(world)

    chosen = recommended(world, task)
    world.answer(task)

    assert (task.details["case"], chosen) == ("line", "post")
    assert [world.owed(line) for line in made.charge_lines] == [0, 0]


def test_two_lines_cannot_be_placed_on_one_charge_line(world: PayerWorld) -> None:
    made = world.encounter([("99213", 15000), ("87880", 4000)])
    claim = world.claim(made)
    changed = [Svc(code="99212", charge=15000), Svc(code="87880", charge=4000)]
    world.pays(Clp(pcn=world.pcn(claim), lines=changed))

    with pytest.raises(Refused) as refused:
        world.answer(only_task(world), line_1=str(made.charge_lines[1].id))

    assert list(refused.value.problems) == ["line_2"]


def test_a_charge_that_is_not_ours_is_not_spread(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15000)]))

    world.pays(Clp(pcn=world.pcn(claim), charge=14000, reasons=[("CO", "45", 5000)]))

    assert only_task(world).details["case"] == "charge"
    assert claim.stage is ClaimStage.ACCEPTED


def test_a_payment_for_what_was_given_up_takes_the_write_off_back(world: PayerWorld) -> None:
    from tests.casework import factories

    claim = world.claim(world.encounter([("99213", 4000)]))
    world.pays(world.answer_of(claim, ("CO", "50", 4000)))
    write_offs.ask(
        world.session, claim.encounter, side="insurance", reason=WriteOffReason.MEDICAL_NECESSITY,
        cents=4000, note="x", by=world.biller, now=world.now, charge_line=world.lines(claim)[0],
        is_small=True,
    )  # fmt: skip
    judged = world.pays(world.answer_of(claim, ("CO", "45", 1000), icn="ICN2"))
    factories.stop_clock(world.session, 4)
    world.post(judged)
    task = only_task(world)

    chosen = recommended(world, task)
    world.answer(task)

    assert (task.details["case"], chosen) == ("overposted", "undo_write_off")
    assert world.balances() == {
        "revenue:charges": -4000,
        "adj:contractual": 1000,
        "cash:bank": 3000,
    }


def test_trying_again_what_still_does_not_fit_says_why(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15000)]))
    world.pays(world.answer_of(claim, ("CO", "45", 6000)))
    world.pays(world.back(claim, ("CO", "45", 5000)))

    with pytest.raises(Refused) as refused:
        world.answer(only_task(world), action="post")

    assert "does not take back exactly" in refused.value.problems["action"].words


def test_the_page_shows_every_running_figure(world: PayerWorld) -> None:
    claim = world.claim(world.encounter([("99213", 15000)]))
    world.pays(world.answer_of(claim, ("CO", "45", 6000)))
    world.pays(world.back(claim, ("CO", "45", 5000)))

    asked = answers.question(world.session, only_task(world))

    titles = [section.title for section in asked.sections]
    assert titles == [
        "The payer's answer",
        "Its lines",
        f"Our books: {claim.encounter.encounter_no}",
    ]
    assert asked.sections[1].rows == (
        ("1", "99213", "−$150.00", "CO-45 −$50.00 leaves −$100.00", "−$100.00"),
    )
    assert asked.sections[2].rows == (("1", "99213", "$150.00", "$0.00"),)


def test_the_running_sum_comes_to_nothing_with_the_recommended_answer(world: PayerWorld) -> None:
    claim, other = (world.claim(world.encounter([("99213", 15000)])) for _ in range(2))
    world.pays(unmatched(world, claim), world.answer_of(other, ("CO", "45", 6000)))

    asked = answers.question(world.session, only_task(world))

    running = asked.running_sum
    assert running is not None
    assert running.came.cents == 18000
    assert [(amount.label, amount.cents) for amount in running.less] == [("posted", 9000)]
    recommended_values = {field.name: field.values for field in asked.fields}
    assert running.open_cents - running.placed_cents(recommended_values) == 0
    assert running.placed_cents({"action": ["nonsense"]}) == 0


def test_a_line_without_its_place_leaves_its_money_to_post(world: PayerWorld) -> None:
    made = world.encounter([("99213", 15000), ("87880", 4000)])
    claim = world.claim(made)
    changed = [
        Svc(code="99212", charge=15000, reasons=[("CO", "45", 6000)]),
        Svc(code="87880", charge=4000, reasons=[("CO", "45", 2000)]),
    ]
    world.pays(Clp(pcn=world.pcn(claim), lines=changed))

    asked = answers.question(world.session, only_task(world))

    running = asked.running_sum
    assert running is not None
    one_left = {"action": ["post"], "line_1": ["7"], "line_2": [""]}
    assert running.open_cents - running.placed_cents(one_left) == 2000
    assert running.open_cents - running.placed_cents({**one_left, "line_2": ["8"]}) == 0
    assert running.open_cents - running.placed_cents({"action": ["suspense"]}) == 0


def test_what_the_payer_kept_back_and_what_waits_elsewhere_are_parts_of_the_sum(
    world: PayerWorld,
) -> None:
    claims = [world.claim(world.encounter([("99213", 15000)])) for _ in range(2)]
    world.pays(
        unmatched(world, claims[0], member_id="OTHER1"),
        unmatched(world, claims[1], member_id="OTHER2", icn="ICN10"),
        plbs=[("WO", "OLD", 500)],
    )

    asked = [answers.question(world.session, task) for task in world.open_tasks()]

    for question in asked:
        running = question.running_sum
        assert running is not None
        assert [(amount.label, amount.cents) for amount in running.less] == [
            ("posted", 0),
            ("kept back", -500),
            ("open elsewhere", 9000),
        ]
        assert running.open_cents == running.placed_cents({"action": ["suspense"]}) == 9000
