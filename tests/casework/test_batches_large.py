"""Many claims at once: batches are bounded by their route, and no bad claim holds the rest."""

from sqlalchemy import select

from casework import routes
from db.models import Batch, Encounter, Submission
from domain.encounter import ClaimStage
from domain.tasks import TaskKind
from tests.casework.office import CHARGE, sent, today
from tests.scenarios.play import Play

# No letter of it can be said in X12.
UNWRITABLE = "名"
CLAIMS = 60
ROUTE_MAX = 24
# One of the first batch, several of the second, the first and the last of the third.
BAD = frozenset({12, 25, 26, 36, 48, 49, 60})


def test_bad_claims_never_hold_the_rest_of_full_batches(office: Play) -> None:
    routes.lock(office.session, "clearinghouse").batch_claims_max = ROUTE_MAX
    made = dict(enumerate(visits(office, CLAIMS), 1))
    for place in BAD:
        made[place].patient.last_name = UNWRITABLE

    office.pass_to(today(office) + 1)

    files = sent(office)
    assert [file.count(b"CLM*") for file in files] == [23, 20, 10]
    for place, name in enumerate(office.encounters, 1):
        claim = office.claim(name)
        pcn = office.submissions(claim)[0].pcn.encode()
        assert sum(b"CLM*" + pcn + b"*" in file for file in files) == (place not in BAD)
        assert claim.stage is (ClaimStage.EDITS if place in BAD else ClaimStage.SUBMITTED)
    tasks = office.open_tasks()
    assert {task.kind for task in tasks} == {TaskKind.EDIT_FIX}
    assert sorted(task.encounter_id or 0 for task in tasks) == sorted(
        made[place].id for place in BAD
    )
    numbers = office.session.scalars(select(Batch.control_number)).all()
    assert len(set(numbers)) == len(numbers) == len(files)


def test_a_batch_is_never_larger_than_the_route_takes(office: Play) -> None:
    """Neither when the route's size is made smaller while more than that already waits."""
    count = 13
    visits(office, count)
    office.react()
    waiting = sent(office)

    routes.lock(office.session, "clearinghouse").batch_claims_max = 5
    office.pass_to(today(office) + 1)

    assert waiting == []
    assert [file.count(b"CLM*") for file in sent(office)] == [5, 5, 3]
    batch_ids = office.session.scalars(select(Submission.batch_id)).all()
    assert (len(batch_ids), None in batch_ids) == (count, False)


def visits(office: Play, count: int, prefix: str = "A") -> list[Encounter]:
    """Charted, each for a patient of its own; nothing has been done about them."""
    office.acknowledges = False
    lines = [{"n": 1, "code": "99213", "charge": CHARGE}]
    for n in range(1, count + 1):
        office.register(
            {"kind": "charge", "claim": f"{prefix}{n}", "payer": "ALPHA", "next": [],
             "patient": f"{prefix}P{n}", "diagnoses": ["E11.9"], "place": "11", "lines": lines}
        )  # fmt: skip
    return list(office.encounters.values())
