"""The bench runs from end to end and tells every figure; how good they are is no test's matter."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
UNITS = {
    "MB", "MB a second", "a minute", "events", "commits", "ms", "lines a second", "statements",
    "% of a core",
}  # fmt: skip


@pytest.mark.system
@pytest.mark.timeout(600)
def test_a_quick_run_tells_every_figure_as_a_table_and_as_json(tmp_path: Path) -> None:
    path = tmp_path / "bench.json"

    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--json", str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=CHECKOUT,
        timeout=500,
        env={**os.environ, "COLUMNS": "200"},
    )

    assert done.returncode == 0, done.stderr[-2_000:]
    told = json.loads(path.read_text(encoding="utf-8"))
    assert {"at", "machine", "size", "figures"} == set(told)
    assert {one["unit"] for one in told["figures"]} == UNITS
    for figure in told["figures"]:
        assert figure["name"] in done.stdout
        assert figure["ours"] >= 0
        assert not figure["bare"] or math.isclose(figure["ratio"], figure["ours"] / figure["bare"])
    alone = {one["unit"] for one in told["figures"] if one["bare"] is None}
    assert alone == {"commits", "statements"}
