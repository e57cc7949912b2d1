"""Denials: what a payer refused on an 835, the routes a person may take, and the one we recommend.

The recommendation is a pure function of group, CARC, RARC, payer, attempt and the day of the appeal
window, so that the order in which work is done can never change the money.
"""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from domain.corrections import Instead


class DenialRoute(StrEnum):
    CORRECT = "correct"
    RECODE = "recode"
    FIX_REGISTRATION = "fix_registration"
    SEND_RECORDS = "send_records"
    APPEAL = "appeal"
    NEXT_PAYER = "next_payer"
    PATIENT = "patient"
    WRITE_OFF = "write_off"


class DenialStatus(StrEnum):
    OPEN = "open"
    DECIDED = "decided"
    RESOLVED = "resolved"


class WriteOffReason(StrEnum):
    """Why we gave a receivable up; each is an account of its own (`writeoff:<reason>`)."""

    MEDICAL_NECESSITY = "medical_necessity"
    NO_AUTHORIZATION = "no_authorization"
    TIMELY_FILING = "timely_filing"
    BUNDLED = "bundled"
    ELIGIBILITY = "eligibility"
    BILLING_ERROR = "billing_error"
    UNDERPAID = "underpaid"
    SMALL_BALANCE = "small_balance"
    HARDSHIP = "hardship"
    BAD_DEBT = "bad_debt"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class PayerRules:
    """What decides a route on the payer's side."""

    takes_frequency_7: bool
    instead: Instead = Instead.NEW_CLAIM
    appeal_levels: int
    appeal_days: int
    hears_timely_filing: bool


@dataclass(frozen=True, kw_only=True)
class DenialFacts:
    """One refused line as the route needs it; `tried` are the routes already taken for
    this line.
    """

    group: str
    carc: str
    rarcs: tuple[str, ...]
    tried: tuple[DenialRoute, ...]
    appeal_level_reached: int
    has_next_payer: bool
    # Whether somebody says that the claim arrived in time; asked of late filing alone.
    has_proof: bool
    today: dt.date
    appeal_until_on: dt.date
    # Whether we know the number of the payer's approval.
    has_approval: bool = False

    @property
    def is_past_appeal(self) -> bool:
        return self.today > self.appeal_until_on


# What makes a corrected claim of it, or whatever its payer takes instead.
CORRECTIONS = (DenialRoute.CORRECT, DenialRoute.FIX_REGISTRATION, DenialRoute.RECODE)
FIX = (DenialRoute.CORRECT, DenialRoute.APPEAL, DenialRoute.WRITE_OFF)
RECODE = (DenialRoute.RECODE, DenialRoute.APPEAL, DenialRoute.WRITE_OFF)
REGISTER = (DenialRoute.FIX_REGISTRATION, DenialRoute.APPEAL, DenialRoute.WRITE_OFF)
RECORDS = (DenialRoute.SEND_RECORDS, DenialRoute.APPEAL, DenialRoute.WRITE_OFF)
APPEAL = (DenialRoute.APPEAL, DenialRoute.WRITE_OFF)
NEXT = (DenialRoute.NEXT_PAYER, DenialRoute.WRITE_OFF)
NEXT_OR_PATIENT = (DenialRoute.NEXT_PAYER, DenialRoute.PATIENT)
GIVE_UP = (DenialRoute.WRITE_OFF,)

# CARC -> the order in which routes are tried; own words and reasons in docs/denials.md.
PLAYBOOK: dict[str, tuple[DenialRoute, ...]] = {
    "4": RECODE, "5": RECODE, "11": RECODE, "146": RECODE, "167": RECODE, "181": RECODE,
    "182": RECODE, "B15": RECODE, "B16": RECODE,
    "15": FIX, "16": FIX, "110": FIX, "129": FIX, "206": FIX, "207": FIX, "208": FIX, "183": FIX,
    "31": REGISTER, "140": REGISTER, "32": REGISTER, "33": REGISTER, "13": REGISTER,
    "148": RECORDS, "163": RECORDS, "164": RECORDS, "226": RECORDS, "227": RECORDS,
    "251": RECORDS, "252": RECORDS,
    "39": APPEAL, "50": APPEAL, "55": APPEAL, "150": APPEAL, "151": APPEAL, "152": APPEAL,
    "197": APPEAL, "198": APPEAL, "210": APPEAL, "272": APPEAL, "273": APPEAL, "29": APPEAL,
    "193": APPEAL,
    "19": NEXT, "20": NEXT, "21": NEXT, "22": NEXT, "24": NEXT, "26": NEXT, "27": NEXT,
    "109": NEXT, "200": NEXT, "B9": NEXT,
    "35": NEXT_OR_PATIENT, "49": NEXT_OR_PATIENT, "96": NEXT_OR_PATIENT, "119": NEXT_OR_PATIENT,
    "204": NEXT_OR_PATIENT,
    "97": GIVE_UP, "231": GIVE_UP, "234": GIVE_UP, "236": GIVE_UP,
}  # fmt: skip

