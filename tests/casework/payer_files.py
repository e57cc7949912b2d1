"""Files as a clearinghouse or a payer would write them, from amounts in cents."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

Reason = tuple[str, str, int]


@dataclass(frozen=True, kw_only=True)
class Svc:
    """One SVC; what was paid is the charge less its reasons unless told otherwise."""

    code: str = "99213"
    charge: int
    reasons: Sequence[Reason] = ()
    control: str | None = None
    paid: int | None = None
    rarcs: Sequence[str] = ()
    service_on: dt.date = dt.date(2026, 1, 5)

    @property
    def paid_cents(self) -> int:
        less = sum(cents for *_, cents in self.reasons)
        return self.charge - less if self.paid is None else self.paid


@dataclass(frozen=True, kw_only=True)
class Clp:
    pcn: str
    lines: Sequence[Svc] = ()
    status: str = "1"
    icn: str = "ICN1"
    reasons: Sequence[Reason] = ()
    charge: int | None = None
    remarks: Sequence[str] = ()
    member_id: str | None = None
    service_on: dt.date | None = None

    @property
    def charge_cents(self) -> int:
        return sum(line.charge for line in self.lines) if self.charge is None else self.charge

    @property
    def paid_cents(self) -> int:
        if not self.lines:
            return self.charge_cents - sum(cents for *_, cents in self.reasons)
        less = sum(cents for *_, cents in self.reasons)
        return sum(line.paid_cents for line in self.lines) - less

    @property
    def patient_cents(self) -> int:
        every = [*self.reasons, *(reason for line in self.lines for reason in line.reasons)]
        return sum(cents for group, _, cents in every if group == "PR")


@dataclass(frozen=True, kw_only=True)
class Era:
    """One 835. `paid` None: what the claims say, less the PLB."""

    claims: Sequence[Clp]
    trace: str = "T1"
    plbs: Sequence[tuple[str, str, int]] = ()
    paid: int | None = None
    paid_on: dt.date = dt.date(2026, 1, 26)
    payer: str = "Acme Health"
    originator: str = "1999999999"
    extra: Sequence[str] = field(default=())

    @property
    def paid_cents(self) -> int:
        kept = sum(cents for *_, cents in self.plbs)
        said = sum(claim.paid_cents for claim in self.claims) - kept
        return said if self.paid is None else self.paid


def money(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def remittance_file(*eras: Era, isa: int = 1) -> bytes:
    sets = [("", [*_era(era), *era.extra]) for era in eras]
    return interchange("HP", "005010X221A1", "835", sets, isa=isa)


def ta1(control: int, verdict: str = "A", code: str = "000", *, isa: int = 2) -> bytes:
    return _isa(isa, [f"TA1*{control:09d}*260105*1200*{verdict}*{code}"], groups=0)


def ack_999(control: int, verdict: str = "A", *, isa: int = 3) -> bytes:
    accepted = int(verdict == "A")
    body = [
        f"AK1*HC*{control}*005010X222A1",
        "AK2*837*0001*005010X222A1",
        f"IK5*{verdict}" + ("" if accepted else "*5"),
        f"AK9*{verdict}*1*1*{accepted}",
    ]
    return interchange("FA", "005010X231A1", "999", [("005010X231A1", body)], isa=isa)


def ack_277ca(
    statuses: Sequence[tuple[str, str, str | None]],
    *,
    source: str = "PR",
    batch: str = "B1",
    isa: int = 4,
    code: str = "20",
) -> bytes:
    """(control number, category, payer's claim number) of each claim."""
    body = [
        "BHT*0085*08*1*20260106*1200*TH",
        "HL*1**20*1",
        f"NM1*{source}*2*ACME HEALTH*****PI*60101",
        "TRN*1*1",
        "DTP*050*D8*20260106",
        "DTP*009*D8*20260106",
        "HL*2*1*21*1",
        "NM1*41*2*CEDAR HOLLOW*****46*CEDARHOLLOW",
        f"TRN*2*{batch}",
        "STC*A1:19:PR*20260106*WQ*100",
        "HL*3*2*19*1",
        "NM1*85*2*CEDAR HOLLOW*****XX*1000000004",
    ]
    for place, (pcn, category, icn) in enumerate(statuses, 4):
        action = "WQ" if category in ("A0", "A1", "A2") else "U"
        body += [
            f"HL*{place}*3*PT",
            "NM1*QC*1*TARROW*WILMA****MI*M1",
            f"TRN*2*{pcn}",
            f"STC*{category}:{code}*20260106*{action}*100",
        ]
        if icn:
            body.append(f"REF*1K*{icn}")
    return interchange("HN", "005010X214", "277", [("005010X214", body)], isa=isa)


def batch_refusal_277ca(batch: str, *, isa: int = 5) -> bytes:
    body = [
        "BHT*0085*08*1*20260106*1200*TH",
        "HL*1**20*1",
        "NM1*AY*2*CLEARHOUSE*****46*CLEARHOUSE",
        "TRN*1*1",
        "DTP*050*D8*20260106",
        "DTP*009*D8*20260106",
        "HL*2*1*21*0",
        "NM1*41*2*CEDAR HOLLOW*****46*CEDARHOLLOW",
        f"TRN*2*{batch}",
        "STC*A3:24:41*20260106*U*100",
    ]
    return interchange("HN", "005010X214", "277", [("005010X214", body)], isa=isa)


def answer_271(trace: str, *, benefit: str = "EB*1**30", isa: int = 6) -> bytes:
    body = [
        "BHT*0022*11*1*20260106*1200",
        "HL*1**20*1",
        "NM1*PR*2*ACME HEALTH*****PI*60101",
        "HL*2*1*21*1",
        "NM1*1P*2*CEDAR HOLLOW*****XX*1000000004",
        "HL*3*2*22*0",
        f"TRN*2*{trace}*9CLAIMFLOW1",
        "NM1*IL*1*TARROW*WILMA****MI*M1",
        benefit,
    ]
    return interchange("HB", "005010X279A1", "271", [("005010X279A1", body)], isa=isa)


def answer_277(trace: str, *, category: str = "P1", isa: int = 7) -> bytes:
    body = [
        "BHT*0010*08*1*20260106*1200*DG",
        "HL*1**20*1",
        "NM1*PR*2*ACME HEALTH*****PI*60101",
        "HL*2*1*21*1",
        "NM1*41*2*CEDAR HOLLOW*****46*CEDARHOLLOW",
        "HL*3*2*19*1",
        "NM1*1P*2*CEDAR HOLLOW*****XX*1000000004",
        "HL*4*3*22*0",
        "NM1*IL*1*TARROW*WILMA****MI*M1",
        f"TRN*2*{trace}",
        f"STC*{category}:20*20260106**100",
    ]
    return interchange("HN", "005010X212", "277", [("005010X212", body)], isa=isa)


def interchange(
    kind: str, version: str, set_id: str, sets: Sequence[tuple[str, Sequence[str]]], *, isa: int
) -> bytes:
    segments = [f"GS*{kind}*CLEARHOUSE*CEDARHOLLOW*20260106*1200*{isa}*X*{version}"]
    for place, (st03, body) in enumerate(sets, 1):
        start = f"ST*{set_id}*{place:04d}" + (f"*{st03}" if st03 else "")
        segments += [start, *body, f"SE*{len(body) + 2}*{place:04d}"]
    segments.append(f"GE*{len(sets)}*{isa}")
    return _isa(isa, segments, groups=1)


def _isa(number: int, segments: Sequence[str], *, groups: int) -> bytes:
    head = (
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'CLEARHOUSE':15}*ZZ*{'CEDARHOLLOW':15}*260106*1200*^*"
        f"00501*{number:09d}*0*T*:"
    )
    return "".join(f"{each}~" for each in (head, *segments, f"IEA*{groups}*{number:09d}")).encode()


