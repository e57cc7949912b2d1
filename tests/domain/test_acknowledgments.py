"""Only A and E accept the whole of what was sent."""

import pytest

from domain.acknowledgments import AckVerdict


@pytest.mark.parametrize("verdict", AckVerdict)
def test_only_accepted_and_accepted_with_errors_are_accepted(verdict: AckVerdict) -> None:
    assert verdict.is_accepted == (verdict.value in {"A", "E"})
