"""How a payer takes claims: by file, on paper, or keyed by a person at its portal."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import audit, coverages
from casework.outgoing import MAIL
from casework.proofs import PORTAL
from db.models import Payer, PayerRoute, User

CLAIMS = "837"
CLEARINGHOUSE = "clearinghouse"
CHANNELS = {
    "edi": "Claims as files (837)",
    "paper": "Claims on paper, by mail",
    "portal": "Claims keyed by a person at its portal",
}


def of(session: Session, payer: Payer) -> str:
    """Empty for a payer to whom no claim goes at all."""
    route = coverages.route(session, payer, CLAIMS)
    return route.channel if route else ""


def choose(session: Session, payer: Payer, channel: str, by: User) -> bool:
    """Holds for every claim that is sent from now on, and for those that still wait for a batch;
    what a person was asked to key stays asked. Returns whether it is another one."""
    route = coverages.route(session, payer, CLAIMS)
    before = route.channel if route else "none"
    if before == channel:
        return False
    leads_to = {"edi": _files_go(session, payer), "paper": MAIL, "portal": PORTAL}[channel]
    if route is None:
        route = PayerRoute(payer_id=payer.id, transaction_kind=CLAIMS)
        session.add(route)
    route.channel, route.route = channel, leads_to
    session.flush()
    words = f"claims by {before} → {channel}"
    audit.record(session, by, "changed", "payer", payer.payer_no, words=words)
    return True


def _files_go(session: Session, payer: Payer) -> str:
    """Where its other files go."""
    others = (
        select(PayerRoute.route)
        .where(PayerRoute.payer_id == payer.id, PayerRoute.channel == "edi")
        .order_by(PayerRoute.transaction_kind)
        .limit(1)
    )
    return session.scalar(others) or CLEARINGHOUSE
