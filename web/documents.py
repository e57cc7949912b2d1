"""Documents of an encounter, and the bytes that were sent and received: opened by those who may
read the record, each opening recorded; attached by those who take in paper."""

import hashlib
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import undefer
from werkzeug.datastructures import FileStorage

from casework import subjects
from casework.refusals import Refused
from db.models import Batch, Claim, ClaimVersion, Document, Outbox, RawFile, Submission
from db.queries import web_encounters
from db.queries.claim_visits import bills
from edi.excerpt import excerpt
from web import fetch
from web.access import Action, needs
from web.context import db, me, now

documents = Blueprint("documents", __name__)

PDF = "application/pdf"
TITLE_MAX = 120
# Shown in the page; everything else is saved to disk under a name without a person in it.
INLINE = {PDF: "pdf", "text/plain": "txt"}


@documents.get("/documents/<uuid:uuid>")
@needs(Action.READ_RECORDS)
def show(uuid: UUID) -> ResponseReturnValue:
    row = fetch.document(uuid)
    mime = row.mime.split(";")[0].strip()
    kind = "inline" if mime in INLINE else "attachment"
    ending = INLINE.get(mime, "bin")
    response = Response(
        row.content, mimetype=mime if mime in INLINE else "application/octet-stream"
    )
    if mime == "text/plain":
        response.headers["Content-Type"] = "text/plain; charset=utf-8"
    response.headers["Content-Disposition"] = f'{kind}; filename="document-{row.id}.{ending}"'
    return response


@documents.post("/encounters/<uuid:uuid>/documents")
@needs(Action.ATTACH)
def attach(uuid: UUID) -> ResponseReturnValue:
    row = fetch.encounter(uuid, words="attached a document")
    content = pdf_of(request.files.get("file"))
    title = request.form.get("title", "").strip()[:TITLE_MAX] or "Attached PDF"
    db().add(
        Document(
            encounter_id=row.id,
            kind="attachment",
            title=title,
            mime=PDF,
            sha256=hashlib.sha256(content).hexdigest(),
            content=content,
            author=me().full_name,
            received_at=now().at,
        )
    )
    key = subjects.encounter_key(row)
    subjects.tell(db(), key, "attached a document", "A PDF was attached.", now(), me())
    flash("Attached. It goes with records and appeals of this encounter.")
    return redirect(url_for("encounters.show", uuid=uuid) + "#docs", 303)


@documents.get("/encounters/<uuid:uuid>/x12/sent/<int:submission_id>")
@needs(Action.READ_RECORDS)
def sent(uuid: UUID, submission_id: int) -> ResponseReturnValue:
    """The claim's own segments of the interchange that carried it."""
    row = fetch.encounter(uuid, words="opened a sent claim")
    found = (
        db()
        .execute(
            select(Submission.pcn, Outbox)
            .join(ClaimVersion, ClaimVersion.id == Submission.claim_version_id)
            .join(Claim, Claim.id == ClaimVersion.claim_id)
            .join(Batch, Batch.id == Submission.batch_id)
            .join(Outbox, Outbox.id == Batch.outbox_id)
            .where(Submission.id == submission_id, bills(row.id))
            .options(undefer(Outbox.content))
        )
        .one_or_none()
    )
    if found is None:
        abort(404, description="This claim has not been sent as X12.")
    pcn, outbox = found
    title = f"Claim {pcn} as it was sent"
    return _segments(row.uuid, title, excerpt(outbox.content, {pcn}))


@documents.get("/encounters/<uuid:uuid>/x12/received/<int:raw_file_id>")
@needs(Action.READ_RECORDS)
def received(uuid: UUID, raw_file_id: int) -> ResponseReturnValue:
    """What a received file says about this encounter's claims, and nothing about anybody else's."""
    row = fetch.encounter(uuid, words="opened a received file")
    files = {raw.id for _, raw in web_encounters.acks(db(), row.id)}
    files |= {r.remittance.raw_file_id for r in web_encounters.remit_claims(db(), row.id)}
    if raw_file_id not in files:
        abort(404, description="This file says nothing of this encounter.")
    raw = db().get_one(RawFile, raw_file_id, options=[undefer(RawFile.content)])
    pcns = {
        sub.pcn
        for claim in web_encounters.claims(db(), row.id)
        for version in claim.versions
        for sub in version.submissions
    }
    return _segments(row.uuid, f"What {raw.name} says", excerpt(raw.content, pcns))


def _segments(uuid: UUID, title: str, segments: list[tuple[int, str]]) -> str:
    return render_template("encounters/x12.html", uuid=uuid, title=title, segments=segments)


def pdf_of(upload: FileStorage | None) -> bytes:
    """The bytes of an uploaded PDF. Raises `Refused` for anything else."""
    content = upload.read() if upload else b""
    if not content:
        raise Refused.of("file", "Choose a PDF to attach.")
    if not content.startswith(b"%PDF-"):
        raise Refused.of("file", "Only a PDF can be attached: this file does not begin as one.")
    return content
