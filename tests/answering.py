"""The form of a question as somebody sends it who takes what is proposed, and the first choice
where nothing is."""

from domain.questions import Field, FieldKind, Question

Form = dict[str, tuple[str, ...]]
WORDS = {FieldKind.MONEY: "150.00", FieldKind.TEXT: "as it was done"}


def filled(question: Question) -> Form:
    return {
        field.name: field.values or _chosen(field)
        for field in question.fields
        if field.kind is not FieldKind.CHECKBOX
    }


def _chosen(field: Field) -> tuple[str, ...]:
    if not field.is_required or field.depends_on:
        return ()
    if field.options and field.kind in (FieldKind.RADIO, FieldKind.SELECT):
        return (field.options[0].value,)
    return (WORDS[field.kind],) if field.kind in WORDS else ()
