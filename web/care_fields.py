"""The fields of the patient's body, the spine, the surgery, and what is certified of the patient:
what is held fills them, and what a form says of them. A part that is left empty says nothing."""

from collections.abc import Iterator, Mapping

from domain.care_codes import (
    GLASSES,
    GLASSES_BECAUSE,
    HOMEBOUND,
    NO_REFERRAL,
    SCREENING_REFERRALS,
    SPINAL_NATURES,
    TRANSPORT_STATES,
)
from domain.claim_details import (
    ConditionCategory,
    ConditionIndicator,
    PatientState,
    SpinalManipulation,
)
from domain.claim_facts import ClaimFacts
from web.forms import Reader

_OWN = (
    ConditionCategory.AMBULANCE,
    ConditionCategory.HOMEBOUND,
    ConditionCategory.EPSDT,
    *(ConditionCategory(category) for category in GLASSES),
)


def filled(facts: ClaimFacts) -> dict[str, object]:
    values: dict[str, object] = {"anesthesia_for": " ".join(facts.anesthesia_for) or None}
    if state := facts.patient_state:
        values |= {
            "state_died_on": state.died_on,
            "state_weight": state.weight_pounds,
            "state_pregnant": "yes" if state.is_pregnant else None,
        }
    if spinal := facts.spinal:
        values |= {
            "spinal_nature": spinal.nature,
            "spinal_words": spinal.description,
            "spinal_more": spinal.more,
        }
    return values | dict(_condition_values(facts))


def conditions(reader: Reader, held: ClaimFacts) -> tuple[ConditionIndicator, ...]:
    """Those that have fields here; a chart may have brought others."""
    others = (each for each in held.conditions if each.category not in _OWN)
    return (*_conditions(reader), *others)


def patient_state(reader: Reader) -> PatientState | None:
    state = PatientState(
        died_on=reader.date_if_any("state_died_on"),
        weight_pounds=reader.decimal("state_weight", "Give pounds, as 154.5."),
        is_pregnant=bool(reader.form.get("state_pregnant")),
    )
    return state if state != PatientState() else None


def spinal(reader: Reader) -> SpinalManipulation | None:
    told = SpinalManipulation(
        nature=reader.one_of_if_any("spinal_nature", SPINAL_NATURES) or "",
        description=reader.text("spinal_words") or None,
        more=reader.text("spinal_more") or None,
    )
    return told if told != SpinalManipulation(nature="") else None


def surgery(reader: Reader) -> tuple[str, ...]:
    return tuple(reader.text("anesthesia_for").upper().replace(",", " ").split())


def ticked(
    reader: Reader, start: str, codes: Mapping[str, str], suffix: str = ""
) -> tuple[str, ...]:
    return tuple(code for code in codes if reader.form.get(f"{start}{code}{suffix}"))


def condition(
    category: ConditionCategory, codes: tuple[str, ...], *, applies: bool = True
) -> ConditionIndicator:
    return ConditionIndicator(category=category, applies=applies, codes=codes)


def _condition_values(facts: ClaimFacts) -> Iterator[tuple[str, object]]:
    for each in facts.conditions:
        match each.category:
            case ConditionCategory.AMBULANCE:
                yield from ((f"ambulance_is_{code}", "yes") for code in each.codes)
            case ConditionCategory.HOMEBOUND:
                yield "homebound", "yes"
            case ConditionCategory.EPSDT:
                yield "screening_referral", each.codes[0]
            case category if category in GLASSES:
                yield from ((f"glasses_{category}_{code}", "yes") for code in each.codes)
            case _:
                pass


def _conditions(reader: Reader) -> Iterator[ConditionIndicator]:
    if states := ticked(reader, "ambulance_is_", TRANSPORT_STATES):
        yield condition(ConditionCategory.AMBULANCE, states)
    if reader.form.get("homebound"):
        yield condition(ConditionCategory.HOMEBOUND, (HOMEBOUND,))
    if referral := reader.one_of_if_any("screening_referral", SCREENING_REFERRALS):
        applies = referral != NO_REFERRAL
        yield condition(ConditionCategory.EPSDT, (referral,), applies=applies)
    for category in GLASSES:
        if because := ticked(reader, f"glasses_{category}_", GLASSES_BECAUSE):
            yield condition(ConditionCategory(category), because)
