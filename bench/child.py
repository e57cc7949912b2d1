"""One measurement in a process of its own, so that its memory is nobody else's:
`python -m bench.child ours FILE`, `… oxedi FILE` or `… intake FILE DATABASE`. Prints JSON."""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1024 * 1024
CHECKOUT = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a child measured of itself."""

    claims: int
    seconds: float
    megabytes: float


def run_child(what: str, path: Path, url: str = "") -> Told:
    done = subprocess.run(
        [sys.executable, "-m", "bench.child", what, str(path), *filter(None, [url])],
        capture_output=True, check=True, cwd=CHECKOUT,
    )  # fmt: skip
    return Told(**json.loads(done.stdout))


def read_by_us(path: Path) -> int:
    """As the inbox judges it: every claim made, every sum compared."""
    from domain.remit_balance import Balance
    from edi.walking import Walk

    balance = Balance()
    with path.open("rb") as file:
        walk = Walk(file)
        for _, claim in walk.claims():
            balance.take(claim)
    assert not walk.file.findings
    return balance.claims


def read_by_oxedi(path: Path) -> int:
    """Tables and sums checked, as it does by itself."""
    import oxedi

    content = path.read_bytes()
    return sum(len(batch.tables["claims"]) for batch in oxedi.stream(content))


def take_in(path: Path, url: str) -> int:
    """Judged and stored whole; the transaction is not kept: nothing is left to be posted."""
    from sqlalchemy import func, select
    from sqlalchemy.orm import Session

    from casework import inbox
    from casework.moment import moment
    from db.engine import connect
    from db.models import RemitClaim

    with Session(connect(url, "claimflow_worker", pool_size=1)) as session:
        judged = inbox.take_in(
            session, "clearinghouse", path.name, path.read_bytes(), moment(session)
        )
        assert judged.verdict == inbox.Verdict.TAKEN, judged.sentences
        of_file = RemitClaim.remittance_id.in_(judged.remittance_ids)
        count = session.scalar(select(func.count(RemitClaim.id)).where(of_file))
        session.rollback()
    return count or 0


def memory_mb() -> float:
    """The most that this program has ever held."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise OSError("This system does not tell how much memory a process had.")


def main(what: str, path: Path, url: str = "") -> None:
    began = time.process_time()
    match what:
        case "ours":
            claims = read_by_us(path)
        case "oxedi":
            claims = read_by_oxedi(path)
        case _:
            claims = take_in(path, url)
    told = {
        "claims": claims,
        # Of the processor: what else runs on the machine weighs on both, but not alike.
        "seconds": time.process_time() - began,
        "megabytes": memory_mb(),
    }
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
