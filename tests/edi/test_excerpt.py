"""What a file says of one claim is found however the file is dressed, and nothing of another."""

import random
from pathlib import Path

import pytest

from edi.excerpt import excerpt, verbatim
from tests.edi.mutations import OTHER_CLOTHES, Mutation


@pytest.mark.parametrize("mutation", OTHER_CLOTHES, ids=lambda one: one.__name__)
def test_other_clothes_show_the_same(golden: Path, mutation: Mutation) -> None:
    data = (golden / "837p_everything.x12").read_bytes()
    whole = excerpt(data, {"C2V1S1"})
    assert [text[:4] for _, text in whole if text.startswith("CLM")] == ["CLM*"]

    for seed in range(20):
        found = excerpt(mutation(data, random.Random(seed)), {"C2V1S1"})
        assert [number for number, _ in found] == [number for number, _ in whole]
        assert [text.split("*")[0] for _, text in found] == [
            text.split("*")[0] for _, text in whole
        ]


def test_what_is_no_x12_says_nothing() -> None:
    assert excerpt(b"not X12", {"C2V1S1"}) == []
    assert verbatim(b"", {"C2V1S1"}) == []
