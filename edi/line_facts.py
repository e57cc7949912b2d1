"""What only a line says: its drug, its equipment and what certifies it, its results."""

from collections.abc import Iterable, Sequence

from domain.claim_details import Drug, Equipment, FormAnswer, MeasuredResult, SupportingForm
from domain.money import x12_amount
from edi.claim_facts import DESCRIPTION_MAX
from edi.writing import Writer, day, number

_ANSWER_MAX = 50
# Kind, code and four modifiers.
_BEFORE_WORDS = 6


def procedure(
    writer: Writer, where: str, coded: Sequence[str], description: str | None
) -> Sequence[str]:
    """The composite of a service, `where` on the line: kind, code and modifiers, and behind the
    places of four modifiers what was done, for a code that names nothing in particular."""
    if not description:
        return coded
    words = writer.note(f"{where}-7", description, DESCRIPTION_MAX, called="description")
    return [*coded, *[""] * (_BEFORE_WORDS - len(coded)), words]


def add_drug(writer: Writer, drug: Drug | None) -> None:
    if drug is None:
        return
    writer.add("LIN", "", "N4", writer.required("LIN03", drug.ndc))
    writer.add("CTP", "", "", "", number(drug.quantity), drug.unit)
    if drug.order_number:
        writer.add("REF", "VY" if drug.is_compound else "XZ", drug.order_number)


def add_equipment(writer: Writer, code: str, equipment: Equipment | None) -> None:
    if equipment is None:
        return
    writer.add_composites(
        ["SV5"], ["HC", code], ["DA"], [number(equipment.days)],
        [x12_amount(equipment.rental_cents)], [x12_amount(equipment.purchase_cents)],
        [equipment.frequency],
    )  # fmt: skip


def add_certification(writer: Writer, equipment: Equipment | None) -> None:
    if equipment and equipment.certification and equipment.months_needed is not None:
        writer.add("CR3", equipment.certification, "MO", number(equipment.months_needed))


def add_measured(writer: Writer, every: Iterable[MeasuredResult]) -> None:
    for each in every:
        writer.add("MEA", each.about, each.measure, number(each.value))


def add_amounts(writer: Writer, amounts: Iterable[tuple[str, int | None]]) -> None:
    for qualifier, cents in amounts:
        if cents is not None:
            writer.add("AMT", qualifier, x12_amount(cents))


def add_forms(writer: Writer, forms: Iterable[SupportingForm]) -> None:
    for form in forms:
        writer.add("LQ", form.list_code, writer.required("LQ02", form.form))
        for answer in form.answers:
            _add_answer(writer, answer)


def _add_answer(writer: Writer, answer: FormAnswer) -> None:
    said = {None: "", True: "Y", False: "N"}[answer.yes]
    words = writer.note("FRM03", answer.words, _ANSWER_MAX, called="answer") if answer.words else ""
    on = day(answer.on) if answer.on else ""
    percent = "" if answer.percent is None else number(answer.percent)
    writer.add("FRM", answer.question, said, words, on, percent)
