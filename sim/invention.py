"""Makes the world from a seed; the same seed and number always make the same one."""

import datetime as dt
from collections.abc import Sequence

from sim import people
from sim.cases import CASES, NEEDS_25, VISITS, Case
from sim.days import DAY, next_business_day
from sim.draw import between, choose, fraction, shuffled
from sim.payers import PAYERS, finding_words
from sim.script import with_script
from sim.stays import with_stays
from sim.world import Cover, Encounter, Patient, Service, World

CHILDREN, DEPENDENT_SPOUSES, NEW_PATIENTS = 0.12, 0.06, 0.4
CODED_BY_THE_CHART, FORGOTTEN_25, DISTRACTED = 0.45, 0.3, 0.35
SINGLES = ("60101", "60101", "60102", "60102", "60103", "60105", "60105", "60106", "60107")
PAIRS = (
    ("60103", "60104"),
    ("60101", "60102"),
    ("60103", "60104"),
    ("60102", "60101"),
    ("60105", "60106"),
    ("60101", "60106"),
    ("60107", "60101"),
)


def make_world(*, seed: int, encounters: int, start_on: dt.date, arrive_over_days: int) -> World:
    """Invent everything: who comes, when, for what, and what each payer will decide."""
    patients = _patients(seed, encounters)
    made = with_stays(seed, _visits(seed, encounters, patients, start_on, arrive_over_days))
    return World(seed=seed, start_on=start_on, encounters=with_script(seed, made))


