"""Sample files of a small invented world: bundles of its EHR, remittances of its payer."""

import datetime as dt
from functools import cache

from sim.ehr import bundle_bytes
from sim.invention import make_world

PAYER_NO = "60101"


@cache
def bundles(count: int = 3) -> tuple[bytes, ...]:
    """One encounter of a patient of their own each, as the EHR sends it."""
    world = make_world(seed=7, encounters=12, start_on=dt.date(2026, 1, 5), arrive_over_days=20)
    return tuple(bundle_bytes(one) for one in world.encounters[:count])


def remittance_835(trace: str = "EFT0001", *, paid: str = "100", line_paid: str = "100") -> bytes:
    """One payment for a claim that nobody sent: it balances when both amounts are the same."""
    body = [
        f"BPR*I*{paid}*C*ACH*CCP*01*999999992*DA*123456*1999999999**01*999988880*DA*98765*20260115",
        f"TRN*1*{trace}*1999999999",
        "DTM*405*20260114",
        f"N1*PR*ACME HEALTH*XV*{PAYER_NO}",
        "N3*1 PAYER ST",
        "N4*DALLAS*TX*75201",
        "PER*BL*EDI HELP*TE*8005551213",
        "N1*PE*CEDAR HOLLOW*XX*1992000004",
        "REF*TJ*752014417",
        "LX*1",
        f"CLP*NOBODYS1*1*150*{line_paid}*0*12*ICN1*11*1",
        "NM1*QC*1*SAMPLE*PAT****MI*W0001",
        f"SVC*HC:99213*150*{line_paid}**1",
        "DTM*472*20260105",
        "CAS*CO*45*50",
    ]
    inside = ["ST*835*0001", *body, f"SE*{len(body) + 2}*0001"]
    isa = (
        "ISA*00*          *00*          *ZZ*PAYERHUB       *ZZ*CEDARHOLLOW    "
        "*260115*1200*^*00501*000000061*0*T*:"
    )
    lines = [
        isa,
        "GS*HP*PAYERHUB*CEDARHOLLOW*20260115*1200*61*X*005010X221A1",
        *inside,
        "GE*1*61",
        "IEA*1*000000061",
    ]
    return "".join(f"{line}~\n" for line in lines).encode()