def _era(era: Era) -> list[str]:
    day = f"{era.paid_on:%Y%m%d}"
    method = "ACH" if era.paid_cents else "NON"
    bank = "*CCP*01*999999992*DA*1*1999999999**01*999999992*DA*2*" if era.paid_cents else "*" * 12
    return [
        f"BPR*I*{money(era.paid_cents)}*C*{method}{bank}{day}",
        f"TRN*1*{era.trace}*{era.originator}",
        f"N1*PR*{era.payer}",
        "N3*1 WAY",
        "N4*FAIRMONT*TX*75001",
        "N1*PE*CEDAR HOLLOW*XX*1000000004",
        "LX*1",
        *(segment for claim in era.claims for segment in _clp(claim)),
        *(f"PLB*1000000004*20261231*{code}:{ref}*{money(cents)}" for code, ref, cents in era.plbs),
    ]


def _clp(claim: Clp) -> list[str]:
    head = (
        f"CLP*{claim.pcn}*{claim.status}*{money(claim.charge_cents)}*{money(claim.paid_cents)}*"
        f"{money(claim.patient_cents)}*12*{claim.icn}*11*1"
    )
    segments = [
        head,
        *(_cas(reason) for reason in claim.reasons),
    ]
    if claim.member_id:
        segments.append(f"NM1*QC*1*TARROW*WILMA****MI*{claim.member_id}")
    if claim.remarks:
        segments.append("MOA***" + "*".join(claim.remarks))
    if claim.service_on:
        segments.append(f"DTM*232*{claim.service_on:%Y%m%d}")
    return [*segments, *(segment for line in claim.lines for segment in _svc(line))]


def _svc(line: Svc) -> list[str]:
    name = ":".join(["HC", *line.code.split("-")])
    segments = [
        f"SVC*{name}*{money(line.charge)}*{money(line.paid_cents)}**1",
        f"DTM*472*{line.service_on:%Y%m%d}",
    ]
    segments += [_cas(reason) for reason in line.reasons]
    if line.control:
        segments.append(f"REF*6R*{line.control}")
    return [*segments, *(f"LQ*HE*{rarc}" for rarc in line.rarcs)]


def _cas(reason: Reason) -> str:
    group, carc, cents = reason
    return f"CAS*{group}*{carc}*{money(cents)}"
