"""The page of one encounter: where it is, why, what happens next and when, and everything that is
known of it. Every opening is written down with who and when."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from casework import (
    cancellations,
    coverage_found,
    discharges,
    facility_facts,
    form_cuts,
    holds,
    patients,
    stays,
    stuck,
    subjects,
)
from casework.refusals import Refused
from db.models import Claim, Encounter, Incident, Submission, Task, Wait
from db.queries import web_encounters
from db.queries.web_encounters import LineMoney
from domain.encounter import Stage
from domain.medicare import WORDS
from forms.form_text import Misfit
from web import fetch, held, ledger
from web.access import Action, may, needs
from web.answer_form import Typed, typed
from web.claims import OFFERS, of_filing
from web.context import db, me, now
from web.forms import date_of
from web.held import Held
from web.track import Track, track

encounters = Blueprint("encounters", __name__, url_prefix="/encounters")


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Why it stands where it stands: exactly what the steps have written, nothing guessed."""

    incident: Incident | None
    holds: tuple[Held, ...]
    waits: tuple[Wait, ...]
    tasks: tuple[tuple[Task, str | None], ...]


@encounters.get("/<uuid:uuid>")
@needs(Action.READ_RECORDS)
def show(uuid: UUID) -> str:
    return page(fetch.encounter(uuid), Typed())


@encounters.get("/<uuid:uuid>/identifiers")
@needs(Action.READ_RECORDS)
def show_identifiers(uuid: UUID) -> str:
    """The page with the date of birth and member ids written out: one of its own, so that each
    look is recorded, the auditor's too."""
    row = fetch.encounter(uuid, words="had the date of birth and member ids shown")
    return page(row, Typed(), is_shown=True)


@encounters.post("/<uuid:uuid>/hold")
@needs(Action.STEER)
def hold(uuid: UUID) -> ResponseReturnValue:
    row = fetch.encounter(uuid, words="asked for a hold")
    try:
        offered = held.choices(row, web_encounters.claims(db(), row.id))
        choice = held.chosen(request.form.get("scope", held.WHOLE), offered)
        until_on = date_of(request.form, "until")
        reason = request.form.get("reason", "")
        holds.hold(db(), choice.scope, reason, until_on, by=me(), now=now())
    except Refused as refusal:
        db().rollback()
        return page(fetch.encounter(uuid), typed(request.form, refusal)), 422
    flash(choice.held)
    return redirect(url_for("encounters.show", uuid=uuid), 303)


@encounters.post("/<uuid:uuid>/hold/<int:hold_id>/release")
@needs(Action.STEER)
def release(uuid: UUID, hold_id: int) -> ResponseReturnValue:
    row = fetch.encounter(uuid, words="released a hold")
    found = [one for one in holds.in_force(db(), row, now()) if one.id == hold_id]
    if not found:
        abort(404, description="This hold is over: it has been released, or its date has come.")
    holds.release(db(), found[0], by=me(), now=now())
    flash("Released.")
    return redirect(url_for("encounters.show", uuid=uuid), 303)


@encounters.post("/<uuid:uuid>/cancellation")
@needs(Action.CANCEL)
def cancel(uuid: UUID) -> ResponseReturnValue:
    row = fetch.encounter(uuid, words="cancelled the encounter")
    cancellations.cancel(db(), row, request.form.get("because", "")[:200], me(), now())
    flash("Cancelled. Its charges are taken back; nothing of it is sent.")
    return redirect(url_for("encounters.show", uuid=uuid), 303)


@encounters.post("/<uuid:uuid>/retry")
@needs(Action.STEER)
def retry(uuid: UUID) -> ResponseReturnValue:
    row = fetch.encounter(uuid, words="asked to look again")
    stuck.retry(db(), subjects.encounter_key(row), by=me(), now=now())
    flash("Its workflow looks again now.")
    return redirect(url_for("encounters.show", uuid=uuid), 303)


