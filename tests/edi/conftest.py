import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from edi.envelope import Envelope, Usage

_CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def testdata() -> Path:
    """Public sample files, kept beside the checkout."""
    folder = (
        Path(os.environ.get("CLAIMFLOW_TESTDATA", _CHECKOUT.parent / "shared/testdata")) / "x12"
    )
    if not folder.is_dir():
        pytest.skip(f"{folder} is missing: set CLAIMFLOW_TESTDATA to the folder of sample files.")
    return folder


@pytest.fixture(scope="session")
def golden() -> Path:
    return Path(__file__).parent / "golden"


@pytest.fixture(scope="session")
def envelope() -> Envelope:
    return Envelope(
        sender_id="CEDARHOLLOW",
        sender_name="Cedar Hollow Family Medicine",
        contact_name="Ana Ortiz",
        contact_phone="5555550101",
        receiver_id="CLEARHOUSE",
        receiver_name="Clear House",
        interchange_control=61,
        group_control=61,
        set_control=1,
        written_at=dt.datetime(2026, 1, 5, 12, 30, tzinfo=dt.UTC),
        usage=Usage.TEST,
    )


@pytest.fixture(scope="session")
def wrap() -> Callable[..., bytes]:
    """Segments of one set, without ST and SE, in a right envelope with any separators."""

    def _wrap(
        body: str,
        *,
        set_id: str,
        gs01: str,
        version: str,
        separators: str = "*:^~",
        end: str = "\n",
    ) -> bytes:
        element, component, repetition, terminator = list(separators)
        lines = [line.strip() for line in body.strip().splitlines()]
        st = f"ST*{set_id}*0001" + ("" if set_id == "835" else f"*{version}")
        segments = [st, *lines, f"SE*{len(lines) + 2}*0001"]
        inner = [
            f"GS*{gs01}*CLEARHOUSE*CEDARHOLLOW*20260112*0900*9*X*{version}",
            *segments,
            "GE*1*9",
            "IEA*1*000000009",
        ]
        table = str.maketrans({"*": element, ":": component, "^": repetition})
        header = (
            f"ISA*00*{'':10}*00*{'':10}*ZZ*{'CLEARHOUSE':15}*ZZ*{'CEDARHOLLOW':15}"
            "*260112*0900*^*00501*000000009*0*T*:"
        )
        text = "".join(line.translate(table) + terminator + end for line in [header, *inner])
        return text.encode()

    return _wrap
