"""Open work against live workflows: each difference is named, whichever side it is on."""

from verify.engine import compare


def test_open_work_with_a_workflow_is_alive() -> None:
    found = compare(frozenset({"encounter:E00000001"}), frozenset({"encounter:E00000001"}))

    assert found == set()


def test_an_open_encounter_without_workflow_is_found() -> None:
    found = compare(frozenset({"encounter:E00000001"}), frozenset())

    assert found == {"encounter:E00000001 is open, but no workflow runs for it"}


def test_a_closed_encounter_with_a_workflow_is_found() -> None:
    found = compare(frozenset(), frozenset({"encounter:E00000001", "batch:clearinghouse"}))

    assert found == {"encounter:E00000001 is closed, but its workflow runs"}
