"""Two letters are a state where the post knows them."""

import pytest

from domain.states import STATES, is_state


@pytest.mark.parametrize("state", ["TX", "DC", "PR", "GU", "AE", "QC", "NU"])
def test_states_territories_military_mail_and_provinces_are_known(state: str) -> None:
    assert is_state(state)


@pytest.mark.parametrize("state", ["QQ", "tx", "T", "", "TEXAS", "ST"])
def test_other_letters_are_no_state(state: str) -> None:
    assert not is_state(state)


def test_there_are_fifty_states_and_the_rest() -> None:
    assert len(STATES) == 50 + 1 + 8 + 3 + 13
