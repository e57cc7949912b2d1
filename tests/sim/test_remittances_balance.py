"""Every 835 that the simulated payers write is read and judged alike by a foreign reader and us."""

from tests.edi.oracle_835 import (
    foreign_levels,
    foreign_sums,
    is_835,
    our_levels,
    our_sums,
)
from tests.sim.conftest import Practice


def test_every_835_of_the_simulator_has_the_sums_and_the_balance_of_a_foreign_reader(
    lived: Practice,
) -> None:
    inbound = sorted((lived.home / "exchange/inbound/clearinghouse").iterdir())
    files = {path.name: path.read_bytes() for path in inbound}
    remittances = {name: data for name, data in files.items() if is_835(data)}

    assert len(remittances) >= 80
    for name, data in remittances.items():
        assert our_sums(data) == foreign_sums(data), name
        assert our_levels(data) == foreign_levels(data), name
    assert any(our_levels(data) for data in remittances.values())
    assert sum(our_sums(data).claims for data in remittances.values()) >= 100
