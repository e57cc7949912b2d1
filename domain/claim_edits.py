"""Edits on the claim as a whole: who, whose, when, and as which version."""

import datetime as dt
from collections.abc import Iterator

from domain.claim_form import ClaimForm
from domain.diagnosis_edits import age_on
from domain.findings import CodeBook, EditRule, EditSubject, Finding, Fix, Severity
from domain.medicare import WORDS, age_fits
from domain.parties import is_npi

_NEAR = dt.timedelta(days=15)


def check_claim(subject: EditSubject, book: CodeBook) -> Iterator[Finding]:
    yield from member_id_missing(subject)
    yield from address_missing(subject)
    yield from provider_npi(subject)
    yield from service_dates(subject)
    yield from timely_filing(subject)
    yield from place_unknown(subject, book)
    yield from frequency(subject)
    yield from prior_payers(subject)
    yield from medicare_second(subject)


def member_id_missing(subject: EditSubject) -> Iterator[Finding]:
    if not subject.member_id.strip():
        yield _stop(
            EditRule.MEMBER_ID_MISSING,
            "coverage",
            f"The coverage with payer {subject.payer_id} has no member id: enter it from the card.",
        )


def address_missing(subject: EditSubject) -> Iterator[Finding]:
    if not subject.has_address:
        yield _stop(
            EditRule.ADDRESS_MISSING,
            "patient",
            "The patient's address is not complete: enter street, city, state and ZIP code.",
        )


def provider_npi(subject: EditSubject) -> Iterator[Finding]:
    npi = subject.provider_npi or ""
    if not npi:
        yield _stop(
            EditRule.PROVIDER_NPI,
            "provider",
            "The rendering provider has no NPI: choose who saw the patient.",
        )
    elif not is_npi(npi):
        yield _stop(
            EditRule.PROVIDER_NPI,
            "provider",
            f"NPI {npi} is not a valid number (its check digit is wrong): correct it.",
        )


def service_dates(subject: EditSubject) -> Iterator[Finding]:
    if subject.service_on > subject.today:
        yield _stop(
            EditRule.SERVICE_IN_FUTURE,
            "date of service",
            f"The date of service {subject.service_on} lies in the future: correct it.",
        )
    if subject.birth_on > subject.service_on:
        yield _stop(
            EditRule.BIRTH_AFTER_SERVICE,
            "patient",
            f"The patient's birth date {subject.birth_on} lies after the service: correct either.",
        )


def timely_filing(subject: EditSubject) -> Iterator[Finding]:
    """A replacement of a claim that was in time is not late by this limit."""
    limit = subject.timely_filing_on
    if subject.was_filed_in_time:
        return
    if subject.today > limit:
        yield _stop(
            EditRule.FILED_LATE,
            "date of service",
            f"The filing limit was {limit}: send with proof of timely filing, or write off.",
        )
    elif subject.today + _NEAR >= limit:
        yield _warn(
            EditRule.FILING_LIMIT_NEAR,
            "date of service",
            f"The filing limit is {limit}, in {(limit - subject.today).days} days: send it now.",
        )


def place_unknown(subject: EditSubject, book: CodeBook) -> Iterator[Finding]:
    if not book.is_place_known(subject.place_of_service):
        yield _stop(
            EditRule.PLACE_UNKNOWN,
            "place of service",
            f"Place of service {subject.place_of_service!r} does not exist: choose another.",
        )


def frequency(subject: EditSubject) -> Iterator[Finding]:
    is_late = subject.frequency == "5"
    if subject.frequency not in ("1", "5", "7", "8"):
        yield _stop(
            EditRule.FREQUENCY,
            "frequency",
            f"Frequency {subject.frequency!r} is not 1 (original), 5 (late charges),"
            " 7 (replacement) or 8 (void).",
        )
    elif is_late and subject.form is not ClaimForm.INSTITUTIONAL:
        yield _stop(
            EditRule.FREQUENCY,
            "frequency",
            "Late charges alone (frequency 5) are a facility's: send a new claim, frequency 1.",
            Fix(field="frequency", value="1"),
        )
    elif subject.frequency == "7" and not subject.payer_takes_frequency_7:
        yield _stop(
            EditRule.FREQUENCY,
            "frequency",
            f"Payer {subject.payer_id} takes no replacements: send a new claim, frequency 1.",
            Fix(field="frequency", value="1"),
        )
    elif not is_late and subject.frequency != "1" and not subject.payer_claim_number:
        yield _stop(
            EditRule.PAYER_CLAIM_NUMBER_MISSING,
            "frequency",
            f"Frequency {subject.frequency} needs the payer's claim number: take it from the"
            " remittance.",
        )


def prior_payers(subject: EditSubject) -> Iterator[Finding]:
    for prior in subject.prior_payers:
        if not prior.has_answered:
            yield _stop(
                EditRule.PRIOR_PAYER_UNANSWERED,
                "prior payer",
                f"Payer {prior.payer_id} comes first and has not answered: wait for its"
                " remittance.",
            )


def medicare_second(subject: EditSubject) -> Iterator[Finding]:
    """Medicare refuses a claim on which it is not told why another payer comes first (SBR05)."""
    if not subject.is_medicare_second:
        return
    if subject.second_because is None:
        yield _stop(
            EditRule.MEDICARE_SECOND_UNTOLD,
            "coverage",
            "Medicare pays after another here, and wants to know why: ask the patient.",
        )
    elif not age_fits(subject.second_because, age_on(subject.birth_on, subject.service_on)):
        yield _warn(
            EditRule.MEDICARE_SECOND_AGE,
            "coverage",
            f"Medicare is told that another pays first because: {WORDS[subject.second_because]};"
            " the patient's age says otherwise.",
        )


def _stop(rule: EditRule, place: str, words: str, fix: Fix | None = None) -> Finding:
    return Finding(rule=rule, severity=Severity.STOP, place=place, words=words, fix=fix)


def _warn(rule: EditRule, place: str, words: str) -> Finding:
    return Finding(rule=rule, severity=Severity.WARN, place=place, words=words, fix=None)
