"""A coder reads the note beside the proposed codes: codes the encounter, or asks the physician."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import chart, code_lines, coding_checks, exact_codes, regrouping, tasks
from casework.answers.form import Form
from casework.code_lines import CodedLine
from casework.moment import Moment
from casework.refusals import Problem, Refused
from casework.steps import charges, coding
from db.models import Claim, Denial, Encounter, ProviderQuery, Task, User
from domain.coding import Suggestions
from domain.encounter import CodingStatus, EncounterClass
from domain.findings import EditLine, Finding
from domain.questions import Fact, FactSection, Field, FieldKind, Option, Question, radio
from domain.tasks import TaskKind

VISIT_TEMPLATES = {
    EncounterClass.AMBULATORY: "99213",
    EncounterClass.EMERGENCY: "99283",
    EncounterClass.INPATIENT: "99222",
}
ACTIONS = (
    Option(value="code", label="Code the encounter"),
    Option(value="query", label="Ask the physician"),
)
QUESTION = (
    "The note names no finding that can be coded. Which condition was treated, or was none found?"
)


def ask(session: Session, task: Task, now: Moment) -> Question:
    encounter = _encounter(session, task)
    note = chart.text(session, encounter)
    proposed = chart.suggestions(session, encounter)
    denials = _denials(session, task)
    diagnoses, lines = _recommended(encounter, proposed, denials)
    should_query = not diagnoses and not _queries(session, encounter)
    return Question(
        lead=task.reason,
        sections=(
            FactSection(title="Note", text=note, evidence=_evidence(proposed)),
            _proposals(proposed),
            *_headers(encounter),
            *_answers_so_far(session, encounter),
        ),
        fields=_fields(diagnoses, lines, should_query=should_query),
        submit="Save codes",
    )


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    encounter = _encounter(session, task)
    if form.one_of("action", ("code", "query")) == "query":
        return _query(session, encounter, task, form, by, now)
    diagnoses = tuple(code.upper() for code in form.rows("diagnoses"))
    lines = tuple(code_lines.parse(row, "lines") for row in form.rows("lines"))
    _check(encounter, diagnoses, lines)
    code_lines.apply(session, encounter, diagnoses, lines)
    encounter.coding_status = CodingStatus.CODED
    coding.record_session(session, encounter, by.id, task.reason, now)
    if task.claim_id is not None:
        claim = session.get_one(Claim, task.claim_id)
        charges.price_again(session, encounter, claim, now)
        regrouping.regroup(session, claim)
    return f"{by.full_name} coded {', '.join(diagnoses)} with {', '.join(x.code for x in lines)}"


def _query(
    session: Session, encounter: Encounter, task: Task, form: Form, by: User, now: Moment
) -> str:
    asked = ProviderQuery(
        encounter_id=encounter.id,
        asked_by_id=by.id,
        question=form.text("question", required="Write what you ask the physician."),
        asked_at=now.at,
    )
    session.add(asked)
    session.flush()
    encounter.coding_status = CodingStatus.QUERIED
    tasks.open_task(
        session,
        TaskKind.PROVIDER_QUERY,
        # A claim's questions are those of the encounter that leads it.
        subject=task.subject,
        cause=f"query:{asked.id}",
        title="A coder asks about the chart",
        reason="The codes wait for your answer.",
        details={"query_id": asked.id, "claim_id": task.claim_id},
        now=now,
        waits_in_claim=task.claim_id,
        encounter_id=encounter.id,
        provider_id=encounter.provider_id,
    )
    return f"{by.full_name} asked the physician"


def _check(encounter: Encounter, diagnoses: tuple[str, ...], lines: tuple[CodedLine, ...]) -> None:
    """Refuse codes that would stop the claim, each problem beside its field with its cure."""
    edited = tuple(
        EditLine(
            code=line.code,
            modifiers=line.modifiers,
            units=line.units,
            pointers=line.pointers,
            charge_cents=1,
        )
        for line in lines
    )
    findings = coding_checks.of_codes(encounter, diagnoses, edited)
    if findings:
        problems: dict[str, Problem] = {}
        for finding in findings:
            field = "diagnoses" if finding.place.startswith("diagnos") else "lines"
            suggestion = _mended(finding, field, diagnoses, lines)
            problems.setdefault(field, Problem(words=finding.words, suggestion=suggestion))
        raise Refused(problems)


def _mended(
    finding: Finding, field: str, diagnoses: tuple[str, ...], lines: tuple[CodedLine, ...]
) -> str | None:
    """The whole field with the finding's fix in it, for one click."""
    if finding.fix is None:
        return None
    if field == "diagnoses":
        return "\n".join(code_lines.mend_diagnoses(diagnoses, finding.fix))
    return "\n".join(line.as_row() for line in code_lines.mend_lines(lines, finding.fix))


