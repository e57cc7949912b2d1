"""835 files: balanced to the cent, a trace in one file only, told to the books and the bank."""

from collections.abc import Iterator, Sequence
from itertools import islice

from sim import days
from sim.judging import Remittance
from sim.payers import PAYERS, Payer
from sim.run import Run
from sim.store import Doc
from sim.x12 import amount, clean, to_cents

ROUTE = "clearinghouse"
PER_FILE_MAX = 7
PRACTICE = "CEDAR HOLLOW FAMILY MEDICINE"
PRACTICE_TIN = "931234567"
Plb = tuple[str, str, int]


def send_remittances(run: Run, remittances: Sequence[Remittance]) -> None:
    """All that payers decided today, in files of a few claims each, apart for each payee."""
    for payer_id, npi in sorted({(one.payer_id, one.payee) for one in remittances}):
        theirs = iter([o for o in remittances if (o.payer_id, o.payee) == (payer_id, npi)])
        while chunk := list(islice(theirs, PER_FILE_MAX)):
            _send_file(run, PAYERS[payer_id], chunk)


def flush_debts(run: Run) -> None:
    """Nothing more will be paid: close what could not be recovered, in a file without money."""
    rows = run.store.db.execute("select distinct payer from debt order by payer").fetchall()
    for row in rows:
        debts = _debts(run, row["payer"])
        plbs = [(reason, reference, cents) for reference, reason, cents in debts]
        forgiven = ("CS", debts[0][0], -sum(cents for _, _, cents in debts))
        run.store.db.execute("delete from debt where payer = ?", (row["payer"],))
        _write(run, PAYERS[row["payer"]], [], [*plbs, forgiven])


def _debts(run: Run, payer_id: str) -> list[tuple[str, str, int]]:
    rows = run.store.db.execute(
        "select * from debt where payer = ? order by reason, reference", (payer_id,)
    )
    return [(row["reference"], row["reason"], row["cents"]) for row in rows]


def _send_file(run: Run, payer: Payer, chunk: Sequence[Remittance]) -> None:
    """Recover what is owed first; what the file cannot bear is carried to the next one."""
    claims = [doc for one in chunk for doc in one.claims]
    plbs = [plb for one in chunk for plb in one.plbs]
    left = sum(doc["paid_cents"] for doc in claims) - sum(cents for _, _, cents in plbs)
    for one in chunk:
        if one.takes_back:
            reference, cents = one.takes_back
            plbs.append(("WO", reference, -cents))
            left += cents
    recovered, left = _recover(run, payer, left)
    for one in chunk:
        if one.takes_back:
            _owe(run, payer, one.takes_back[0], "WO", one.takes_back[1])
    _write(run, payer, claims, [*plbs, *recovered], shortfall=max(0, -left))


def _recover(run: Run, payer: Payer, left: int) -> tuple[list[Plb], int]:
    """A carried balance (FB) must be named again; withheld money (WO) when the file can bear it."""
    recovered: list[Plb] = []
    for reference, reason, cents in _debts(run, payer.payer_id):
        if reason == "FB" or cents <= left:
            recovered.append((reason, reference, cents))
            left -= cents
            run.store.db.execute(
                "delete from debt where payer = ? and reference = ? and reason = ?",
                (payer.payer_id, reference, reason),
            )
    return recovered, left


def _owe(run: Run, payer: Payer, reference: str, reason: str, cents: int) -> None:
    run.store.db.execute(
        "insert into debt values (?, ?, ?, ?) on conflict (payer, reference, reason)"
        " do update set cents = cents + excluded.cents",
        (payer.payer_id, reference, reason, cents),
    )


