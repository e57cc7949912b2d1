"""The fields of one coverage as the front desk reads them off a card: payer, member, whose plan."""

from sqlalchemy import select

from db.models import Payer
from domain.intake import ChartedCoverage, ChartedPerson, Gender, Relationship
from domain.medicare import WORDS, SecondBecause, is_medicare
from web import name_fields
from web.context import db
from web.forms import Reader

RELATIONS = {"self": "Self", "spouse": "Spouse", "child": "Child", "other": "Other"}
SECOND = {because.value: words for because, words in WORDS.items()}
LISTED_MAX = 500


def payers() -> list[tuple[str, str]]:
    """(payer number, name), by name: what the list offers."""
    found = select(Payer.payer_no, Payer.name).order_by(Payer.name, Payer.id).limit(LISTED_MAX)
    return [(number, name) for number, name in db().execute(found)]


def read(reader: Reader, n: int | None = None) -> ChartedCoverage | None:
    """The coverage whose fields end in `n`, or None where its payer is left open."""
    ending = str(n or "")
    payer_no = reader.form.get(f"payer{ending}", "")
    if not payer_no:
        return None
    offered = dict(payers())
    reader.one_of(f"payer{ending}", offered)
    relation = reader.one_of(f"relation{ending}", RELATIONS)
    return ChartedCoverage(
        order=n or 1,
        payer_id=payer_no,
        payer_name=offered.get(payer_no, ""),
        member_id=reader.text(f"member{ending}", "Give the member id as on the card.", most=40),
        group_number=reader.text(f"group{ending}", most=40) or None,
        relationship=Relationship(relation) if relation in RELATIONS else Relationship.SELF,
        subscriber=None if relation == "self" else _subscriber(reader, ending),
        from_on=None,
        to_on=None,
        second_because=_second_because(reader, f"second_because{ending}", payer_no),
    )


def _second_because(reader: Reader, name: str, payer_no: str) -> SecondBecause | None:
    told = reader.one_of_if_any(name, SECOND)
    if told is None or told not in SECOND:
        return None
    found = select(Payer.filing_code).where(Payer.payer_no == payer_no)
    if not is_medicare(db().scalar(found) or ""):
        reader.refuse(name, "Only Medicare wants to know this: leave it open.")
    return SecondBecause(told)


def _subscriber(reader: Reader, ending: str) -> ChartedPerson:
    return ChartedPerson(
        last=reader.text(f"holder_last{ending}", "Give the subscriber's last name.", most=60),
        first=reader.text(f"holder_first{ending}", "Give the subscriber's first name.", most=35),
        birth_on=reader.date(f"holder_birth{ending}", "Give the subscriber's date of birth"),
        gender=Gender.UNKNOWN,
        address=None,
        middle=name_fields.middle(reader, f"holder_middle{ending}"),
        suffix=name_fields.suffix(reader, f"holder_suffix{ending}"),
    )
