"""An answer of a remittance that found no place: whose claim it is, which lines, or nobody's."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from casework import subjects
from casework.answers import code_meanings
from casework.answers.form import Form
from casework.answers.posting_figures import answer_sections, running_sum
from casework.moment import Moment
from casework.posting import files, matching, reversals, steps, undoing
from casework.posting.answer import DISMISSED
from casework.posting.cases import ExceptionCase
from casework.posting.exceptions import open_exception
from casework.posting.lines import Unplaced
from casework.refusals import Refused
from db.models import ChargeLine, Claim, Entry, RemitClaim, RemitLine, Task, User
from domain import control_numbers
from domain.money import dollars
from domain.questions import Field, FieldKind, Option, Question, RunningSum, Share, radio

SUSPENSE, POST, UNDO = "suspense", "post", "undo_write_off"
CLAIM = "claim:"
SURE = 3
TAKEN_OUT = Option(
    value=SUSPENSE,
    label="Put what the payer took back into suspense",
    because="For what never comes: no claim changes, and you are asked again after a month.",
)
LEFT_OPEN = (
    "Left open, it is posted by itself when what it takes back comes or is keyed: you may put this "
    "task off until then."
)


def ask(session: Session, task: Task, _now: Moment) -> Question:
    answer = session.get_one(RemitClaim, task.details["answer_id"])
    case = ExceptionCase(task.details["case"])
    options = _options(session, answer, case)
    line_fields = _line_fields(session, answer, case)
    recommended = next(option.value for option in options if option.is_recommended)
    return Question(
        lead=f"{task.title}. {dollars(answer.paid_cents)} was paid with it.",
        sections=answer_sections(session, answer),
        fields=(
            radio("action", "What to do with this answer", options, recommended=recommended),
            *line_fields,
            *_code_fields(answer, case),
        ),
        submit="Settle the answer",
        consequences=(
            "Posting to a claim moves its receivable at once.",
            LEFT_OPEN
            if case is ExceptionCase.EARLY_REVERSAL
            else "Suspense keeps the money apart, for the payer to take back or explain.",
        ),
        running_sum=_running_sum(session, answer, options, has_lines=bool(line_fields)),
    )


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    answer = session.get_one(RemitClaim, task.details["answer_id"])
    case = ExceptionCase(task.details["case"])
    allowed = [option.value for option in _options(session, answer, case)]
    action = form.one_of("action", allowed)
    if action == SUSPENSE:
        return _suspend(session, answer, now)
    if action.startswith(CLAIM):
        answer.claim_id = int(action.removeprefix(CLAIM))
    if action == UNDO:
        steps.lock_encounters(session, [answer])
        entries = _written_off(session, answer)
        undoing.undo(session, entries, now, by, because="the payer has paid")
    if case is ExceptionCase.LINE:
        _place_lines(session, answer, form)
    if case is ExceptionCase.UNKNOWN_CODE:
        code_meanings.read(answer, form)
        return _post_or_ask_on(session, task, answer, now)
    return _post(session, answer, now)


def _post(session: Session, answer: RemitClaim, now: Moment) -> str:
    result = steps.settle(session, answer, now)
    if isinstance(result, Unplaced):
        raise Refused.of("action", f"It cannot be posted like that: {result.words}", SUSPENSE)
    return result.words


def _post_or_ask_on(session: Session, task: Task, answer: RemitClaim, now: Moment) -> str:
    """Its codes can be read now; where it still fits nowhere, that is the next question."""
    result = steps.settle(session, answer, now)
    if isinstance(result, Unplaced):
        open_exception(session, answer, result, now)
        subjects.lock(session, task.subject).is_open = True
    return result.words


def _suspend(session: Session, answer: RemitClaim, now: Moment) -> str:
    """Nothing is posted to a claim; what was paid waits in suspense."""
    answer.posting = DISMISSED
    answer.posted_at = now.at
    files.suspend(session, answer.remittance, answer.ordinal, answer.paid_cents, now)
    return f"{dollars(answer.paid_cents)} put into suspense; no claim changed"


def _running_sum(
    session: Session, answer: RemitClaim, options: Sequence[Option], *, has_lines: bool
) -> RunningSum:
    """Posting line by line places what its lines say; any other choice places the whole."""
    values = tuple(option.value for option in options)
    if not has_lines:
        return running_sum(session, answer, choice="action", whole=values, shares=())
    return running_sum(
        session,
        answer,
        choice="action",
        whole=tuple(value for value in values if value != POST),
        shares=tuple(
            Share(field=_field_name(line), cents=line.paid_cents)
            for line in answer.lines
            if line.ordinal
        ),
    )


def _options(session: Session, answer: RemitClaim, case: ExceptionCase) -> tuple[Option, ...]:
    match case:
        case ExceptionCase.UNMATCHED | ExceptionCase.OTHER_PAYER:
            found = _claim_options(session, answer)
        case ExceptionCase.LINE:
            found = [Option(value=POST, label="Post it to the lines chosen below")]
            found = _recommend(found, 0 if _is_guessed(session, answer) else None)
        case ExceptionCase.EARLY_REVERSAL:
            return _early_options(session, answer)
        case ExceptionCase.UNKNOWN_CODE:
            found = [Option(value=POST, label="Post it, its codes read as is chosen below")]
        case ExceptionCase.OVERPOSTED if _written_off(session, answer):
            undo = Option(
                value=UNDO,
                label="Take our write-off back, then post it",
                because="We had given up what the payer pays now.",
            )
            found = _recommend([undo, _retry()], 0)
        case _:
            found = [_retry()]
    is_last = not any(option.is_recommended for option in found)
    return (*found, _suspense(is_recommended=is_last))


def _early_options(session: Session, answer: RemitClaim) -> tuple[Option, ...]:
    """What is undone is to be keyed again; of anything else nobody knows whether it comes."""
    claim = session.get(Claim, answer.claim_id) if answer.claim_id else None
    if claim is not None and reversals.awaits_keying(session, claim, answer):
        keyed = "The paper that it takes back is keyed again: post it"
        retry = Option(value=POST, label=keyed, because="What was keyed first is undone.")
        return tuple(_recommend([retry, TAKEN_OUT], 0))
    return tuple(_recommend([_retry(), TAKEN_OUT], 1))


def _claim_options(session: Session, answer: RemitClaim) -> list[Option]:
    """Candidates best first; only one that agrees best is recommended."""
    found = matching.candidates(session, answer)
    options = [
        Option(
            value=f"{CLAIM}{candidate.claim_id}",
            label=f"Post it to {candidate.label}",
            because=candidate.because,
        )
        for candidate in found
    ]
    best = [candidate for candidate in found if candidate.score == found[0].score]
    is_sure = len(best) == 1 and best[0].score >= SURE
    return _recommend(options, 0 if is_sure else None)


def _recommend(options: Sequence[Option], place: int | None) -> list[Option]:
    return [replace(option, is_recommended=index == place) for index, option in enumerate(options)]


def _retry() -> Option:
    return Option(value=POST, label="Try to post it again", because="Something may have changed.")


def _suspense(*, is_recommended: bool) -> Option:
    return Option(
        value=SUSPENSE,
        label="Put the money into suspense",
        because="It cannot be posted as it stands.",
        is_recommended=is_recommended,
    )


def _written_off(session: Session, answer: RemitClaim) -> Sequence[Entry]:
    claim = session.get(Claim, answer.claim_id) if answer.claim_id else None
    if claim is None:
        return ()
    lines = [line.id for line in matching.charge_lines(session, claim)]
    return undoing.written_off(session, lines, claim.payer_id)


def _line_fields(session: Session, answer: RemitClaim, case: ExceptionCase) -> tuple[Field, ...]:
    if case is not ExceptionCase.LINE or answer.claim_id is None:
        return ()
    charge_lines = _charge_lines(session, answer)
    options = tuple(Option(value=str(line.id), label=_label(line)) for line in charge_lines)
    guesses = _guesses(session, answer)
    return tuple(
        Field(
            name=_field_name(line),
            label=f"Line {line.ordinal} ({line.code}, {dollars(line.charge_cents)})",
            kind=FieldKind.SELECT,
            values=(str(guesses[line.ordinal].id),) if line.ordinal in guesses else (),
            options=options,
            is_required=False,
            depends_on=("action", (POST,)),
        )
        for line in answer.lines
        if line.ordinal
    )


def _code_fields(answer: RemitClaim, case: ExceptionCase) -> tuple[Field, ...]:
    if case is not ExceptionCase.UNKNOWN_CODE:
        return ()
    return code_meanings.fields(answer, when=("action", (POST,)))


def _label(line: ChargeLine) -> str:
    return f"{line.ordinal}: {line.code} {_charge(line)} on {line.service_on}"


def _place_lines(session: Session, answer: RemitClaim, form: Form) -> None:
    ours = {str(line.id): line.id for line in _charge_lines(session, answer)}
    taken: set[int] = set()
    for line in answer.lines:
        if line.ordinal:
            chosen = ours[form.one_of(_field_name(line), list(ours))]
            if chosen in taken:
                raise Refused.of(_field_name(line), "Two lines cannot mean the same charge line.")
            taken.add(chosen)
            line.charge_line_id = chosen


def _is_guessed(session: Session, answer: RemitClaim) -> bool:
    return len(_guesses(session, answer)) == sum(1 for line in answer.lines if line.ordinal)


def _guesses(session: Session, answer: RemitClaim) -> dict[int, ChargeLine]:
    """The charge line with the same control number, code or amount: each given once."""
    free = _charge_lines(session, answer)
    guesses: dict[int, ChargeLine] = {}
    for line in answer.lines:
        alike = [each for each in free if _is_alike(each, line)]
        if line.ordinal and alike:
            guesses[line.ordinal] = alike[0]
            free.remove(alike[0])
    return guesses


def _is_alike(charge_line: ChargeLine, line: RemitLine) -> bool:
    same_name = (
        line.line_control == control_numbers.line_control(charge_line.id)
        or charge_line.code == line.code
    )
    return same_name or charge_line.charge_cents == abs(line.charge_cents)


def _charge_lines(session: Session, answer: RemitClaim) -> list[ChargeLine]:
    claim = session.get(Claim, answer.claim_id) if answer.claim_id else None
    return matching.charge_lines(session, claim) if claim else []


def _charge(line: ChargeLine) -> str:
    return dollars(line.charge_cents or 0)


def _field_name(line: RemitLine) -> str:
    return f"line_{line.ordinal}"
