"""Every 835 that the simulated payers send says the same in one pass as when it is read whole."""

import io
from typing import Any

from domain.remit_balance import Balance
from domain.remittance import Remittance
from edi.read import read
from edi.walking import Walk


def test_every_835_of_the_simulator_is_walked_as_it_is_read(lived: Any) -> None:
    for text in lived.files_835:
        data = text.encode()
        balance = Balance()
        walked = []
        walk = Walk(io.BytesIO(data))
        for _, claim in walk.claims():
            walked.append(claim)
            balance.take(claim)

        (whole,) = read(data).items

        assert isinstance(whole, Remittance)
        assert repr(walked) == repr(list(whole.claims))
        assert walk.file.findings == ()
        assert balance.imbalances(whole) == ()
