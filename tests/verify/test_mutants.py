"""The judge is judged: everything that is broken on purpose is found by the promise it breaks."""

import pytest

from tests.verify.conftest import Breaker
from tests.verify.mutants import MUTANTS
from verify.main import PROMISES


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mutant_is_found(mutant: str, break_by: Breaker) -> None:
    sql, promise = MUTANTS[mutant]

    found = break_by(sql)

    assert promise in found


def test_every_promise_has_a_mutant() -> None:
    broken = {promise for _, promise in MUTANTS.values()}

    assert broken == {promise.name for promise in PROMISES}
