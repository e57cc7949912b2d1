"""What an address of North America may name as its state: those of the United States, their
territories and military mail, and the provinces of Canada."""

_STATES = (
    "AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH "
    "NJ NM NV NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY"
)
_TERRITORIES = "AS FM GU MH MP PR PW VI"
_MILITARY = "AA AE AP"
_PROVINCES = "AB BC MB NB NL NS NT NU ON PE QC SK YT"
STATES = frozenset(f"{_STATES} {_TERRITORIES} {_MILITARY} {_PROVINCES}".split())
REFUSAL = "A state is told by its two letters, as TX."


def is_state(text: str) -> bool:
    return text in STATES
