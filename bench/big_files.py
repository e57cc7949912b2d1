"""Large X12 files of invented claims, written piece by piece, the same for the same size."""

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

from domain.money import x12_amount

LINES_PER_CLAIM = 3
CODES = ("99213", "99214", "36415", "80053", "83036", "85025", "71046:26", "93000")
DAYS = 90
# A fee schedule for each of so many offices; one patient in ten has a deductible of any amount.
OFFICES = 25
UNITS = (1, 1, 1, 2, 3)
PAID_PERCENT, PATIENT_PERCENT = 60, 10
DEDUCTIBLE_PERCENT = 10
FIRST_DAY = dt.date(2026, 1, 5)


def write_remittance(path: Path, claims: int) -> None:
    """One 835 that balances: three lines a claim, two reasons a line."""
    paid = sum(claim[1] for claim in _claims(claims))
    head = _opening(paid)
    body = (segment for text, _, _ in _claims(claims) for segment in text)
    count = 0
    with path.open("w", encoding="ascii", newline="") as file:
        for segment in head:
            file.write(f"{segment}~\n")
        for segment in body:
            count += 1
            file.write(f"{segment}~\n")
        for segment in (f"SE*{len(head) - 2 + count + 1}*0001", "GE*1*1", "IEA*1*000000001"):
            file.write(f"{segment}~\n")


def _opening(paid: int) -> list[str]:
    ids = f"ZZ*{'CLEARHOUSE':15}*ZZ*{'CEDARHOLLOW':15}"
    isa = f"ISA*00*{'':10}*00*{'':10}*{ids}*260406*0930*^*00501*000000001*0*T*:"
    return [
        isa,
        "GS*HP*CLEARHOUSE*CEDARHOLLOW*20260406*0930*1*X*005010X221A1",
        "ST*835*0001",
        f"BPR*I*{x12_amount(paid)}*C*ACH*CCP{'*' * 11}20260406",
        "TRN*1*EFT20260406*1999999999",
        "DTM*405*20260406",
        "N1*PR*BIG PAYER",
        "N3*1 PAYER WAY",
        "N4*SALEM*OR*973010001",
        "REF*2U*60101",
        "PER*BL*HELP DESK*TE*5035550100",
        "N1*PE*CEDAR HOLLOW FAMILY PRACTICE*XX*1245319599",
        "REF*TJ*912345678",
        "LX*1",
    ]


def _claims(count: int) -> Iterator[tuple[list[str], int, int]]:
    """The segments of each claim, what it pays and what it charges."""
    chance = random.Random(835)
    fees = [chance.randrange(2_000, 60_000) for _ in range(OFFICES * len(CODES))]
    for number in range(1, count + 1):
        lines, charge, paid, owed = [], 0, 0, 0
        for line in range(LINES_PER_CLAIM):
            units = chance.choice(UNITS)
            one = units * chance.choice(fees)
            allowed = one * (PAID_PERCENT + PATIENT_PERCENT) // 100
            owes = one * PATIENT_PERCENT // 100
            if chance.randrange(100) < DEDUCTIBLE_PERCENT:
                owes = chance.randrange(1, allowed)
            pays = allowed - owes
            charge, paid, owed = charge + one, paid + pays, owed + owes
            day = FIRST_DAY + dt.timedelta(days=(number + line) % DAYS)
            lines += [
                f"SVC*HC:{chance.choice(CODES)}*{x12_amount(one)}*{x12_amount(pays)}**{units}",
                f"DTM*472*{day:%Y%m%d}",
                f"CAS*CO*45*{x12_amount(one - pays - owes)}",
                f"CAS*PR*2*{x12_amount(owes)}",
                f"REF*6R*L{number * LINES_PER_CLAIM + line}",
                f"AMT*B6*{x12_amount(pays + owes)}",
                "LQ*HE*N130",
            ]
        amounts = "*".join(x12_amount(cents) for cents in (charge, paid, owed))
        head = [
            f"CLP*C{number}V1S1*1*{amounts}*12*ICN{number:09d}*11*1",
            f"NM1*QC*1*FAMILY{number % 997}*GIVEN{number % 89}****MI*M{number:08d}",
            "NM1*82*1*WINTERS*RUTH****XX*1245319599",
            f"REF*EA*MRN{number}",
            f"DTM*232*{FIRST_DAY + dt.timedelta(days=number % DAYS):%Y%m%d}",
            f"DTM*050*{FIRST_DAY + dt.timedelta(days=number % DAYS):%Y%m%d}",
            f"AMT*AU*{x12_amount(charge)}",
        ]
        yield head + lines, paid, charge
