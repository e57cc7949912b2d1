"""Who may do what: one table of roles and actions, asked before any view runs. What is not named
in it is refused."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar, cast

from flask import abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from domain.tasks import Role
from web import audit
from web.context import user

View = TypeVar("View", bound=Callable[..., Any])


class Action(StrEnum):
    """What a route does, in the words of the refusal: "A coder may not …"."""

    ENTER = "open this page without signing in"
    LEAVE = "sign out"
    SEE_WORK = "see work queues"
    ANSWER_TASKS = "answer tasks"
    MOVE_TASKS = "give tasks to other people"
    READ_RECORDS = "read patients' records"
    READ_REMITTANCES = "read remittances"
    READ_STUCK = "see what stands still"
    STEER = "retry, hold or release"
    READ_REPORTS = "read the reports"
    REGISTER = "register patients, coverage and visits"
    ENTER_CHARGES = "enter codes and charges"
    ATTACH = "attach documents"
    KEEP_CLAIM_FACTS = "change what a claim says"
    ATTACH_TO_CLAIMS = "let documents go with claims"
    ADD_LATE_CHARGES = "add late charges"
    TAKE_COPAY = "take a copay"
    RECORD_RETURNS = "record that a check came back"
    RECORD_DISCHARGE = "record a discharge"
    TELL_FACILITY = "tell what a facility's claim says"
    BILL_PAYERS = "bill another payer"
    KEY_EOBS = "key paper EOBs"
    UNDO_EOBS = "undo the posting of a keyed EOB"
    PLACE_ANSWERS = "place payers' answers"
    REFUND_PAYERS = "send money back to payers"
    CANCEL = "cancel encounters"
    STEER_CLAIMS = "send claims again or take them back"
    READ_MASTER_DATA = "read users, payers and fees"
    KEEP_MASTER_DATA = "change users, payers and fees"
    READ_FILES = "see what was sent to partners"
    SEND_FILES_AGAIN = "send files again"
    KEEP_PREFERENCES = "change settings"
    KEEP_PRINTERS = "set printers"
    PRINT_FORMS = "print claim forms"
    READ_MAIL = "see what is to be posted"
    POST_MAIL = "mark claims as mailed"


EVERYBODY = frozenset(Role)
_WORKERS = EVERYBODY - {Role.AUDITOR}
_BILLING = frozenset({Role.BILLER, Role.SUPERVISOR})
_CLINICAL = frozenset({Role.CODER, Role.PROVIDER, Role.FRONT_DESK})

RIGHTS: dict[Action, frozenset[Role]] = {
    Action.ENTER: EVERYBODY,
    Action.LEAVE: EVERYBODY,
    Action.SEE_WORK: EVERYBODY,
    Action.ANSWER_TASKS: _WORKERS,
    Action.MOVE_TASKS: frozenset({Role.SUPERVISOR}),
    # An administrator keeps payers and users, and needs no patient for that.
    Action.READ_RECORDS: _BILLING | _CLINICAL | {Role.AUDITOR},
    Action.READ_REMITTANCES: _BILLING | {Role.AUDITOR},
    Action.READ_STUCK: frozenset({Role.SUPERVISOR, Role.AUDITOR}),
    Action.STEER: frozenset({Role.SUPERVISOR}),
    Action.READ_REPORTS: _BILLING | {Role.ADMINISTRATOR, Role.AUDITOR},
    Action.REGISTER: frozenset({Role.FRONT_DESK}),
    # Only a coder changes codes (a biller's correction opens a task for one).
    Action.ENTER_CHARGES: frozenset({Role.CODER}),
    Action.ATTACH: _BILLING | {Role.CODER, Role.FRONT_DESK},
    # Which fact is whose is told by casework (fact_entry).
    Action.KEEP_CLAIM_FACTS: _BILLING | {Role.CODER, Role.FRONT_DESK},
    Action.ATTACH_TO_CLAIMS: _BILLING | {Role.CODER},
    Action.ADD_LATE_CHARGES: _BILLING | {Role.CODER},
    Action.TAKE_COPAY: frozenset({Role.FRONT_DESK}),
    Action.RECORD_RETURNS: _BILLING | {Role.FRONT_DESK},
    Action.RECORD_DISCHARGE: _BILLING | {Role.FRONT_DESK},
    Action.TELL_FACILITY: _BILLING | {Role.CODER, Role.FRONT_DESK},
    Action.BILL_PAYERS: _BILLING | {Role.FRONT_DESK},
    Action.KEY_EOBS: _BILLING,
    Action.UNDO_EOBS: _BILLING,
    Action.PLACE_ANSWERS: _BILLING,
    Action.REFUND_PAYERS: frozenset({Role.SUPERVISOR}),
    Action.CANCEL: frozenset({Role.FRONT_DESK, Role.SUPERVISOR}),
    Action.STEER_CLAIMS: _BILLING,
    Action.READ_MASTER_DATA: frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
    Action.KEEP_MASTER_DATA: frozenset({Role.ADMINISTRATOR}),
    Action.READ_FILES: frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR, Role.AUDITOR}),
    Action.SEND_FILES_AGAIN: frozenset({Role.ADMINISTRATOR, Role.SUPERVISOR}),
    Action.KEEP_PREFERENCES: _WORKERS,
    Action.KEEP_PRINTERS: _BILLING | {Role.ADMINISTRATOR},
    Action.PRINT_FORMS: _BILLING,
    Action.READ_MAIL: _BILLING | {Role.AUDITOR},
    Action.POST_MAIL: _BILLING,
}

# Whose queues a role answers, and whose it may look at.
QUEUES_WORKED: dict[Role, frozenset[Role]] = {
    Role.CODER: frozenset({Role.CODER}),
    Role.BILLER: frozenset({Role.BILLER}),
    Role.SUPERVISOR: frozenset({Role.BILLER, Role.SUPERVISOR}),
    Role.PROVIDER: frozenset({Role.PROVIDER}),
    Role.FRONT_DESK: frozenset({Role.FRONT_DESK}),
    Role.ADMINISTRATOR: frozenset({Role.ADMINISTRATOR}),
    Role.AUDITOR: frozenset(),
}
QUEUES_SEEN: dict[Role, frozenset[Role]] = QUEUES_WORKED | {
    Role.SUPERVISOR: EVERYBODY,
    Role.AUDITOR: EVERYBODY,
}


def may(role: Role, action: Action) -> bool:
    return role in RIGHTS[action]


def needs(action: Action) -> Callable[[View], View]:
    """Name what a view does; a view without this is refused to everybody."""

    def mark(view: View) -> View:
        view.__dict__["action"] = action
        return view

    return mark


def action_of(endpoint: str) -> Action | None:
    """The action of a route, or None where nobody named one."""
    if endpoint == "static":
        return Action.ENTER
    view = current_app.view_functions[endpoint]
    return cast("Action | None", getattr(view, "action", None))


def gate() -> Response | None:
    """Before every view: nobody without a session, nobody without the right. Refusals are
    audited."""
    if request.endpoint is None:
        return None
    action = action_of(request.endpoint)
    if action is Action.ENTER:
        return None
    someone = user()
    if someone is None:
        return _to_the_door()
    if action is None or not may(someone.role, action):
        audit.refused(someone, action or request.endpoint)
        abort(403, description=_refusal(someone.role, action))
    return None


def _to_the_door() -> Response:
    if request.method != "GET":
        abort(401)
    return redirect(url_for("login.show", next=request.full_path.rstrip("?")), 303)


def _refusal(role: Role, action: Action | None) -> str:
    name = role.value.replace("_", " ")
    article = "An" if name[0] in "aeiou" else "A"
    return f"{article} {name} may not {action or 'do this'}."
