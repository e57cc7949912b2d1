"""The codes of transports, equipment, screenings and bodies that a professional claim can say,
in our own words. A page offers these and no others."""

# CR104, and CRC*07: what is certified of the patient who was carried.
TRANSPORT_REASONS = {
    "A": "To the nearest place that could treat it",
    "B": "To a doctor whom the patient prefers",
    "C": "To be near the family",
    "D": "To a specialist or to special equipment",
    "E": "To a rehabilitation facility",
}
TRANSPORT_STATES = {
    "01": "Was admitted to a hospital",
    "04": "Was moved on a stretcher",
    "05": "Was unconscious or in shock",
    "06": "Was an emergency",
    "07": "Had to be restrained",
    "08": "Was visibly bleeding",
    "09": "Needed it for medical reasons",
    "12": "Is confined to a bed or a chair",
}
TRANSPORT_STATES_MAX = 5
# CRC*75 and CRC*ZZ. The screening's own word for "nobody" is told as not applying.
HOMEBOUND = "IH"
NO_REFERRAL = "NU"
SCREENING_REFERRALS = {
    NO_REFERRAL: "The patient was sent to nobody",
    "AV": "A referral was offered and not taken",
    "S2": "Is under treatment for it already",
    "ST": "New treatment or tests were asked for",
}
# CRC*E1 to E3: why glasses or lenses are given.
GLASSES = {"E1": "Lenses of glasses", "E2": "Contact lenses", "E3": "Frames"}
GLASSES_BECAUSE = {
    "L1": "Sight has changed by as much as the payer asks",
    "L2": "Lost or stolen",
    "L3": "Broken",
    "L4": "The patient prefers it",
    "L5": "For a medical reason",
}
# MEA02. Of one, the dose that was begun with, no test tells (MEA01 is OG).
MEASURES = {
    "HT": "Height, inches",
    "R1": "Hemoglobin",
    "R2": "Hematocrit",
    "R3": "Epoetin, dose begun with",
    "R4": "Creatinine",
}
BEGUN_WITH = "R3"
# LQ01 and CN101.
FORM_LISTS = {"UT": "Medicare's equipment contractors", "AS": "Another list"}
CONTRACTS = {
    "01": "By diagnosis-related group",
    "02": "By the day",
    "03": "By the day, in steps",
    "04": "A flat price",
    "05": "A fee for each member (capitation)",
    "06": "A percentage",
    "09": "Other terms",
}
# CR208.
SPINAL_NATURES = {
    "A": "Acute",
    "C": "Chronic",
    "D": "Not acute",
    "E": "Not threatening life",
    "F": "Routine",
    "G": "With symptoms",
    "M": "Acute phase of a chronic condition",
}
# SV506 and CR301, CRC*09, CRC*70.
RENTED_BY = {"1": "Week", "4": "Month", "6": "Day"}
CERTIFICATIONS = {"I": "First", "R": "Renewed", "S": "Revised"}
FIRST_CERTIFICATION = "I"
EQUIPMENT_STATES = {
    "38": "The certificate is on file with us",
    "ZV": "It replaces another",
}
HOSPICE_EMPLOYS = "65"
