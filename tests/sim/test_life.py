"""Whole lives of small worlds: files in, files out, and the same money whatever happens between."""

import datetime as dt
import io
import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import oxedi
import pytest
import pyx12.params
import pyx12.x12n_document

from edi.read import read
from sim.adjudication import expected_of
from sim.draw import shuffled
from sim.world import Encounter
from tests.edi.oracle_835 import (
    foreign_levels,
    foreign_sums,
    our_levels,
    our_remittances,
    our_sums,
)

Open = Callable[..., Any]


def paid_by_encounter(practice: Any) -> Counter[str]:
    paid: Counter[str] = Counter()
    for row in practice.books()["by_claim"]:
        paid[row["encounter"]] += row["paid_cents"]
    return paid


def expected_by_encounter(encounters: Sequence[Encounter]) -> Counter[str]:
    """A stay under its first visit, as its payer knows it."""
    expected: Counter[str] = Counter()
    for one in encounters:
        expected[one.stay or one.key] += expected_of(one)
    return expected


@pytest.mark.parametrize("seed", [7, 11])
def test_a_practice_that_does_every_cure_earns_what_the_script_pays(
    practice_at: Open, seed: int
) -> None:
    practice = practice_at(seed=seed, encounters=60)

    practice.live()

    paid = paid_by_encounter(practice)
    priced = [one for one in practice.world.encounters if one.flaw != "fee"]
    expected = expected_by_encounter(priced)
    assert {key: paid[key] for key in expected} == expected
    assert all(bill.answered for bill in practice.bills.values())


def test_three_hundred_encounters_have_the_promised_variety(practice_at: Open) -> None:
    practice = practice_at(seed=1, encounters=300)

    practice.live()

    counts = practice.books()["counts"]
    received = counts["received"]
    assert counts["rejected"] >= received * 0.02
    assert counts["denied"] >= received * 0.08
    assert counts["partly_denied"] >= received * 0.03
    assert counts["secondary"] >= 15
    assert counts["crossovers"] >= 5
    assert counts["reversals"] >= 3
    assert counts["provider_adjustments"] >= 3
    assert counts["appeals"] >= 5


def test_every_835_is_balanced_and_well_formed(lived: Any) -> None:
    assert len(lived.files_835) > 30
    for text in lived.files_835:
        assert [str(one) for one in oxedi.parse(text.encode()).diagnostics] == []
        parameters = pyx12.params.params()
        assert pyx12.x12n_document.x12n_document(parameters, io.StringIO(text), None, None), text
        assert read(text.encode()).findings == ()
        assert our_levels(text.encode()) == set()


def test_our_reader_sums_every_835_as_a_foreign_one_does(lived: Any) -> None:
    for text in lived.files_835:
        data = text.encode()
        assert len(our_remittances(data)) == len(read(data).sets) > 0
        assert our_sums(data) == foreign_sums(data)


def test_the_unbalanced_file_is_out_of_balance_for_both_readers(lived: Any) -> None:
    wrong = next(lived.home.glob("exchange/inbound/clearinghouse/*-first.x12")).read_bytes()
    assert our_levels(wrong) == foreign_levels(wrong) != set()


def test_the_unbalanced_file_comes_again_right_under_the_same_trace(lived: Any) -> None:
    wrong = next(lived.home.glob("exchange/inbound/clearinghouse/*-first.x12"))
    right = wrong.with_name(wrong.name.replace("-first", ""))
    assert oxedi.parse(wrong.read_bytes()).diagnostics
    assert not oxedi.parse(right.read_bytes()).diagnostics
    assert _trace(wrong.read_text()) == _trace(right.read_text())


def _trace(text: str) -> str:
    element = text[3]
    return text.split(f"TRN{element}1{element}")[1].split(element, maxsplit=1)[0]


def test_a_trace_is_in_one_file_only_but_for_what_is_sent_again(lived: Any) -> None:
    traces = Counter(map(_trace, lived.files_835))
    assert max(traces.values()) == 1


def test_the_order_of_arrival_changes_no_money(practice_at: Open) -> None:
    straight = practice_at("straight", seed=9, encounters=60)
    mixed = practice_at("mixed", seed=9, encounters=60, over_days=4)
    mixed.reorder = lambda bills: shuffled(bills, "another order")

    straight.live()
    mixed.live()

    assert paid_by_encounter(straight) == paid_by_encounter(mixed)


def test_a_restart_every_day_changes_nothing(practice_at: Open) -> None:
    steady = practice_at("steady", seed=7, encounters=60)
    restarted = practice_at("restarted", seed=7, encounters=60)
    restarted.restarts = True

    steady.live()
    restarted.live()

    assert restarted.books() == steady.books()


def test_a_kill_between_commit_and_delivery_writes_the_same_bytes(practice_at: Open) -> None:
    practice = practice_at(seed=7, encounters=30)
    for _ in range(40):
        practice.step()
    inbound = practice.home / "exchange" / "inbound"
    before = {path: path.read_bytes() for path in inbound.glob("*/*")}

    practice.sim.store.db.execute("update outfile set delivered = 0")
    practice.step()

    assert {path: path.read_bytes() for path in before} == before


