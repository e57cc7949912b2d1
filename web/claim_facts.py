"""What an encounter's claims say beside codes and charges, as a page: each field is for whom it is
theirs to say, and what is refused is refused beside it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from casework import attachments, coverages, encounter_facts, fact_entry, stays
from casework.refusals import Refused
from codesets import places
from db.models import Attachment, ChargeLine, Document, Encounter, Provider
from db.queries import web_encounters
from domain import care_codes
from domain.claim_facts import DELAY_REASONS, NO_LINE_FACTS, SPECIAL_PROGRAMS
from web import equipment_fields, fact_fields, fetch
from web.access import Action, needs
from web.answer_form import Typed
from web.context import db, me, now
from web.forms import Reader
from web.provider_fields import Known

claim_facts = Blueprint("claim_facts", __name__, url_prefix="/encounters")

LISTED_MAX = 500
# What the page's lists offer.
_CHOICES: Mapping[str, object] = {
    "causes": fact_fields.CAUSES,
    "units": fact_fields.UNITS,
    "programs": SPECIAL_PROGRAMS,
    "delays": DELAY_REASONS,
    "care": care_codes,
    "hospice": equipment_fields.HOSPICE,
    "report_types": attachments.REPORT_TYPES,
}


@claim_facts.get("/<uuid:uuid>/claim-facts")
@needs(Action.READ_RECORDS)
def show(uuid: UUID) -> str:
    return _page(fetch.encounter(uuid, words="opened what the claim says"), Typed())


@claim_facts.post("/<uuid:uuid>/claim-facts")
@needs(Action.KEEP_CLAIM_FACTS)
def keep(uuid: UUID) -> ResponseReturnValue:
    row = fetch.encounter(uuid, words="changed what the claim says")
    try:
        changed = _keep(row)
    except Refused as refusal:
        db().rollback()
        again = fetch.encounter(uuid, words="opened what the claim says")
        typed = Typed(values=dict(request.form.lists()), problems=refusal.problems)
        return _page(again, typed), 422
    flash(
        f"Saved: {', '.join(changed)}. It stands on the claim that goes out next."
        if changed
        else "Nothing was different."
    )
    return redirect(url_for("claim_facts.show", uuid=uuid), 303)


@claim_facts.post("/<uuid:uuid>/attachments")
@needs(Action.ATTACH_TO_CLAIMS)
def attach(uuid: UUID) -> ResponseReturnValue:
    row = fetch.encounter(uuid, words="let a document go with the claim")
    document = db().scalars(
        select(Document).where(
            Document.encounter_id == row.id, Document.uuid == _uuid(request.form.get("document"))
        )
    ).one_or_none()  # fmt: skip
    if document is None:
        raise Refused.of("document", "Choose a document of this encounter.")
    kind = request.form.get("report_type", "")
    attachments.choose(db(), row, document, kind, by=me(), now=now())
    flash("It goes with the next claim, under its own number.")
    return redirect(url_for("claim_facts.show", uuid=uuid) + "#attachments", 303)


@claim_facts.post("/<uuid:uuid>/attachments/<int:attachment_id>/removal")
@needs(Action.ATTACH_TO_CLAIMS)
def detach(uuid: UUID, attachment_id: int) -> ResponseReturnValue:
    row = fetch.encounter(uuid, words="took a document off the claim")
    found = db().get(Attachment, attachment_id)
    if found is None or found.encounter_id != row.id or found.removed_at is not None:
        abort(404, description="This document does not go with the claim.")
    attachments.remove(db(), row, found, by=me(), now=now())
    flash("The next claim does not name it.")
    return redirect(url_for("claim_facts.show", uuid=uuid) + "#attachments", 303)


def _keep(row: Encounter) -> tuple[str, ...]:
    reader = Reader(request.form)
    known, payer_nos = _known(), list(_payers(row))
    facts = fact_fields.read(reader, encounter_facts.of(db(), row), payer_nos, known)
    held = encounter_facts.of_lines(db(), [line.id for line in _lines(row)])
    lines = {
        line.id: fact_fields.read_line(
            reader, line, held.get(line.id, NO_LINE_FACTS), payer_nos, known
        )
        for line in _lines(row)
    }
    version = reader.number("version", least=0, most=10**6)
    reader.done()
    return fact_entry.keep(db(), row, facts, lines, version=version, by=me(), now=now())


def _page(row: Encounter, form: Typed) -> str:
    session, lines, role = db(), _lines(row), me().role
    held = _held(row, lines)
    return render_template(
        "encounters/facts.html",
        encounter=row,
        form=form,
        held=held,
        version=encounter_facts.version_of(session, row),
        mine=fact_entry.MAY_CHANGE.get(role, frozenset()),
        may_lines=role in fact_entry.MAY_CHANGE_LINES,
        lines=lines,
        # What is told, or refused, is open at once; the rest is folded.
        mentioned=(*held, *form.problems),
        payers=_payers(row),
        known=_known(),
        stay=stays.span(session, row),
        leads=_leading(row),
        places=places.choices(),
        **_documents(row),
        **_CHOICES,
    )


def _held(row: Encounter, lines: Sequence[ChargeLine]) -> dict[str, str]:
    """What each field holds, the lines' too."""
    of_lines = encounter_facts.of_lines(db(), [line.id for line in lines])
    held = fact_fields.filled(encounter_facts.of(db(), row))
    for line in lines:
        held |= fact_fields.filled_line(line.id, of_lines.get(line.id, NO_LINE_FACTS))
    return held


def _documents(row: Encounter) -> dict[str, Sequence[Attachment | Document]]:
    """Those that go with the claim, and those that could."""
    chosen = attachments.of_encounter(db(), row)
    named = {each.document_id for each in chosen}
    every = web_encounters.documents(db(), row.id)
    return {"chosen": chosen, "documents": [each for each in every if each.id not in named]}


def _leading(row: Encounter) -> list[Encounter]:
    """Other visits of its stay on whose claim this one is billed: the facts are entered there."""
    claims = web_encounters.claims(db(), row.id)
    return list({c.encounter_id: c.encounter for c in claims if c.encounter_id != row.id}.values())


def _lines(row: Encounter) -> list[ChargeLine]:
    return [line for line in row.charge_lines if not line.is_void]


def _payers(row: Encounter) -> dict[str, str]:
    """(payer number -> name) of the coverages in force, in the order of payment."""
    covered = coverages.of_encounter(db(), row)
    return {each.plan.payer.payer_no: each.plan.payer.name for each in covered}


def _known() -> Known:
    found = select(Provider).order_by(Provider.last_name, Provider.id).limit(LISTED_MAX)
    return {row.npi: (row.last_name, row.first_name) for row in db().scalars(found)}


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
