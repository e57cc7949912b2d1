"""Which part of a claim a complaint is about. A 999 names a segment of ours, a 277CA a status and
whose it is; both lead to the same parts, each with its place on the form and on our pages.
"""

from domain.form_places import PLACES, FormPlace

# Claim status codes (STC01-2) that say what part it is, whoever is spoken of.
_BY_STATUS = {
    "24": "sender", "26": "billing", "33": "member", "54": "duplicate", "88": "member",
    "91": "billing", "97": "member", "116": "payer",
    "178": "charge", "187": "service day", "189": "admission", "218": "drug", "228": "bill type",
    "249": "place of service", "252": "authorization", "254": "diagnosis", "255": "diagnosis",
    "256": "stay group", "453": "modifier", "454": "procedure", "455": "revenue code",
    "460": "facility codes", "461": "facility codes", "462": "facility codes",
    "463": "facility codes", "464": "frequency", "465": "stay procedure", "476": "units",
    "477": "pointer", "496": "sender", "507": "procedure", "746": "duplicate",
    "21": "", "247": "",
}  # fmt: skip
# Of these nobody need be named to say whose they are.
_BY_STATUS_ALONE = {"145": "billing", "164": "member"}
# Whose name, number or address it is (STC01-3, NM101), where the status says only that it is wrong.
_BY_ENTITY = {
    "IL": "member", "QC": "patient", "03": "patient", "PR": "payer", "85": "billing",
    "87": "pay-to", "82": "rendering", "71": "attending", "72": "operating",
    "ZZ": "other operating", "DN": "referring", "P3": "referring", "DK": "referring",
    "DQ": "referring", "77": "service location", "PW": "transport", "45": "transport",
    "QB": "bought", "41": "sender", "40": "sender", "36": "group",
}  # fmt: skip
_REFERENCES = {
    "EI": "billing", "SY": "billing", "G1": "authorization", "9F": "authorization",
    "4N": "authorization", "F8": "frequency", "X4": "laboratory", "F4": "laboratory",
    "EW": "program number", "1J": "program number", "LU": "accident", "Y4": "casualty",
    "EA": "medical record", "6R": "file number", "D9": "file number", "BT": "drug",
    "XZ": "drug", "VY": "drug",
}  # fmt: skip
_DATES = {
    "472": "service day", "434": "service day", "435": "admission", "096": "admission",
    "439": "accident", "573": "other payer",
    **dict.fromkeys(("431", "484", "454", "304", "453", "455", "471", "090", "091", "444"),
                    "illness"),
    **dict.fromkeys(("314", "360", "361", "297", "296"), "work"),
    **dict.fromkeys(("607", "463", "461"), "equipment"),
    **dict.fromkeys(("738", "739"), "results"),
}  # fmt: skip
_CODES_OF = {
    **dict.fromkeys(("BI", "BH", "BE", "BG"), "facility codes"),
    **dict.fromkeys(("BBR", "BR", "BBQ", "BQ"), "stay procedure"),
    **dict.fromkeys(("ABN", "BN"), "cause"),
    **dict.fromkeys(("BP", "BO"), "surgery"),
    "DR": "stay group", "TC": "treatment",
}  # fmt: skip
_AMOUNTS = {
    **dict.fromkeys(("D", "EAF", "A8"), "other payer"),
    "F5": "patient paid", "F3": "patient owes",
}  # fmt: skip
_SEGMENTS = {
    "HI": "diagnosis", "SBR": "group", "PAT": "patient state", "CL1": "admission",
    "SV1": "procedure", "SV2": "procedure", "PWK": "attachment", "NTE": "notes", "K3": "notes",
    "LIN": "drug", "CTP": "drug", "SVD": "other payer", "CAS": "other payer",
    "OI": "other payer", "MOA": "other payer", "MIA": "other payer", "AMT": "charge",
    "ISA": "file", "GS": "file", "ST": "file", "BHT": "file", "SE": "file", "HL": "file",
    "LX": "procedure", "CR1": "transport", "CR2": "spine", "CR3": "equipment",
    "SV5": "equipment", "CRC": "certified", "PRV": "rendering", "DTP": "service day",
    "REF": "authorization", "CN1": "contract", "MEA": "results", "LQ": "results",
    "FRM": "results", "PS1": "bought",
}  # fmt: skip
# SV1 and SV2 by element; CLM by element, or component of its fifth.
_SERVICE = {
    "SV1": {2: "charge", 3: "units", 4: "units", 5: "place of service", 7: "pointer",
            9: "screening", 11: "screening", 12: "screening"},
    "SV2": {1: "revenue code", 3: "charge", 4: "units", 5: "units", 7: "not covered"},
}  # fmt: skip
_MODIFIER_COMPONENTS = (3, 4, 5, 6)
_CLAIM = {
    1: "control number", 2: "charge", 5: "place of service", 6: "signatures", 7: "signatures",
    8: "signatures", 9: "signatures", 10: "signatures", 11: "accident", 12: "notes", 20: "notes",
}  # fmt: skip
_FREQUENCY = (5, 3)
_ADDRESSES = {"IL": "insured"}
_QUALIFIED = {
    "REF": _REFERENCES,
    "DTP": _DATES,
    "HI": _CODES_OF,
    "AMT": _AMOUNTS,
    "CRC": {"07": "transport", "ZZ": "screening", "09": "equipment"},
    "QTY": {"PT": "transport", "FL": "units"},
    "PRV": {"BI": "billing", "PE": "rendering", "AT": "attending"},
}


def of_status(status: str, entity: str | None) -> FormPlace | None:
    """None where the status says nothing of a part."""
    part = _BY_STATUS.get(status) or _BY_ENTITY.get(entity or "") or _BY_STATUS_ALONE.get(status)
    return PLACES[part] if part else None


def of_segment(
    segment_id: str,
    *,
    qualifier: str = "",
    entity: str = "",
    element: int | None = None,
    component: int | None = None,
) -> FormPlace | None:
    """`entity`: of the NM1 that it stands under."""
    part = _part(segment_id, qualifier, entity, element, component)
    return PLACES[part] if part else None


def _part(
    segment_id: str, qualifier: str, entity: str, element: int | None, component: int | None
) -> str | None:
    match segment_id:
        case "NM1":
            return _BY_ENTITY.get(qualifier or entity)
        case "N1" | "N3" | "N4" | "DMG" | "PER":
            return _ADDRESSES.get(entity) or _BY_ENTITY.get(entity)
        case "SV1" | "SV2":
            return _of_service(segment_id, element, component)
        case "CLM":
            return _of_claim(element, component)
        case _:
            qualified = _QUALIFIED.get(segment_id, {}).get(qualifier)
            return qualified or _SEGMENTS.get(segment_id)


def _of_service(segment_id: str, element: int | None, component: int | None) -> str:
    """SV101-3 to -6, and SV202-3 to -6, are modifiers."""
    if component in _MODIFIER_COMPONENTS:
        return "modifier"
    return _SERVICE[segment_id].get(element or 0, "procedure")


def _of_claim(element: int | None, component: int | None) -> str:
    if (element, component) == _FREQUENCY:
        return "frequency"
    return _CLAIM.get(element or 0, "control number")
