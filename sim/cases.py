"""Reasons for a visit: findings and services that belong together, in codes."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Case:
    findings: tuple[str, ...]
    services: tuple[str, ...]
    place: str = "AMB"
    complaint: str = ""
    units: tuple[tuple[str, int, int], ...] = ()
    """Code and the fewest and most units of services that are counted."""
    has_visit: bool = True


CASES = (
    Case(
        findings=("E11.9", "I10", "E78.5"),
        services=("83036", "82962", "80061", "36415"),
        complaint="Here for diabetes follow-up; home sugars mostly in range",
    ),
    Case(
        findings=("I10", "E78.5"),
        services=("93000", "80053", "36415"),
        complaint="Blood pressure check; takes the tablets every morning",
    ),
    Case(
        findings=("J06.9", "R05.9"),
        services=("87804", "94760"),
        complaint="Runny nose and sore throat for three days",
    ),
    Case(
        findings=("J02.9",),
        services=("87880", "94760"),
        complaint="Painful swallowing since yesterday",
    ),
    Case(
        findings=("N39.0",),
        services=("81002", "80053"),
        complaint="Burning on urination for two days",
    ),
    Case(
        findings=("J45.909", "J30.9"),
        services=("94010", "94640", "94760"),
        complaint="Wheezing at night, uses the inhaler twice a week",
    ),
    Case(
        findings=("M54.50",),
        services=("97110", "72148"),
        complaint="Back pain after lifting boxes",
        units=(("97110", 1, 3),),
    ),
    Case(
        findings=("M25.511",),
        services=("20610", "73030", "J1100"),
        complaint="Shoulder hurts when reaching overhead",
        units=(("J1100", 4, 8),),
    ),
    Case(
        findings=("M25.561", "M54.50"),
        services=("73721", "97110"),
        complaint="Knee gives way on the stairs",
        units=(("97110", 1, 4),),
    ),
    Case(
        findings=("E03.9", "D64.9"),
        services=("84443", "85025", "36415"),
        complaint="Tired all day, feels cold",
    ),
    Case(
        findings=("L02.91",),
        services=("10060", "96372"),
        complaint="A tender lump on the forearm, growing for a week",
    ),
    Case(
        findings=("Z00.00", "E78.5"),
        services=("99396", "80061", "85025"),
        complaint="Yearly check, no complaints",
        has_visit=False,
    ),
    Case(
        findings=("Z23", "I10"),
        services=("90471", "90686"),
        complaint="Wants this season's vaccine and a refill",
    ),
    Case(
        findings=("I25.10", "I10"),
        services=("93306", "93000"),
        complaint="Short of breath on hills since the autumn",
    ),
    Case(
        findings=("F32.A", "F41.1"),
        services=("99406", "84443"),
        complaint="Low mood and poor sleep; still smokes",
    ),
    Case(
        findings=("G43.909",),
        services=("96372", "J1100"),
        complaint="One-sided headache with light sensitivity",
        units=(("J1100", 4, 10),),
    ),
    Case(
        findings=("R07.9",),
        services=("93000", "71046", "85025"),
        complaint="Pressure on the chest since this morning",
        place="EMER",
    ),
    Case(
        findings=("J20.9", "J45.909"),
        services=("71046", "94640"),
        complaint="Coughing for ten days, fever yesterday",
        place="EMER",
    ),
    Case(
        findings=("K21.9", "D64.9"),
        services=("76700", "85025"),
        complaint="Belly pain and heartburn, admitted for observation",
        place="IMP",
    ),
    Case(
        findings=("H66.90", "J30.9"),
        services=("94760", "96372"),
        complaint="Ear pain for two days",
    ),
)

VISITS = {
    "NEW": ("99202", "99203", "99204"),
    "AMB": ("99212", "99213", "99214", "99214", "99215"),
    "EMER": ("99283", "99284"),
    "IMP": ("99222", "99232", "99238"),
}

NEEDS_25 = frozenset({"20610", "10060", "17000", "11102", "96372", "94640", "90471"})
"""Procedures beside which the visit carries modifier 25."""
