"""How a payer takes claims: by file, on paper, or keyed by a person at its portal."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import audit, coverages
from casework.outgoing import MAIL
from casework.printed_here import PRINTED_HERE, are_printed_here
from casework.proofs import PORTAL
from db.models import Payer, PayerRoute, User

CLAIMS = "837"
CLEARINGHOUSE = "clearinghouse"
PRINTED = "printed"
CHANNELS = {
    "edi": "Claims as files (837)",
    "paper": "Claims on paper: a print service takes the files",
    PRINTED: "Claims on paper: printed here, and posted by a person",
    "portal": "Claims keyed by a person at its portal",
}


def of(session: Session, payer: Payer) -> str:
    """Empty for a payer to whom no claim goes at all."""
    route = coverages.route(session, payer, CLAIMS)
    return _chosen(route) if route else ""


def choose(session: Session, payer: Payer, channel: str, by: User) -> bool:
    """Holds for every claim that is sent from now on, and for those that still wait for a batch;
    what a person was asked to key stays asked. Returns whether it is another one."""
    route = coverages.route(session, payer, CLAIMS)
    before = _chosen(route) if route else "none"
    if before == channel:
        return False
    leads_to = {
        "edi": _files_go(session, payer),
        "paper": MAIL,
        PRINTED: PRINTED_HERE,
        "portal": PORTAL,
    }[channel]
    if route is None:
        route = PayerRoute(payer_id=payer.id, transaction_kind=CLAIMS)
        session.add(route)
    route.channel, route.route = "paper" if channel == PRINTED else channel, leads_to
    session.flush()
    words = f"claims by {before} → {channel}"
    audit.record(session, by, "changed", "payer", payer.payer_no, words=words)
    return True


def _chosen(route: PayerRoute) -> str:
    """Paper is one channel, whoever prints it."""
    return PRINTED if are_printed_here(route) else route.channel


def _files_go(session: Session, payer: Payer) -> str:
    """Where its other files go."""
    others = (
        select(PayerRoute.route)
        .where(PayerRoute.payer_id == payer.id, PayerRoute.channel == "edi")
        .order_by(PayerRoute.transaction_kind)
        .limit(1)
    )
    return session.scalar(others) or CLEARINGHOUSE
