"""An 835 with thousands of claims goes in by the thousand, whole, or not at all."""

from collections.abc import Callable

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from bench.big_files import LINES_PER_CLAIM, write_remittance
from db import large_content
from db.models import PayerAlias, RawFile, RemitAdjustment, RemitClaim, RemitLine, Remittance
from tests.casework.payer_world import PayerWorld, payer_world

CLAIMS = 2_500
# Two for ids and three for rows, each thousand; the rest does not grow with the file.
STATEMENTS_MAX = 60


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("large") / "large.835"
    write_remittance(path, CLAIMS)
    return path.read_bytes()


@pytest.fixture
def world(session: Session) -> PayerWorld:
    world = payer_world(session)
    world.session.add(PayerAlias(alias="60101", payer_id=world.payer("ALPHA").id))
    world.session.flush()
    return world


def _count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_thousands_of_claims_are_stored_in_few_statements(
    world: PayerWorld, content: bytes
) -> None:
    sent: list[str] = []

    def note(*told: object) -> None:
        sent.append(str(told[2]))

    connection = world.session.connection()
    event.listen(connection, "before_cursor_execute", note)
    judged = world.take_in(content)
    event.remove(connection, "before_cursor_execute", note)

    assert judged.verdict == "taken", judged.sentences
    assert f"{CLAIMS} answers" in judged.sentences[0]
    assert _count(world.session, RemitClaim) == CLAIMS
    assert _count(world.session, RemitLine) == CLAIMS * LINES_PER_CLAIM
    assert _count(world.session, RemitAdjustment) == CLAIMS * LINES_PER_CLAIM * 2
    assert len(sent) <= STATEMENTS_MAX, sent
    (remittance,) = world.session.scalars(select(Remittance)).all()
    last = remittance.claims[-1]
    assert (last.ordinal, last.pcn) == (CLAIMS, f"C{CLAIMS}V1S1")
    assert last.charge_cents == sum(line.charge_cents for line in last.lines)


def test_a_large_file_is_kept_byte_by_byte_and_once(world: PayerWorld, content: bytes) -> None:
    first = world.take_in(content)
    again = world.take_in(content)

    assert len(content) >= large_content.LARGE
    assert (first.verdict, again.verdict) == ("taken", "repeated")
    assert world.session.scalars(select(RawFile.content)).all() == [content]


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-40],
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"~\nSE*", b"~\nSE*1", 1),
        lambda content: b"CAS*CO*45*1".join(content.rsplit(b"CAS*CO*45*", 1)),
    ],
    ids=["without its end", "half of it", "count of segments", "an amount near its end"],
)
def test_what_is_wrong_at_the_end_keeps_all_of_it_out(
    world: PayerWorld, content: bytes, damage: Callable[[bytes], bytes]
) -> None:
    judged = world.take_in(damage(content))

    assert judged.verdict == "quarantined", judged.sentences
    assert _count(world.session, Remittance) == 0
    assert _count(world.session, RemitClaim) == 0