def _patients(seed: int, encounters: int) -> list[Patient]:
    """Two people for three encounters: some come twice or three times."""
    count = max(1, encounters * 2 // 3)
    names = [(last, place) for last in people.LAST for place in range(len(people.FIRST_F))]
    names = shuffled(names, seed, "names")
    kinds = _coverage_kinds(seed, count)
    return [_patient(seed, at, names[at % len(names)], kinds[at]) for at in range(count)]


def _coverage_kinds(seed: int, count: int) -> list[tuple[str, ...]]:
    """35% with two coverages, 5% with none; dealt from a deck so that every run has each."""
    doubles, none = max(1, round(count * 0.35)), max(1, round(count * 0.05))
    deck: list[tuple[str, ...]] = [PAIRS[at % len(PAIRS)] for at in range(doubles)]
    deck += [()] * none
    deck += [(SINGLES[at % len(SINGLES)],) for at in range(max(0, count - len(deck)))]
    return shuffled(deck, seed, "coverage")


def _patient(seed: int, at: int, name: tuple[str, int], payers: Sequence[str]) -> Patient:
    last, place = name
    sex = choose("FM", seed, at, "sex")
    is_child = fraction(seed, at, "child") < CHILDREN and not {"60103", "60105"} & set(payers)
    age = between(3, 17, seed, at, "age") if is_child else _adult_age(seed, at, payers)
    town, state, zip_code = choose(people.TOWNS, seed, at, "town")
    subscriber = _subscriber(seed, at, last, is_child=is_child)
    return Patient(
        mrn=f"MR{seed % 100:02}{at + 1:05}",
        last=last,
        first=(people.FIRST_F if sex == "F" else people.FIRST_M)[place],
        sex=sex,
        born_on=dt.date(2025 - age, between(1, 12, seed, at, "m"), between(1, 28, seed, at, "d")),
        street=f"{between(1, 990, seed, at, 'no')} {choose(people.STREETS, seed, at, 'street')}",
        town=town,
        state=state,
        zip_code=zip_code,
        covers=tuple(
            Cover(payer_id=payer, member_id=_member_id(seed, at, payer), subscriber=subscriber)
            for payer in payers
        ),
    )


def _adult_age(seed: int, at: int, payers: Sequence[str]) -> int:
    return (
        between(66, 89, seed, at, "age") if "60103" in payers else between(19, 64, seed, at, "age")
    )


def _subscriber(seed: int, at: int, last: str, *, is_child: bool) -> str:
    is_spouse = fraction(seed, at, "spouse") < DEPENDENT_SPOUSES
    if not (is_child or is_spouse):
        return ""
    return f"{last}, {choose(people.FIRST_F + people.FIRST_M, seed, at, 'subscriber')}"


def _member_id(seed: int, at: int, payer: str) -> str:
    if payer == "60103":
        letters = "ACDEFGHJKMNPQRTUVWXY"
        a, b, c, d = (choose(letters, seed, at, "mbi", n) for n in range(4))
        return (
            f"{1 + at % 9}{a}{at // 9 % 10}{at // 90 % 10}{b}{at // 900 % 10}5{c}{d}{at % 100:02}"
        )
    initials = "".join(word[0] for word in PAYERS[payer].name.split())
    return f"{initials}{seed % 1000:03}{at + 1:05}{payer[-1]}"


def _visits(
    seed: int, count: int, patients: Sequence[Patient], start_on: dt.date, over_days: int
) -> list[Encounter]:
    taken: set[tuple[str, dt.date]] = set()
    return [
        _visit(seed, at, _whose(at, patients), _arrival(at, count, start_on, over_days), taken)
        for at in range(count)
    ]


def _whose(at: int, patients: Sequence[Patient]) -> Patient:
    """Everybody comes once; the first half of the people come again."""
    if at < len(patients):
        return patients[at]
    return patients[(at - len(patients)) % max(1, len(patients) * 3 // 4)]


def _arrival(at: int, count: int, start_on: dt.date, over_days: int) -> dt.date:
    return next_business_day(start_on + DAY * (at * max(1, over_days) // max(1, count)))


def _visit(
    seed: int, at: int, patient: Patient, arrives_on: dt.date, taken: set[tuple[str, dt.date]]
) -> Encounter:
    case = choose(CASES, seed, at, "case")
    services = _services(seed, at, case, is_new=not any(mrn == patient.mrn for mrn, _ in taken))
    return Encounter(
        key=f"v{at + 1:05}",
        patient=patient,
        place=case.place,
        service_on=_service_day(seed, at, patient, arrives_on, taken),
        arrives_on=arrives_on,
        provider=between(0, len(people.PROVIDERS) - 1, seed, at, "provider"),
        complaint=case.complaint,
        findings=case.findings[: between(1, len(case.findings), seed, at, "findings")],
        distractors=_distractors(seed, at, case),
        services=services,
        comes_coded=fraction(seed, at, "coded") < CODED_BY_THE_CHART,
    )


def _service_day(
    seed: int, at: int, patient: Patient, arrives_on: dt.date, taken: set[tuple[str, dt.date]]
) -> dt.date:
    """One encounter a patient and day: payers know an encounter by member and day."""
    day = arrives_on - DAY * between(0, 2, seed, at, "lag")
    while (patient.mrn, day) in taken:
        day -= DAY
    taken.add((patient.mrn, day))
    return day


def _services(seed: int, at: int, case: Case, *, is_new: bool) -> tuple[Service, ...]:
    offered = shuffled(case.services, seed, at, "services")
    chosen = offered[: between(1, len(offered), seed, at, "how many")]
    if not case.has_visit and case.services[0] not in chosen:
        chosen.insert(0, case.services[0])
    visit = [_visit_code(seed, at, case, is_new=is_new)] if case.has_visit else []
    forgets = fraction(seed, at, "forgets 25") < FORGOTTEN_25
    modifiers = ("25",) if NEEDS_25 & set(chosen) and not forgets else ()
    counted = {code: (low, high) for code, low, high in case.units}
    return (
        *(Service(code=code, modifiers=modifiers) for code in visit),
        *(
            Service(code=code, units=between(*counted.get(code, (1, 1)), seed, at, code))
            for code in sorted(chosen, key=case.services.index)
        ),
    )


def _visit_code(seed: int, at: int, case: Case, *, is_new: bool) -> str:
    may_be_new = is_new and case.place == "AMB"
    kind = "NEW" if may_be_new and fraction(seed, at, "new") < NEW_PATIENTS else case.place
    return choose(VISITS[kind], seed, at, "visit")


def _distractors(seed: int, at: int, case: Case) -> tuple[str, ...]:
    """Findings that the note mentions and nobody may code: denied, past, in the family."""
    others = [code for code in finding_words() if code not in case.findings and code[0] != "Z"]
    lines = (
        "Denies {}.",
        "Past history of {}, resolved.",
        "Mother had {}.",
    )
    chosen = [line for line in lines if fraction(seed, at, line) < DISTRACTED]
    return tuple(line.format(finding_words()[choose(others, seed, at, line, 2)]) for line in chosen)
