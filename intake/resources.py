"""Single FHIR R4 resources read into our words. Each function takes one resource and either gives
the whole of it or raises `Broken` with the place; none of them guesses."""

import base64
import binascii
import html
import re

from domain.intake import (
    ChartedAddress,
    ChartedDocument,
    ChartedPatient,
    ChartedPerson,
    Relationship,
)
from domain.names import generation, middle_of
from domain.parties import Gender
from intake.elements import Broken, Element

NPI_SYSTEM = "http://hl7.org/fhir/sid/us-npi"
PAYER_SYSTEM = "urn:claimflow:payer"
ICD_SYSTEM = "http://hl7.org/fhir/sid/icd-10-cm"
PROCEDURE_SYSTEMS = frozenset(
    {
        "http://www.ama-assn.org/go/cpt",
        "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
        "http://terminology.hl7.org/CodeSystem/HCPCS",
        "urn:oid:2.16.840.1.113883.6.285",
        "urn:claimflow:procedure",
    }
)
_RELATIONSHIPS = {
    "self": Relationship.SELF,
    "spouse": Relationship.SPOUSE,
    "child": Relationship.CHILD,
}
_GENDERS = {"male": Gender.MALE, "female": Gender.FEMALE}
_ICD_SHAPE = re.compile(r"[A-TV-Z][0-9][0-9AB](?:[0-9A-Z]{1,4})?")
_MAX_NOTE_CHARS = 500_000


def read_patient(patient: Element) -> ChartedPatient:
    name = _name(patient)
    return ChartedPatient(
        mrn=_mrn(patient),
        last=name["family"].needed_text(),
        first=name["given"].first.needed_text(),
        middle=_middle(name),
        suffix=_suffix(name),
        birth_on=patient["birthDate"].needed_day(),
        gender=_gender(patient),
        address=_address(patient),
        phone=next(
            (t["value"].text for t in patient["telecom"] if t["system"].text == "phone"), None
        ),
    )


def read_person(person: Element) -> ChartedPerson:
    name = _name(person)
    return ChartedPerson(
        last=name["family"].needed_text(),
        first=name["given"].first.needed_text(),
        middle=_middle(name),
        suffix=_suffix(name),
        birth_on=person["birthDate"].day(),
        gender=_gender(person),
        address=_address(person),
    )


def read_relationship(coverage: Element) -> Relationship:
    word = coverage["relationship"]["coding"].first["code"].text
    return _RELATIONSHIPS.get(word, Relationship.OTHER) if word else Relationship.SELF


def read_document(document: Element, author: str) -> ChartedDocument:
    """A DocumentReference that holds text, or a Composition."""
    is_composition = document["resourceType"].text == "Composition"
    text = _sections(document) if is_composition else _attachment(document)
    return ChartedDocument(
        kind=document["title"].text
        or document["type"]["text"].text
        or document["type"]["coding"].first["display"].text
        or "note",
        author=author,
        signed_at=(document["attester"].first["time"] or document["date"]).instant(),
        text=text[:_MAX_NOTE_CHARS],
    )


def read_diagnosis_code(concept: Element) -> str | None:
    """The ICD-10-CM code with its dot, or None where the concept has none."""
    for coding in concept["coding"]:
        if coding["system"].text == ICD_SYSTEM:
            plain = coding["code"].needed_text().upper().replace(".", "")
            if not _ICD_SHAPE.fullmatch(plain):
                raise Broken(
                    coding["code"].place,
                    "an ICD-10-CM code is a letter, two characters, and at most four more",
                    "Correct the diagnosis in the sending system and send the file again.",
                )
            return f"{plain[:3]}.{plain[3:]}".rstrip(".")
    return None


def identifier(resource: Element, system: str) -> str | None:
    return next(
        (i["value"].text for i in resource["identifier"] if i["system"].text == system), None
    )


def person_name(person: Element) -> str:
    name = person["name"].first
    parts = [given.text for given in name["given"]] + [name["family"].text]
    return name["text"].text or " ".join(part for part in parts if part)


def _mrn(patient: Element) -> str:
    for candidate in patient["identifier"]:
        if candidate["type"]["coding"].first["code"].text == "MR":
            return candidate["value"].needed_text()
    return patient["identifier"].first["value"].needed_text()


def _name(person: Element) -> Element:
    return next((n for n in person["name"] if n["use"].text == "official"), person["name"].first)


def _middle(name: Element) -> str | None:
    return middle_of(given.text for given in list(name["given"])[1:])


def _suffix(name: Element) -> str | None:
    """The first that is a generation (Jr, Sr, II to V). Servers put degrees there too, alone or
    behind it: a claim has no place for those, and they are left out."""
    told = (part for suffix in name["suffix"] for part in suffix.text.split(","))
    return next(filter(None, map(generation, told)), None)


def _gender(person: Element) -> Gender:
    return _GENDERS.get(person["gender"].text, Gender.UNKNOWN)


def _address(person: Element) -> ChartedAddress | None:
    address = person["address"].first
    if not address:
        return None
    return ChartedAddress(
        lines=tuple(line.text for line in address["line"] if line.text),
        city=address["city"].text,
        state=address["state"].text,
        zip=address["postalCode"].text,
    )


def _attachment(document: Element) -> str:
    attachment = document["content"].first["attachment"]
    if not attachment["contentType"].text.startswith("text/plain"):
        raise Broken(
            attachment["contentType"].place,
            "a note must be text/plain",
            "Send the note as text, or attach the file to the encounter by hand.",
        )
    try:
        return base64.b64decode(attachment["data"].needed_text(), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        raise Broken(
            attachment["data"].place,
            "a note must be UTF-8 text in base64",
            "Export the note again from the sending system.",
        ) from None


def _sections(document: Element) -> str:
    blocks = []
    for section in document["section"]:
        words = re.sub(r"<br\s*/?>|</p>|</li>", "\n", section["text"]["div"].text)
        body = html.unescape(re.sub(r"<[^>]+>", "", words)).strip()
        blocks.append(f"{section['title'].text.upper()}\n{body}")
    return "\n\n".join(blocks)
