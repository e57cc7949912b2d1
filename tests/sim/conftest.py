"""A practice made for these tests alone: it bills, cures and asks through files only."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import pytest

from sim.adjudication import Adjustment, ClaimLine, Prior
from sim.books import read_books
from sim.main import Simulator
from sim.outcomes import Outcome
from sim.payers import PAYERS, rates
from sim.world import Cover, Encounter, World
from sim.x12 import Segment, amount, read_interchanges

START = dt.date(2026, 1, 5)
DAY = dt.timedelta(days=1)
APPEAL_LEVELS = {"60101": 1, "60102": 2, "60103": 2, "60104": 1, "60105": 2, "60106": 1, "60107": 1}
FIXABLE = {"16", "31", "4", "11"}


@dataclass(kw_only=True)
class Bill:
    pcn: str
    encounter: Encounter
    cover: Cover
    lines: list[ClaimLine]
    frequency: str = "1"
    original: str = ""
    sent_on: dt.date = START
    asked: int = 0
    icn: str = ""
    level: dict[str, int] = field(default_factory=dict)
    answered: bool = False
    crossed_on: dt.date | None = None


class Practice:
    """Bills every encounter of a simulated world and does the one cure of each claim."""

    def __init__(self, home: Path, *, seed: int, encounters: int, over_days: int = 10) -> None:
        self.home = home
        self.sim = self._simulator(seed, encounters, over_days)
        self.again = (seed, encounters, over_days)
        self.today = START
        self.bills: dict[str, Bill] = {}
        self.number = 0
        self.seen: set[str] = set()
        self.files_835: list[str] = []
        self.references: dict[str, tuple[Bill, list[str], str]] = {}
        self.reorder: Callable[[list[Bill]], list[Bill]] = list
        self.restarts = False

    def _simulator(self, seed: int, encounters: int, over_days: int) -> Simulator:
        return Simulator(
            home=self.home,
            seed=seed,
            encounters=encounters,
            arrive_over_days=over_days,
            rush=False,
        )

    @property
    def world(self) -> World:
        assert self.sim.world is not None
        return self.sim.world

    def live(self, *, days_max: int = 600) -> None:
        """Day after day until nothing is pending on either side."""
        quiet = 0
        for _ in range(days_max):
            self.step()
            idle = json.loads((self.home / "sim/idle.json").read_text())
            quiet = quiet + 1 if idle["pending"] == 0 else 0
            if quiet > 45:
                return
        raise AssertionError(f"still {idle} after {days_max} days")

    def step(self) -> None:
        if self.restarts:
            self.sim.store.close()
            self.sim = self._simulator(*self.again)
        now = dt.datetime.combine(self.today, dt.time(15), dt.UTC)
        self.sim.step(now)
        self._read_inbound()
        self._follow_up()
        self.sim.step(now)
        self.today += DAY

    def _read_inbound(self) -> None:
        fresh = [
            one
            for one in sorted(self.home.glob("exchange/inbound/*/*"))
            if one.name not in self.seen
        ]
        due: list[Bill] = []
        for path in fresh:
            self.seen.add(path.name)
            text = path.read_text()
            if path.parent.name == "ehr" and "-again" not in path.name:
                due += self._first_bill(path.stem)
            elif path.name.startswith("letter-"):
                self._read_letter(text)
            elif path.parent.name == "clearinghouse" and text.startswith("ISA"):
                self._read_x12(path.name, text)
        if due:
            self.send(self.reorder(due))

    def _first_bill(self, stem: str) -> list[Bill]:
        key = stem.rsplit("-", maxsplit=1)[-1]
        encounter = next(one for one in self.world.encounters if one.key == key)
        covers = encounter.patient.covers
        if not covers or covers[0].payer_id not in PAYERS:
            return []
        lines = [
            ClaimLine(
                control=f"L{int(key[1:])}{at}",
                code=one.code,
                modifiers=one.modifiers,
                units=one.units,
                charge_cents=2 * rates().get(one.code, 1200) * one.units,
                diagnoses=tuple(
                    code.replace(".", "") for code in encounter.findings[:1] or ("Z00.00",)
                ),
            )
            for at, one in enumerate(encounter.services)
        ]
        return [self.bill(encounter, covers[0], lines)]

    def bill(
        self,
        encounter: Encounter,
        cover: Cover,
        lines: list[ClaimLine],
        *,
        frequency: str = "1",
        original: str = "",
    ) -> Bill:
        self.number += 1
        bill = Bill(
            pcn=f"C{self.number}V1S1",
            encounter=encounter,
            cover=cover,
            lines=lines,
            frequency=frequency,
            original=original,
            sent_on=self.today,
        )
        self.bills[bill.pcn] = bill
        return bill

    def send(self, bills: list[Bill]) -> None:
        paper = [one for one in bills if PAYERS[one.cover.payer_id].on_paper]
        for one in paper:
            self._mail(one, {"kind": "claim", "claim": _paper(one)}, [])
        electronic = [one for one in bills if one not in paper]
        if electronic:
            self.number += 1
            name = f"837p-{self.number:09}.x12"
            self._drop("clearinghouse", name, claim_file(electronic, self.number))

    def _mail(self, bill: Bill, content: dict[str, object], keys: list[str]) -> None:
        self.number += 1
        reference = f"M{self.number:08}"
        self.references[reference] = (bill, keys, str(content["kind"]))
        manifest = {
            "reference": reference,
            "payer_id": bill.cover.payer_id,
            "pcn": bill.pcn,
            "payer_claim_number": bill.icn,
            "lines": keys,
            "sent_on": self.today.isoformat(),
            **content,
        }
        self._drop("mail", f"{content['kind']}-{reference}.json", json.dumps(manifest))

    def _drop(self, route: str, name: str, text: str) -> None:
        path = self.home / "exchange/outbound" / route / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def _read_letter(self, text: str) -> None:
        fields = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
        reference = fields.get("Your reference")
        if fields.get("Decision") == "returned":
            self._send_again(self.bills[str(reference)])
        elif reference in self.references:
            bill, keys, kind = self.references[reference]
            if kind == "appeal":
                self._appeal(bill, keys)

    def _send_again(self, bill: Bill) -> None:
        bill.answered = True
        self.send(
            [
                self.bill(
                    bill.encounter,
                    bill.cover,
                    bill.lines,
                    frequency=bill.frequency,
                    original=bill.original,
                )
            ]
        )

    def _appeal(self, bill: Bill, keys: list[str]) -> None:
        level = bill.level.get(keys[0], 0) + 1
        bill.level[keys[0]] = level
        if level <= APPEAL_LEVELS[bill.cover.payer_id]:
            self._mail(bill, {"kind": "appeal", "level": level}, keys)

    def _read_x12(self, name: str, text: str) -> None:
        for interchange in read_interchanges(text):
            for group in interchange.groups:
                for one in group.sets:
                    match one.kind, group.version:
                        case "835", _:
                            self._read_835(name, text, one.segments)
                        case "277", "005010X214":
                            self._read_277ca(one.segments)
                        case "277", _:
                            self._read_277(one.segments)

    def _read_277ca(self, segments: tuple[Segment, ...]) -> None:
        pcn = ""
        for segment in segments:
            if segment.tag == "TRN" and segment[1] == "2":
                pcn = segment[2]
            elif segment.tag == "STC" and segment[3] == "U" and pcn in self.bills:
                if not self.bills[pcn].answered:
                    self._send_again(self.bills[pcn])
            elif segment.tag == "REF" and segment[1] == "1K":
                self.bills[pcn].icn = segment[2]

    def _read_277(self, segments: tuple[Segment, ...]) -> None:
        trace = ""
        for segment in segments:
            if segment.tag == "TRN":
                trace = segment[2]
            elif segment.tag == "STC" and segment[1].startswith("A4"):
                bill = self.bills[trace.split("-", 1)[1]]
                if not bill.answered:
                    self._send_again(bill)

    def _read_835(self, name: str, text: str, segments: tuple[Segment, ...]) -> None:
        if name.endswith(("-first.x12", "-again.x12")):
            return
        self.files_835.append(text)
        payer_id = next(one[4] for one in segments if one.tag == "N1" and one[1] == "PR")
        starts = [at for at, one in enumerate(segments) if one.tag == "CLP"] + [len(segments)]
        for start, end in pairwise(starts):
            if segments[start][2] != "22":
                self._read_answer(payer_id, segments[start:end])

    def _read_answer(self, payer_id: str, segments: tuple[Segment, ...]) -> None:
        clp = segments[0]
        bill = self.bills[clp[1]]
        if bill.cover.payer_id != payer_id:
            self._note_crossover(bill, payer_id)
            return
        bill.answered, bill.icn = True, clp[7]
        priors = dict(_answers(segments))
        rarcs = {one[2] for one in segments if one.tag == "LQ"}
        self._cure(bill, priors, rarcs)
        self._bill_next(bill, priors, is_crossing=clp[2] == "19")

    def _note_crossover(self, bill: Bill, payer_id: str) -> None:
        bill.crossed_on = None
        assert payer_id == "60104"

    def _cure(self, bill: Bill, priors: dict[str, Prior], rarcs: set[str]) -> None:
        denied = {control: _denial(prior) for control, prior in priors.items() if _denial(prior)}
        carcs = set(denied.values())
        if carcs & FIXABLE:
            self._correct(bill, sorted(denied), is_new="MA130" in rarcs)
        elif "252" in carcs:
            self._mail(bill, {"kind": "records", "level": 1}, sorted(denied))
        elif carcs & {"50", "197", "29"}:
            self._appeal(bill, sorted(denied))
        elif self._is_short(bill, priors) and not bill.level.get("dispute"):
            bill.level["dispute"] = 1
            self._mail(bill, {"kind": "dispute", "level": 1}, sorted(priors))

    def _is_short(self, bill: Bill, priors: dict[str, Prior]) -> bool:
        payer = PAYERS[bill.cover.payer_id]
        for line in bill.lines:
            cut = sum(
                a.cents
                for a in priors[line.control].adjustments
                if (a.group, a.carc) == ("CO", "45")
            )
            rate = rates().get(line.code)
            if (
                line.prior is None
                and rate
                and line.control in priors
                and not _denial(priors[line.control])
            ):
                usual = line.charge_cents - rate * line.units * payer.contract_percent // 100
                if cut - usual > max(100, usual // 50):
                    return True
        return False

    def _correct(self, bill: Bill, denied: list[str], *, is_new: bool) -> None:
        takes_7 = PAYERS[bill.cover.payer_id].takes_frequency_7 and not is_new
        lines = [
            replace(one, modifiers=(*one.modifiers, "59"), diagnoses=("R69",))
            if one.control in denied
            else one
            for one in bill.lines
            if takes_7 or one.control in denied
        ]
        self.send(
            [
                self.bill(
                    bill.encounter,
                    bill.cover,
                    lines,
                    frequency="7" if takes_7 else "1",
                    original=bill.icn if takes_7 else "",
                )
            ]
        )

    def _bill_next(self, bill: Bill, priors: dict[str, Prior], *, is_crossing: bool) -> None:
        covers = bill.encounter.patient.covers
        place = covers.index(bill.cover)
        following = self._following(bill, place)
        if following is None:
            return
        passed = [
            replace(line, prior=priors[line.control])
            for line in bill.lines
            if line.control in priors and _goes_on(priors[line.control])
        ]
        if not passed or {_denial(p) for p in priors.values()} & FIXABLE:
            return
        if is_crossing:
            bill.crossed_on = self.today
            bill.lines = passed
        else:
            self.send([self.bill(bill.encounter, following, passed)])

    def _following(self, bill: Bill, place: int) -> Cover | None:
        """The next payer; after the last one whoever said at first that another comes before it."""
        covers = bill.encounter.patient.covers
        if place + 1 < len(covers):
            return covers[place + 1]
        plan = bill.encounter.plans.get(covers[0].payer_id)
        is_later = plan is not None and plan.outcome is Outcome.DENY22
        same = [
            one
            for one in self.bills.values()
            if one.encounter.key == bill.encounter.key and one.cover == covers[0]
        ]
        return covers[0] if place and is_later and len(same) == 1 else None

    def _follow_up(self) -> None:
        for bill in list(self.bills.values()):
            is_late = self.today - bill.sent_on > 50 * DAY * (bill.asked + 1)
            if not bill.answered and is_late and bill.asked < 3 and bill.cover.payer_id != "60107":
                bill.asked += 1
                self.number += 1
                self._drop(
                    "clearinghouse", f"276-{self.number:09}.x12", status_file(bill, self.number)
                )
            if bill.crossed_on and self.today - bill.crossed_on > 45 * DAY:
                bill.crossed_on = None
                self.send([self.bill(bill.encounter, bill.encounter.patient.covers[1], bill.lines)])

    def books(self) -> dict[str, object]:
        return read_books(self.home)


def _answers(segments: tuple[Segment, ...]) -> Iterator[tuple[str, Prior]]:
    starts = [at for at, one in enumerate(segments) if one.tag == "SVC"] + [len(segments)]
    for start, end in pairwise(starts):
        part = segments[start:end]
        control = next(one[2] for one in part if one.tag == "REF" and one[1] == "6R")
        adjustments = tuple(
            Adjustment(group=one[1], carc=one[at], cents=one.cents(at + 1))
            for one in part
            if one.tag == "CAS"
            for at in range(2, len(one.parts), 3)
        )
        yield control, Prior(paid_cents=part[0].cents(3), adjustments=adjustments)


def _denial(prior: Prior) -> str:
    usual = {"45", "253", "23", "1", "2", "3"}
    return next((one.carc for one in prior.adjustments if one.carc not in usual), "")


def _goes_on(prior: Prior) -> bool:
    return prior.leaves_it_all or (not _denial(prior) and prior.left_to_patient_cents > 0)


def _paper(bill: Bill) -> dict[str, object]:
    return {
        "pcn": bill.pcn,
        "payer_id": bill.cover.payer_id,
        "member_id": bill.cover.member_id,
        "service_on": bill.encounter.service_on.isoformat(),
        "frequency": bill.frequency,
        "payer_claim_number": bill.original,
        "diagnoses": list(bill.lines[0].diagnoses),
        "lines": [
            {
                "line": one.control,
                "code": one.code,
                "modifiers": list(one.modifiers),
                "units": one.units,
                "charge_cents": one.charge_cents,
                "pointers": [1],
            }
            for one in bill.lines
        ],
        "prior": [],
    }


def _wrap(functional_id: str, kind: str, version: str, number: int, body: list[str]) -> str:
    lines = [
        f"ISA*00*{'':10}*00*{'':10}*ZZ*{'CEDARHOLLOW':15}*ZZ*{'CLEARHOUSE':15}*260105*0900*^*00501*{number:09}*0*T*:",
        f"GS*{functional_id}*CEDARHOLLOW*CLEARHOUSE*20260105*0900*{number}*X*{version}",
        f"ST*{kind}*0001*{version}",
        *body,
        f"SE*{len(body) + 2}*0001",
        f"GE*1*{number}",
        f"IEA*1*{number:09}",
    ]
    return "".join(f"{one}~\n" for one in lines)


def claim_file(bills: list[Bill], number: int) -> str:
    """A small 837P: what a payer needs to know and no more."""
    body = [
        f"BHT*0019*00*B{number}*20260105*0900*CH",
        "NM1*41*2*CEDAR HOLLOW*****46*CEDARHOLLOW",
        "NM1*40*2*CLEARHOUSE*****46*CLEARHOUSE",
        "HL*1**20*1",
        "NM1*85*2*CEDAR HOLLOW*****XX*1992000004",
    ]
    for at, bill in enumerate(bills, 2):
        body += _claim_lines(bill, at)
    return _wrap("HC", "837", "005010X222A1", number, body)


def _claim_lines(bill: Bill, at: int) -> list[str]:
    person = bill.encounter.patient
    total = sum(one.charge_cents for one in bill.lines)
    diagnoses = list(dict.fromkeys(code for one in bill.lines for code in one.diagnoses))
    lines = [
        f"HL*{at}*1*22*0",
        f"SBR*{'S' if bill.lines[0].prior else 'P'}*18*******CI",
        f"NM1*IL*1*{person.last.upper()}*{person.first.upper()}****MI*{bill.cover.member_id}",
        f"NM1*PR*2*{PAYERS[bill.cover.payer_id].name.upper()}*****PI*{bill.cover.payer_id}",
        f"CLM*{bill.pcn}*{amount(total)}***11:B:{bill.frequency}*Y*A*Y*Y",
        *([f"REF*F8*{bill.original}"] if bill.original else []),
        "HI*" + "*".join(f"{'ABF' if n else 'ABK'}:{code}" for n, code in enumerate(diagnoses)),
    ]
    for number, one in enumerate(bill.lines, 1):
        code = ":".join(("HC", one.code, *one.modifiers))
        pointer = diagnoses.index(one.diagnoses[0]) + 1
        lines += [
            f"LX*{number}",
            f"SV1*{code}*{amount(one.charge_cents)}*UN*{one.units}***{pointer}",
            f"DTP*472*D8*{bill.encounter.service_on:%Y%m%d}",
            f"REF*6R*{one.control}",
        ]
        if one.prior:
            lines.append(f"SVD*60103*{amount(one.prior.paid_cents)}*HC:{one.code}**{one.units}")
            lines += [f"CAS*{a.group}*{a.carc}*{amount(a.cents)}" for a in one.prior.adjustments]
            lines.append("DTP*573*D8*20260201")
    return lines


def status_file(bill: Bill, number: int) -> str:
    person = bill.encounter.patient
    body = [
        f"BHT*0010*13*R{number}*20260105*0900",
        "HL*1**20*1",
        f"NM1*PR*2*PAYER*****PI*{bill.cover.payer_id}",
        "HL*2*1*21*1",
        "NM1*41*2*CEDAR HOLLOW*****46*CEDARHOLLOW",
        "HL*3*2*19*1",
        "NM1*1P*2*CEDAR HOLLOW*****XX*1992000004",
        "HL*4*3*22*0",
        f"DMG*D8*{person.born_on:%Y%m%d}*{person.sex}",
        f"NM1*IL*1*{person.last.upper()}*{person.first.upper()}****MI*{bill.cover.member_id}",
        f"TRN*1*I{number}-{bill.pcn}",
        f"REF*EJ*{bill.pcn}",
        f"AMT*T3*{amount(sum(one.charge_cents for one in bill.lines))}",
        f"DTP*472*D8*{bill.encounter.service_on:%Y%m%d}",
    ]
    return _wrap("HR", "276", "005010X212", number, body)


@pytest.fixture
def practice_at(tmp_path: Path) -> Iterator[Callable[..., Practice]]:
    """Opens practices, each with a world of its own, and closes their books at the end."""
    opened: list[Practice] = []

    def open_one(name: str = "home", **asked: int) -> Practice:
        opened.append(Practice(tmp_path / name, **asked))
        return opened[-1]

    yield open_one
    for one in opened:
        one.sim.store.close()


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """A world of sixty encounters that has been lived to its end; tests only look at it."""
    practice = Practice(tmp_path_factory.mktemp("lived"), seed=7, encounters=60)
    practice.live()
    yield practice
    practice.sim.store.close()