def test_a_death_inside_a_day_leaves_the_day_undone(
    practice_at: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    practice = practice_at(seed=7, encounters=30)
    for _ in range(8):
        practice.step()
    books = practice.books()

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.remittance._deliver", die)
    with pytest.raises(KeyboardInterrupt):
        practice.live()

    assert practice.books()["traces"] == books["traces"]
    assert practice.books()["payments"] == books["payments"]


def test_the_books_equal_the_files(practice_at: Open) -> None:
    practice = practice_at(seed=8, encounters=60)

    practice.live()

    books = practice.books()
    from_files = sum(_bpr_cents(text) for text in practice.files_835)
    assert from_files == books["totals"]["bank_cents"]
    assert (
        books["totals"]["insurance_paid_cents"] - books["totals"]["plb_cents"]
        == books["totals"]["bank_cents"]
    )


def _bpr_cents(text: str) -> int:
    element = text[3]
    return round(float(text.split(f"BPR{element}")[1].split(element)[1]) * 100)


def test_a_claim_sent_twice_is_counted_and_paid_once(practice_at: Open) -> None:
    practice = practice_at(seed=7, encounters=12, over_days=1)
    practice.step()
    outbound = practice.home / "exchange/outbound/clearinghouse"
    while not (sent := sorted(outbound.glob("837p-*"))):
        practice.step()

    (outbound / "837p-999999999.x12").write_bytes(sent[0].read_bytes())
    practice.live()

    twice = [one for one in practice.books()["claims"] if one["times"] == 2]
    assert len(twice) == sent[0].read_text().count("CLM*")
    paid = paid_by_encounter(practice)
    priced = [one for one in practice.world.encounters if one.flaw != "fee"]
    for key, cents in expected_by_encounter(priced).items():
        assert paid[key] == cents


def test_the_same_interchange_number_again_is_refused_by_ta1(practice_at: Open) -> None:
    practice = practice_at(seed=7, encounters=12, over_days=1)
    outbound = practice.home / "exchange/outbound/clearinghouse"
    while not (sent := sorted(outbound.glob("837p-*"))):
        practice.step()

    (outbound / "837p-999999999.x12").write_bytes(sent[0].read_bytes())
    practice.step()

    answer = practice.home / "exchange/inbound/clearinghouse/ack-837p-999999999.x12"
    assert "*R*025~" in answer.read_text()


def test_a_truncated_file_is_refused_by_ta1_and_nothing_is_received(practice_at: Open) -> None:
    practice = practice_at(seed=7, encounters=6)
    practice.step()
    outbound = practice.home / "exchange/outbound/clearinghouse"
    outbound.mkdir(parents=True, exist_ok=True)
    head = f"ISA*00*{'':10}*00*{'':10}*ZZ*{'A':15}*ZZ*{'B':15}*260105*0900*^*00501*000000777*0*T*:~"

    (outbound / "837p-000000777.x12").write_text(head + "\nGS*HC*A*B~\n")
    practice.sim.step(practice_noon(practice))

    answer = practice.home / "exchange/inbound/clearinghouse/ta1-837p-000000777.x12"
    assert "TA1*000000777" in answer.read_text()
    assert "*R*023~" in answer.read_text()


def practice_noon(practice: Any) -> dt.datetime:
    return dt.datetime.combine(practice.today, dt.time(12), dt.UTC)


def test_a_statement_is_paid_by_check_and_the_books_know(practice_at: Open) -> None:
    practice = practice_at(seed=7, encounters=6)
    folder = practice.home / "exchange/outbound/statements"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(40):
        manifest = {
            "statement_no": f"S{number:08}",
            "account_no": f"G{number:08}",
            "amount_cents": 2600 + number,
            "cycle": 1,
            "kind": "statement",
        }
        (folder / f"statement-S{number:08}.json").write_text(json.dumps(manifest))

    for _ in range(60):
        practice.step()

    lines = [
        line.split(",")
        for path in practice.home.glob("exchange/inbound/lockbox/*.csv")
        for line in path.read_text().splitlines()[1:]
    ]
    paid = sum(int(line[3]) for line in lines)
    assert paid == practice.books()["totals"]["patient_paid_cents"]
    assert 0 < paid < 40 * 2600


def test_a_patient_is_known_by_the_lines_of_a_statement_not_by_its_number(
    practice_at: Open,
) -> None:
    habits = []
    for number, name in ((1, "one"), (77, "other")):
        practice = practice_at(name, seed=7, encounters=12, over_days=1)
        for _ in range(4):
            practice.step()
        bill = practice.bills[min(practice.bills)]
        folder = practice.home / "exchange/outbound/statements"
        folder.mkdir(parents=True, exist_ok=True)
        manifest = {
            "statement_no": f"S{number:08}",
            "account_no": f"G{number:08}",
            "amount_cents": 100 * number,
            "cycle": 1,
            "kind": "statement",
            "lines": [{"line": bill.lines[0].control, "cents": 100 * number}],
        }
        (folder / f"statement-S{number:08}.json").write_text(json.dumps(manifest))
        practice.step()
        row = practice.sim.store.db.execute("select person from statement").fetchone()
        habits.append(row["person"])
        assert row["person"] == bill.encounter.patient.mrn

    assert habits[0] == habits[1]


def test_payers_write_with_separators_of_their_own(lived: Any) -> None:
    assert {(text[3], text[104]) for text in lived.files_835} == {("*", ":"), ("|", ">")}


def test_a_file_that_means_nothing_is_named_in_the_books_and_stops_nobody(
    practice_at: Open,
) -> None:
    practice = practice_at(seed=7, encounters=6)
    practice.step()
    folder = practice.home / "exchange/outbound/mail"
    folder.mkdir(parents=True, exist_ok=True)

    (folder / "appeal-M00000001.json").write_text("{")
    (folder / "appeal-M00000002.json").write_text("{}")
    practice.live()

    unreadable = practice.books()["unreadable"]
    assert [one["name"] for one in unreadable] == ["appeal-M00000001.json", "appeal-M00000002.json"]
