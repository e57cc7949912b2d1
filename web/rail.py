"""The rail beside every list: the queues a person sees, with counts and money, and the other
pages."""

from dataclasses import dataclass

from flask import Flask, request, url_for

from casework import routes
from db.queries import web_tasks
from domain.tasks import RULES, Role, TaskKind
from web import saved_views
from web.access import QUEUES_SEEN, QUEUES_WORKED, Action, may
from web.context import db, now, practice_name, user


@dataclass(frozen=True, kw_only=True)
class RailItem:
    href: str
    name: str
    total: int | None = None
    cents: int | None = None


@dataclass(frozen=True, kw_only=True)
class Rail:
    here: str
    mine: RailItem
    queues: tuple[RailItem, ...]
    views: tuple[RailItem, ...]
    pages: tuple[RailItem, ...]


# Endpoint, name in the rail, and the right that shows it.
_PAGES = (
    ("stuck.show", "Stuck claims", Action.READ_STUCK),
    ("remittances.listed", "Remittances", Action.READ_REMITTANCES),
    ("keyed_eobs.listed", "Paper EOBs", Action.KEY_EOBS),
    ("mail.listed", "Mail to post", Action.READ_MAIL),
    ("reports.show", "Reports", Action.READ_REPORTS),
    ("registration.begin", "Register a visit", Action.REGISTER),
    ("users.listed", "Users", Action.READ_MASTER_DATA),
    ("payers.listed", "Payers and rules", Action.READ_MASTER_DATA),
    ("practice.show", "The practice", Action.READ_MASTER_DATA),
    ("routes.listed", "Routes", Action.READ_FILES),
    ("fees.listed", "Fees", Action.READ_MASTER_DATA),
    ("printers.listed", "Printers", Action.KEEP_PRINTERS),
)


def register(app: Flask) -> None:
    app.context_processor(
        lambda: {
            "rail": rail,
            "standstills": standstills,
            "me": user(),
            "practice_name": practice_name,
            "allowed": _allowed,
        }
    )


def rail() -> Rail:
    """Asked by the frame of a page that has one; a task page that has none costs no count."""
    role = _role()
    counted = {row.kind: row for row in _counted(role)}
    worked = [kind for kind in TaskKind if RULES[kind].queue in QUEUES_WORKED[role]]
    # Of queues that are others' work, only those in which something waits.
    seen = [
        kind
        for kind in RULES
        if kind in worked or (RULES[kind].queue in QUEUES_SEEN[role] and kind in counted)
    ]
    views = tuple(RailItem(href=one.href, name=one.name) for one in saved_views.of_me())
    return Rail(
        here=_here(views),
        views=views,
        mine=RailItem(
            href=url_for("work.mine"),
            name="My work",
            total=sum(counted[kind].total for kind in worked if kind in counted),
            cents=sum(counted[kind].cents for kind in worked if kind in counted),
        ),
        queues=tuple(_queue(kind, counted.get(kind)) for kind in seen),
        pages=tuple(
            RailItem(href=url_for(endpoint), name=name)
            for endpoint, name, action in _PAGES
            if may(role, action)
        ),
    )


def standstills() -> list[str]:
    """The routes that stand still, for the banner of the pages on which people wait for them."""
    return list(routes.in_words(db(), now()))


def _here(views: tuple[RailItem, ...]) -> str:
    """The item that is this page: a saved view rather than the queue that it narrows."""
    narrowed = saved_views.address(request.path, request.args)
    return narrowed if narrowed in [view.href for view in views] else request.path


def _counted(role: Role) -> "list[web_tasks.KindCount]":
    someone = user()
    provider = someone.provider_id if someone and role is Role.PROVIDER else None
    return list(web_tasks.kinds(db(), QUEUES_SEEN[role], now().today, provider))


def _queue(kind: TaskKind, counted: web_tasks.KindCount | None) -> RailItem:
    return RailItem(
        href=url_for("work.queue", name=kind.value),
        name=RULES[kind].name,
        total=counted.total if counted else 0,
        cents=counted.cents if counted else 0,
    )


def _role() -> Role:
    someone = user()
    assert someone is not None, "the rail is only on pages behind the login"
    return someone.role


def _allowed(name: str) -> bool:
    """For templates: whether to offer what the gate would refuse anyway."""
    someone = user()
    return someone is not None and may(someone.role, Action[name])