def page(row: Encounter, form: Typed, *, is_shown: bool = False) -> str:
    session, subject = db(), subjects.encounter_key(row)
    claims = web_encounters.claims(session, row.id)
    return render_template(
        "encounters/show.html",
        encounter=row,
        form=form,
        is_shown=is_shown,
        has_facility=facility_facts.has_facility(row),
        coverages=web_encounters.coverages(session, row),
        second=WORDS,
        standing=_standing(row, subject, claims),
        scopes=[(choice.key, choice.words) for choice in held.choices(row, claims)],
        track=_track(row, subject),
        diagnoses=web_encounters.diagnoses(session, row.id),
        documents=web_encounters.documents(session, row.id),
        story=web_encounters.story(session, subject),
        today=now().today,
        looks=web_encounters.looks(session, row.patient_id, str(row.uuid)),
        may_see_task=fetch.may_see_task,
        once=lambda: uuid4().hex,
        **_of_claims(row, claims),
        **_of_money(row),
        **_may_be_done(row, claims),
        **OFFERS,
    )


def _of_claims(row: Encounter, claims: Sequence[Claim]) -> Mapping[str, object]:
    """How each was filed, and what came back."""
    session = db()
    cuts = ((claim, sent, _lost(claim, sent)) for claim, sent in _on_paper(claims))
    return {
        "claims": claims,
        "filing": of_filing(claims),
        "cuts": [cut for cut in cuts if cut[-1]],
        "also_billed": {claim.id: stays.others(session, claim) for claim in claims},
        "denials": web_encounters.denials(session, row.id),
        "acks": web_encounters.acks(session, row.id),
        "remitted": web_encounters.remit_claims(session, row.id),
    }


def _of_money(row: Encounter) -> Mapping[str, object]:
    """What was charged, and who has paid or owes it."""
    session = db()
    lines = web_encounters.charge_lines(session, row.id)
    money = web_encounters.line_money(session, row.id)
    return {
        "lines": lines,
        "money": money,
        "totals": _totals(money.values()),
        "charged_cents": sum(line.charge_cents or 0 for line in lines if not line.is_void),
        "ledger": ledger.of(web_encounters.entries(session, row.id), row.id),
    }


def _may_be_done(row: Encounter, claims: Sequence[Claim]) -> Mapping[str, object]:
    """What this person may do where the encounter stands; for checks, with which."""
    session, role = db(), me().role
    is_sent = any(_was_sent(claim) for claim in claims)
    takes_charges = is_sent and row.stage is not Stage.CANCELLED
    is_another_possible = may(role, Action.BILL_PAYERS) and coverage_found.is_possible(session, row)
    may_return = may(role, Action.RECORD_RETURNS)
    return {
        "can_be_cancelled": row.stage.is_open and not is_sent,
        "can_be_charged_late": takes_charges and may(role, Action.ADD_LATE_CHARGES),
        "can_be_discharged": discharges.is_awaited(session, row),
        "can_bill_another": is_another_possible,
        "checks": patients.returnable_checks(session, row) if may_return else (),
    }


def _track(row: Encounter, subject: str) -> Track | None:
    waits = web_encounters.all_waits(db(), subject)
    return track(waits, row.registered_at, now().at, row.ended_at)


def _on_paper(claims: Sequence[Claim]) -> Iterator[tuple[Claim, Submission]]:
    """Each claim's latest submission, where it goes or went by mail."""
    for claim in claims:
        every = [submission for version in claim.versions for submission in version.submissions]
        latest = max(every, key=lambda submission: submission.id, default=None)
        if latest and latest.channel == "paper":
            yield claim, latest


def _lost(claim: Claim, submission: Submission) -> tuple[Misfit, ...]:
    return form_cuts.of(claim, submission, now())


def _was_sent(claim: Claim) -> bool:
    every = (submission for version in claim.versions for submission in version.submissions)
    return any(submission.batch_id or submission.sent_at for submission in every)


def _standing(row: Encounter, subject: str, claims: Sequence[Claim]) -> Standing:
    return Standing(
        incident=web_encounters.incident(db(), subject),
        holds=held.in_force(row, claims),
        waits=tuple(web_encounters.waits(db(), subject)),
        tasks=tuple(web_encounters.open_tasks(db(), row.id)),
    )


def _totals(lines: Iterable[LineMoney]) -> LineMoney:
    found = tuple(lines)
    return LineMoney(
        charge_line_id=0,
        insurance_cents=sum(line.insurance_cents for line in found),
        patient_cents=sum(line.patient_cents for line in found),
        paid_cents=sum(line.paid_cents for line in found),
        patient_paid_cents=sum(line.patient_paid_cents for line in found),
        contractual_cents=sum(line.contractual_cents for line in found),
        write_off_cents=sum(line.write_off_cents for line in found),
    )