REASON_OF: dict[str, WriteOffReason] = {
    "29": WriteOffReason.TIMELY_FILING,
    "50": WriteOffReason.MEDICAL_NECESSITY,
    "55": WriteOffReason.MEDICAL_NECESSITY,
    "15": WriteOffReason.NO_AUTHORIZATION,
    "39": WriteOffReason.NO_AUTHORIZATION,
    "197": WriteOffReason.NO_AUTHORIZATION,
    "198": WriteOffReason.NO_AUTHORIZATION,
    "97": WriteOffReason.BUNDLED,
    "231": WriteOffReason.BUNDLED,
    "236": WriteOffReason.BUNDLED,
    "26": WriteOffReason.ELIGIBILITY,
    "27": WriteOffReason.ELIGIBILITY,
    "22": WriteOffReason.ELIGIBILITY,
    "16": WriteOffReason.BILLING_ERROR,
    "4": WriteOffReason.BILLING_ERROR,
    "11": WriteOffReason.BILLING_ERROR,
    "45": WriteOffReason.UNDERPAID,
}

# What a corrected claim can cure only with the number of the payer's approval.
WANTS_APPROVAL = frozenset({"15", "197", "198"})
DUPLICATE = "18"
LATE_FILING = "29"
# Another payer comes first: this one may be asked again for what that one leaves.
PAYS_LATER = frozenset({"22"})
INFORMATIONAL = frozenset({"18", "246", "B13"})


def recommended_route(facts: DenialFacts, payer: PayerRules) -> DenialRoute:
    """The first route of the playbook that is open and has not been tried."""
    for route in PLAYBOOK.get(facts.carc, APPEAL):
        if is_open(route, facts, payer) and not _is_hopeless(route, facts):
            return route
    return DenialRoute.WRITE_OFF


def wants_approval(facts: DenialFacts) -> bool:
    return facts.carc in WANTS_APPROVAL


def is_open(route: DenialRoute, facts: DenialFacts, payer: PayerRules) -> bool:
    """Whether a person may take this route at all; the page offers no other."""
    match route:
        case DenialRoute.APPEAL:
            return _may_appeal(facts, payer)
        case DenialRoute.NEXT_PAYER:
            return facts.has_next_payer and route not in facts.tried
        case DenialRoute.PATIENT:
            # Only PR is the patient's; a CO amount may never reach a statement.
            return facts.group == "PR"
        case DenialRoute.WRITE_OFF:
            return True
        case _:
            return route not in facts.tried


def write_off_reason(carc: str) -> WriteOffReason:
    return REASON_OF.get(carc, WriteOffReason.OTHER)


def _is_hopeless(route: DenialRoute, facts: DenialFacts) -> bool:
    """Open, but not recommended: nobody wins an appeal of late filing without proof, and a claim
    that lacked the number of its approval is refused again without it."""
    if route is DenialRoute.CORRECT:
        return wants_approval(facts) and not facts.has_approval
    return route is DenialRoute.APPEAL and facts.carc == LATE_FILING and not facts.has_proof


def _may_appeal(facts: DenialFacts, payer: PayerRules) -> bool:
    # MA130 says the claim was never processed: no appeal right and no reopening.
    if "MA130" in facts.rarcs or facts.carc in INFORMATIONAL:
        return False
    if facts.carc == LATE_FILING and not payer.hears_timely_filing:
        return False
    return not facts.is_past_appeal and facts.appeal_level_reached < payer.appeal_levels
