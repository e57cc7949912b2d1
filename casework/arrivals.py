"""Whatever arrives in the exchange, by the route it came on; one transaction a file."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from casework import bank, charts, inbox, lockbox, mail, quarantine
from casework.inbox import Verdict
from casework.moment import Moment


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """What was done with a file, in sentences, and whether it is kept in quarantine."""

    is_quarantined: bool
    sentences: tuple[str, ...]


def set_aside(
    session: Session, route: str, name: str, content: bytes, kind: str, now: Moment
) -> Arrival:
    """A file on which we fail ourselves must not hold up the others: kept, with a task."""
    file = inbox.register(session, route, name, content, now)
    words = quarantine.failed(name, kind)
    if file is not None:
        file.judgement, file.words = Verdict.QUARANTINED, f"{name}: {words.words}"
        quarantine.open_tasks(session, file, [words], now)
    return Arrival(is_quarantined=True, sentences=(f"{name}: {words.words}",))


def say_renamed(session: Session, name: str, content: bytes) -> None:
    """A finding of the file, which is used all the same: its bytes are as good as any."""
    inbox.note(
        session,
        content,
        f"{name}: its name at the sender is not UTF-8; it is kept under this one. Tell the sender.",
    )


def take_in(session: Session, route: str, name: str, content: bytes, now: Moment) -> Arrival:
    match route:
        case "ehr":
            taken = charts.take_in_bundle(session, name, content, now)
            return Arrival(is_quarantined=bool(taken.refused), sentences=taken.sentences)
        case "lockbox":
            payments = lockbox.take_in(session, name, content, now)
            words = f"{name}: {payments.taken} payments taken, {payments.repeated} repeated"
            return Arrival(is_quarantined=bool(payments.bad), sentences=(words,))
        case "mail":
            text = content.decode("utf-8", "replace")
            judged = mail.take_in_letter(session, name, text, now)
        case "bank":
            judged = bank.take_in_bank(session, name, content, now)
        case _:
            judged = inbox.take_in(session, route, name, content, now)
    return Arrival(is_quarantined=judged.verdict is Verdict.QUARANTINED, sentences=judged.sentences)
