"""My work and the queues: which tasks wait, the most urgent money first, and the way to the next
one."""

import datetime as dt
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from casework import task_hands
from db.models import Task
from db.queries import web_tasks
from db.queries.quiet_queues import quiet
from db.queries.web_tasks import Cursor, QueueFilter
from domain.tasks import RULES, Role, TaskKind
from web import saved_views
from web.access import QUEUES_SEEN, QUEUES_WORKED, Action, may, needs
from web.bulk_outcomes import Act
from web.context import db, me, now
from web.presenters import role_name
from web.saved_views import FILTERS

work = Blueprint("work", __name__)

WORDS_MAX = 60
AMOUNTS = (10_000, 50_000, 100_000)


@work.get("/")
@needs(Action.SEE_WORK)
def home() -> ResponseReturnValue:
    return redirect(url_for("work.mine"), 303)


@work.get("/work")
@needs(Action.SEE_WORK)
def mine() -> ResponseReturnValue:
    person = me()
    shown = _filter(queues=QUEUES_WORKED[person.role], mine=person.id)
    return _page("My work", shown)


@work.get("/queues/<name>")
@needs(Action.SEE_WORK)
def queue(name: str) -> ResponseReturnValue:
    """One kind of task, or all that belong to a role."""
    if name in list(TaskKind):
        kind = TaskKind(name)
        return _page(
            RULES[kind].name, _filter(queues=frozenset({_seen(RULES[kind].queue)}), kind=kind)
        )
    if name not in list(Role):
        abort(404)
    title = f"Tasks of the {role_name(name)}"
    return _page(title, _filter(queues=frozenset({_seen(Role(name))})))


@work.get("/tasks/next")
@needs(Action.ANSWER_TASKS)
def following() -> ResponseReturnValue:
    """The most urgent task that is free; with `after`, another one than that."""
    after = request.args.get("after", type=UUID)
    after_id = db().scalar(select(Task.id).where(Task.uuid == after)) if after else None
    found = task_hands.next_for(db(), me(), now(), after=after_id) or _stood_in_for(after_id)
    if found is None:
        return redirect(url_for("work.mine"), 303)
    return redirect(url_for("tasks.show", uuid=found.uuid), 303)


def _stood_in_for(after_id: int | None) -> Task | None:
    """Who has none of the own queue left goes on with those that they answer for others."""
    person = me()
    others = QUEUES_WORKED[person.role] - {person.role}
    if not others:
        return None
    shown = QueueFilter(queues=others, today=now().today, mine=person.id)
    rows = web_tasks.page(db(), shown, after=None, limit=1)
    return next((row.task for row in rows if row.task.id != after_id), None)


def _seen(queue: Role) -> Role:
    if queue not in QUEUES_SEEN[me().role]:
        abort(403, description=f"The queue of the {role_name(queue)} is not yours to see.")
    return queue


def _page(title: str, shown: QueueFilter) -> ResponseReturnValue:
    rows = web_tasks.page(db(), shown, after=_cursor())
    here = saved_views.address(request.path, request.args)
    more = _further(rows[web_tasks.PAGE - 1].task) if len(rows) > web_tasks.PAGE else None
    return render_template(
        "work/queue.html",
        title=title,
        rows=rows[: web_tasks.PAGE],
        more=more,
        tally=web_tasks.tally(db(), shown),
        shown=shown,
        payers=web_tasks.payers(db()),
        amounts=AMOUNTS,
        args=_kept_args(),
        does=_acts(shown),
        here=here,
        view=next((one for one in saved_views.of_me() if one.href == here), None),
        quiet=None if rows else quiet(db(), shown),
    )


def _acts(shown: QueueFilter) -> tuple[Act, ...]:
    """What may be done with selected tasks: to answer a queue is not to look at it."""
    role = me().role
    own: tuple[Act, ...] = ()
    if shown.queues and shown.queues <= QUEUES_WORKED[role]:
        own = (Act.WAKE,) if shown.is_snoozed else (Act.CLAIM, Act.SNOOZE, Act.RELEASE)
    return (*own, Act.ASSIGN) if may(role, Action.MOVE_TASKS) else own


def _filter(
    *, queues: frozenset[Role], kind: TaskKind | None = None, mine: int | None = None
) -> QueueFilter:
    """The filter as the address has it; what it does not understand narrows nothing."""
    asked, person = request.args, me()
    is_provider = person.role is Role.PROVIDER
    return QueueFilter(
        queues=queues,
        today=now().today,
        kind=kind,
        mine=mine,
        provider_id=person.provider_id if is_provider else None,
        due=asked.get("due"),
        is_snoozed=asked.get("state") == "snoozed",
        payer_id=asked.get("payer", type=int),
        least_cents=asked.get("least", type=int),
        words=asked.get("words", "").strip()[:WORDS_MAX] or None,
    )


def _kept_args() -> dict[str, str]:
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


def _further(last: Task) -> str:
    """The address of the next page: this one's filter, from the last row on."""
    after = f"{last.due_on}.{last.amount_cents}.{last.id}"
    return f"{request.path}?{urlencode({**_kept_args(), 'after': after})}"


def _cursor() -> Cursor | None:
    """`after=2026-01-05.41200.17`: deadline, cents and id of the last row of the page before."""
    text = request.args.get("after")
    if not text:
        return None
    try:
        on, cents, row_id = text.split(".")
        return Cursor(due_on=dt.date.fromisoformat(on), amount_cents=int(cents), id=int(row_id))
    except ValueError:
        abort(404, description="This page of the queue does not exist. Begin again at its top.")