def _write(
    run: Run,
    payer: Payer,
    claims: Sequence[Doc],
    plbs: Sequence[Plb],
    *,
    shortfall: int = 0,
) -> None:
    number = run.store.count_up("835")
    trace = f"{payer.payer_id}{number:07}"
    if shortfall:
        plbs = [*plbs, ("FB", trace, -shortfall)]
        _owe(run, payer, trace, "FB", shortfall)
    paid = sum(doc["paid_cents"] for doc in claims) - sum(cents for _, _, cents in plbs)
    assert paid >= 0, f"{trace}: an 835 cannot pay {paid} cents"
    _book(run, payer, trace, claims=claims, plbs=plbs, paid=paid)
    body = _body(run, payer, trace, claims=claims, plbs=plbs, paid=paid)
    _deliver(run, payer, trace, number, body)
    if paid:
        _tell_bank(run, payer, trace, paid)


def _deliver(run: Run, payer: Payer, trace: str, number: int, body: Sequence[str]) -> None:
    """Files come late and out of order; some twice, one first with a cent too much."""
    due = run.later(0, 2, trace, "delivery")
    name = f"835-{payer.payer_id}-{run.today:%Y%m%d}-{number:05}"
    text = _wrapped(run, payer, body)
    if number == 5 or number % 97 == 0:  # noqa: PLR2004 -- early in every run, then now and then
        run.store.send(due, ROUTE, f"{name}-first.x12", _a_cent_off(run, payer, body))
        due = days.add_business_days(due, 3)
    run.store.send(due, ROUTE, f"{name}.x12", text)
    if number % 11 == 7:  # noqa: PLR2004 -- one file in eleven comes a second time
        again = _wrapped(run, payer, body)
        later = days.add_business_days(due, 2)
        run.store.send(later, ROUTE, f"{name}-again.x12", again if number % 2 else text)


def _wrapped(run: Run, payer: Payer, body: Sequence[str]) -> str:
    """The file in the payer's own separators."""
    text = run.envelope("CEDARHOLLOW").wrap("HP", "005010X221A1", body)
    return text.translate(str.maketrans("*:", payer.separators))


def _a_cent_off(run: Run, payer: Payer, body: Sequence[str]) -> str:
    bpr = body[0].split("*")
    bpr[2] = amount(to_cents(bpr[2]) + 1)
    return _wrapped(run, payer, ["*".join(bpr), *body[1:]])


def _tell_bank(run: Run, payer: Payer, trace: str, paid: int) -> None:
    booked = days.add_business_days(run.today, 1)
    lines = [
        "booked_on,trace,payer_tin,amount_cents,text",
        f"{booked},{trace},{payer.tin},{paid},{payer.name} EFT",
    ]
    run.store.send(booked, "bank", f"bank-{trace}.csv", "\n".join(lines) + "\n")


def _book(
    run: Run, payer: Payer, trace: str, *, claims: Sequence[Doc], plbs: Sequence[Plb], paid: int
) -> None:
    today = run.today.isoformat()
    run.store.db.execute(
        "insert into trace values (?, ?, ?, ?)", (trace, payer.payer_id, paid, today)
    )
    run.store.db.executemany(
        "insert into plb values (?, ?, ?, ?, ?, ?)",
        [(trace, payer.payer_id, reason, reference, c, today) for reason, reference, c in plbs],
    )
    run.store.db.executemany(
        "insert into payment values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [_booked_line(trace, payer, doc, line, today) for doc in claims for line in doc["lines"]],
    )


def _booked_line(trace: str, payer: Payer, doc: Doc, line: Doc, today: str) -> tuple[object, ...]:
    cas = line["adjustments"]
    contractual = sum(cents for g, c, cents in cas if (g, c) == ("CO", "45"))
    sequestration = sum(cents for g, c, cents in cas if c == "253")
    patient = sum(cents for g, _, cents in cas if g == "PR")
    other = sum(cents for _, _, cents in cas) - contractual - sequestration - patient
    denied = [f"{g}-{c}" for g, c, _ in cas if c not in {"45", "253", "23", "1", "2", "3"}]
    return (
        trace,
        payer.payer_id,
        doc["pcn"],
        doc["icn"],
        doc["encounter"],
        doc["status"],
        line["control"],
        line["code"],
        line["charge_cents"],
        line["paid_cents"],
        contractual,
        sequestration,
        patient,
        other,
        ",".join(denied),
        today,
    )


