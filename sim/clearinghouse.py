"""Takes in the practice's electronic files: answers each file, hands each claim to its payer."""

import datetime as dt
from collections.abc import Sequence

from sim import acks, casebook, inquiries
from sim.claims import read_claims
from sim.run import Run
from sim.store import Doc
from sim.x12 import BadX12Error, Group, Interchange, TransactionSet, read_interchanges

ROUTE = "clearinghouse"
DEFAULT_RECEIVER = "CEDARHOLLOW"


def take_file(run: Run, name: str, text: str, sha: str) -> None:
    """One file of any kind; every answer is kept in the same transaction as what it changed."""
    stem = name.rsplit(".", 1)[0]
    try:
        interchanges = read_interchanges(text)
    except BadX12Error as error:
        _send(run, f"ta1-{stem}", acks.refused_ta1(run, error, DEFAULT_RECEIVER))
        return
    for at, one in enumerate(interchanges):
        _take_interchange(run, one, f"{stem}-{at}" if at else stem, name, sha)


def _take_interchange(run: Run, one: Interchange, stem: str, name: str, sha: str) -> None:
    is_repeated = _is_repeated(run, one, name, sha)
    kinds = {group.functional_id for group in one.groups}
    if "HC" in kinds or is_repeated:
        verdict = ("R", "025") if is_repeated else ("A", "000")
        answers = run.envelope(one.sender).wrap_ta1(acks.ta1_line(one, *verdict))
        if not is_repeated:
            answers += "".join(_acknowledge(run, one, group) for group in one.groups)
        _send(run, f"ack-{stem}", answers)
    for group in one.groups:
        if is_repeated:
            _count_again(run, group)
        else:
            _take_group(run, group, one.sender, stem)


def _count_again(run: Run, group: Group) -> None:
    """A repeated interchange is refused whole; the books count its claims as received again."""
    for one in group.sets if group.functional_id == "HC" else ():
        for claim in read_claims(one):
            casebook.count_receipt(run, claim)


def _is_repeated(run: Run, one: Interchange, name: str, sha: str) -> bool:
    found = run.store.db.execute(
        "select 1 from interchange where control = ?", (one.control,)
    ).fetchone()
    run.store.db.execute(
        "insert or ignore into interchange values (?, ?, ?)", (one.control, sha, name)
    )
    return found is not None


def _acknowledge(run: Run, one: Interchange, group: Group) -> str:
    faults = [acks.fault_of(group, at) for at in range(len(group.sets))]
    return acks.accepted_999(run.envelope(one.sender), group, faults)


def _take_group(run: Run, group: Group, sender: str, stem: str) -> None:
    for at, one in enumerate(group.sets):
        match group.functional_id:
            case "HC" if not acks.fault_of(group, at):
                _take_claims(run, one, sender, f"{stem}-{one.control}")
            case "HS":
                inquiries.answer_eligibility(run, one, sender, f"{stem}-{one.control}")
            case "HR":
                inquiries.answer_status(run, one, sender, f"{stem}-{one.control}")


def _take_claims(run: Run, one: TransactionSet, sender: str, stem: str) -> None:
    """A repeated claim is counted in the books and otherwise left alone."""
    claims = read_claims(one)
    docs = [casebook.receive(run, claim) for claim in claims]
    fresh = [{**doc, "receiver": sender} for doc in docs if doc["state"] != "repeated"]
    if not fresh:
        return
    batch = claims[0].batch
    _send_ack(run, fresh, "AY", batch, stem=stem, due=run.later(0, 1, stem, "AY"))
    past = [doc for doc in fresh if doc["state"] != "rejected" or acks.refuser(doc) != "AY"]
    for payer_id in sorted({doc["payer"] for doc in past}):
        theirs = [doc for doc in past if doc["payer"] == payer_id and doc["state"] != "lost"]
        if theirs:
            due = run.later(1, 2, stem, payer_id)
            _send_ack(run, theirs, payer_id, batch, stem=stem, due=due)


def _send_ack(
    run: Run, docs: Sequence[Doc], source: str, batch: str, *, stem: str, due: dt.date
) -> None:
    trace = f"{source}{run.store.count_up('277CA'):06}"
    text = acks.claim_ack(run, docs, source, batch, trace)
    run.store.send(due, ROUTE, f"277ca-{stem}-{source}.x12", text)


def _send(run: Run, stem: str, text: str) -> None:
    run.store.send(run.today, ROUTE, f"{stem}.x12", text)