def _recommended(
    encounter: Encounter, proposed: Suggestions, denials: list[Denial]
) -> tuple[tuple[str, ...], tuple[CodedLine, ...]]:
    """What the encounter holds already, else what the note proposes; mended where an edit knows
    how.
    """
    diagnoses = tuple(d.code for d in encounter.diagnoses)
    held = tuple(code_lines.of(line) for line in encounter.coded_lines if not line.is_void)
    diagnoses = diagnoses or tuple(s.code for s in proposed.diagnoses[:12])
    diagnoses = tuple(dict.fromkeys(exact_codes.proposed(encounter, d) for d in diagnoses))
    everything = tuple(range(1, min(len(diagnoses), 4) + 1))
    lines = held or tuple(
        CodedLine(code=s.code, modifiers=(), units=s.units, pointers=everything)
        for s in proposed.procedures
    )
    lines = lines or _visit_template(encounter, everything)
    if denials:
        return diagnoses, code_lines.answer_denials(lines, len(diagnoses), denials)
    return code_lines.mended(encounter, diagnoses, lines)


def _visit_template(encounter: Encounter, pointers: tuple[int, ...]) -> tuple[CodedLine, ...]:
    """Where the note names no service, the visit itself is proposed, and the coder confirms it."""
    code = VISIT_TEMPLATES[encounter.encounter_class]
    return (CodedLine(code=code, modifiers=(), units=1, pointers=pointers or (1,)),)


def _fields(
    diagnoses: tuple[str, ...], lines: tuple[CodedLine, ...], *, should_query: bool
) -> tuple[Field, ...]:
    code_only = ("action", ("code",))
    return (
        radio("action", "What next", ACTIONS, recommended="query" if should_query else "code"),
        Field(
            name="diagnoses",
            label="Diagnoses",
            kind=FieldKind.CODES,
            values=diagnoses,
            hint="One ICD-10-CM code a line, the main one first.",
            depends_on=code_only,
        ),
        Field(
            name="lines",
            label="Services",
            kind=FieldKind.LINES,
            values=tuple(line.as_row() for line in lines),
            hint="code | modifiers | units | diagnoses, for example 99214 | 25 | 1 | 1,2",
            depends_on=code_only,
        ),
        Field(
            name="question",
            label="Question to the physician",
            kind=FieldKind.TEXTAREA,
            values=(QUESTION,) if should_query else (),
            is_required=False,
            depends_on=("action", ("query",)),
        ),
    )


def _evidence(proposed: Suggestions) -> tuple[tuple[int, int, str], ...]:
    found = (*proposed.diagnoses, *proposed.procedures)
    return tuple(sorted((s.start, s.end, s.code) for s in found))


def _proposals(proposed: Suggestions) -> FactSection:
    rows = [
        (s.code, s.words, str(s.rule), f"{s.confidence}%")
        for s in (*proposed.diagnoses, *proposed.procedures)
    ]
    rows += [("", p.words, str(p.caution), "") for p in proposed.passed_over]
    return FactSection(
        title="Proposed from the note",
        columns=("Code", "Words", "Because", "Sure"),
        rows=tuple(rows),
    )


def _headers(encounter: Encounter) -> tuple[FactSection, ...]:
    """Where the chart names a family of codes: what is offered for it, and what else there is."""
    rows = [
        (d.code, exact_codes.proposed(encounter, d.code), ", ".join(choices))
        for d in encounter.diagnoses
        if (choices := exact_codes.below(encounter, d.code))
    ]
    columns = ("Charted", "Filled in below", "Choose among")
    section = FactSection(title="Too general to bill", columns=columns, rows=tuple(rows))
    return (section,) if rows else ()


def _answers_so_far(session: Session, encounter: Encounter) -> tuple[FactSection, ...]:
    answered = [query for query in _queries(session, encounter) if query.answer]
    if not answered:
        return ()
    facts = tuple(Fact(label=query.question, value=query.answer or "") for query in answered)
    return (FactSection(title="Physician's answers", facts=facts),)


def _queries(session: Session, encounter: Encounter) -> list[ProviderQuery]:
    return list(
        session.scalars(
            select(ProviderQuery)
            .where(ProviderQuery.encounter_id == encounter.id)
            .order_by(ProviderQuery.id)
        )
    )


def _denials(session: Session, task: Task) -> list[Denial]:
    ids = task.details.get("denial_ids", [])
    return list(session.scalars(select(Denial).where(Denial.id.in_(ids)).order_by(Denial.id)))


def _encounter(session: Session, task: Task) -> Encounter:
    return session.get_one(Encounter, task.encounter_id)