def _body(
    run: Run, payer: Payer, trace: str, *, claims: Sequence[Doc], plbs: Sequence[Plb], paid: int
) -> list[str]:
    day = run.now.strftime("%Y%m%d")
    npi = next((doc["npi"] for doc in claims if doc["npi"]), "") or "1992000004"
    return [
        _bpr(payer, day, paid),
        f"TRN*1*{trace}*1{payer.tin}",
        "REF*EV*CEDARHOLLOW",
        f"DTM*405*{day}",
        f"N1*PR*{clean(payer.name)}*XV*{payer.payer_id}",
        "N3*100 PAYER PLAZA",
        "N4*SALEM*OR*97301",
        "PER*CX*CLAIMS*TE*5035550100",
        "PER*BL*EDI HELP*TE*5035550101",
        f"N1*PE*{PRACTICE}*XX*{npi}",
        f"REF*TJ*{PRACTICE_TIN}",
        *(["LX*1"] if claims else []),
        *(line for doc in claims for line in _claim(doc)),
        *_plb_lines(npi, run.today.year, plbs),
    ]


def _bpr(payer: Payer, day: str, paid: int) -> str:
    if not paid:
        return f"BPR*H*0*C*NON************{day}"
    accounts = f"01*999999992*DA*123456*1{payer.tin}**01*999988880*DA*98765"
    return f"BPR*I*{amount(paid)}*C*ACH*CCP*{accounts}*{day}"


def _claim(doc: Doc) -> Iterator[str]:
    patient = amount(doc["patient_cents"]) if doc["patient_cents"] else ""
    yield "*".join(
        (
            "CLP",
            doc["pcn"],
            doc["status"],
            amount(doc["charge_cents"]),
            amount(doc["paid_cents"]),
            patient,
            doc["filing"],
            doc["icn"],
            doc.get("type_of_bill") or "11",
            doc["frequency"],
        )
    )
    yield f"NM1*QC*1*{clean(doc['last']) or 'UNKNOWN'}*{clean(doc['first'])}****MI*{doc['member']}"
    if doc["crosses_to"]:
        name = clean(PAYERS[doc["crosses_to"]].name)
        yield f"NM1*TT*2*{name}*****PI*{doc['crosses_to']}"
        yield "MOA***MA18"
    yield f"DTM*050*{doc['received_on'].replace('-', '')}"
    for line in doc["lines"]:
        yield from _line(doc, line)


def _line(doc: Doc, line: Doc) -> Iterator[str]:
    revenue = line.get("revenue_code", "")
    code = ":".join(("HC", line["code"], *line["modifiers"])) if line["code"] else f"NU:{revenue}"
    charge, paid = amount(line["charge_cents"]), amount(line["paid_cents"])
    # A revenue code stands beside a procedure, never twice.
    beside = revenue if line["code"] else ""
    yield f"SVC*{code}*{charge}*{paid}*{beside}*{line['units']}"
    yield f"DTM*472*{doc['service_on'].replace('-', '')}"
    groups: dict[str, list[str]] = {}
    for group, carc, cents in line["adjustments"]:
        groups.setdefault(group, []).append(f"{carc}*{amount(cents)}")
    for group, parts in groups.items():
        yield f"CAS*{group}*" + "**".join(parts)
    yield f"REF*6R*{line['control']}"
    for rarc in line["rarcs"]:
        yield f"LQ*HE*{rarc}"


def _plb_lines(npi: str, year: int, plbs: Sequence[Plb]) -> Iterator[str]:
    rest = iter(plbs)
    while six := list(islice(rest, 6)):
        pairs = "".join(
            f"*{reason}:{reference}*{amount(cents)}" for reason, reference, cents in six
        )
        yield f"PLB*{npi}*{year}1231{pairs}"
