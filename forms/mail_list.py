"""The list of what is posted: how many forms go to which address, under which control numbers and
of how many pages. It names no patient, so it may lie beside the mail."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.correspondence import Letterhead, MailingAddress
from forms import typeset
from forms.words import in_words

TEMPLATE = "mail-list.typ"


@dataclass(frozen=True, kw_only=True)
class MailRow:
    """A claim form by its claim's number, or a letter or document by its own; only forms have
    their pages counted."""

    pcn: str
    form: str
    pages: int | None
    is_again: bool = False


@dataclass(frozen=True, kw_only=True)
class MailGroup:
    """One envelope's address, and what goes to it."""

    address: MailingAddress
    rows: tuple[MailRow, ...]


@dataclass(frozen=True, kw_only=True)
class MailList:
    practice: Letterhead
    printed_on: dt.date
    mailed_on: dt.date | None = None
    mailed_by: str = ""
    tracking: str = ""
    groups: tuple[MailGroup, ...]


def list_pdf(mail: MailList) -> bytes:
    return typeset.pdf(TEMPLATE, _data(mail), dated_on=mail.printed_on)


def _data(mail: MailList) -> Mapping[str, typeset.Data]:
    practice = mail.practice
    return {
        "title": f"Mail list, {in_words(mail.mailed_on or mail.printed_on)}",
        "practice": {
            "name": practice.address.name,
            "lines": practice.address.lines[1:],
            "numbers": f"Telephone {practice.phone}",
            "ids": f"NPI {practice.npi} · Tax ID {practice.tax_id}",
        },
        "facts": [(name, value) for name, value in _facts(mail) if value],
        "groups": [_group(group) for group in mail.groups],
    }


def _facts(mail: MailList) -> tuple[tuple[str, str], ...]:
    rows = [row for group in mail.groups for row in group.rows]
    forms = [row for row in rows if row.pages is not None]
    others = len(rows) - len(forms)
    return (
        ("Claim forms", f"{len(forms)} to {counted(len(mail.groups), 'address', 'addresses')}"),
        ("Letters and documents", str(others) if others else ""),
        ("Pages of the forms", str(_pages(rows))),
        ("Mailed on", in_words(mail.mailed_on) if mail.mailed_on else "not marked as mailed yet"),
        ("By", mail.mailed_by),
        ("Carrier's number", mail.tracking),
        ("Printed on", in_words(mail.printed_on)),
    )


def _group(group: MailGroup) -> Mapping[str, typeset.Data]:
    return {
        "address": group.address.lines,
        "count": _counts(group.rows),
        "rows": [
            [row.pcn, row.form, str(row.pages or ""), "again, after a loss" if row.is_again else ""]
            for row in group.rows
        ],
    }


def _counts(rows: Sequence[MailRow]) -> str:
    forms = sum(row.pages is not None for row in rows)
    pages, others = counted(_pages(rows), "page", "pages"), len(rows) - forms
    told = [f"{counted(forms, 'form', 'forms')}, {pages}"] if forms else []
    if others:
        told.append(counted(others, "letter or document", "letters and documents"))
    return ", ".join(told)


def _pages(rows: Sequence[MailRow]) -> int:
    return sum(row.pages or 0 for row in rows)


def counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
