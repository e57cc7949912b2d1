"""Claim forms that are printed here: the list of what waits to be posted, printed with its forms,
and marked as mailed once. Whoever is second learns who was first."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from casework import form_cuts, mail_lists, mail_papers, mail_pieces, mail_reprints
from casework.paper_forms import refused
from casework.refusals import Refused
from db.models import Mailing, MailPaper, MailPiece
from forms import paper
from forms.form_text import Misfit
from forms.mail_list import MailList, counted, list_pdf
from web import audit, printers
from web.access import Action, needs
from web.answer_form import Typed, typed
from web.context import db, me, now
from web.forms import Reader

mail = Blueprint("mail", __name__, url_prefix="/mail")

TRACKING_MAX = 60
BECAUSE_MAX = 200
# As the stock in the printer: one run is of one form.
FORMS = {"cms-1500": "CMS-1500", "ub-04": "UB-04"}


@mail.get("")
@needs(Action.READ_MAIL)
def listed() -> str:
    return _page(Typed())


@mail.get("/list.pdf")
@needs(Action.READ_MAIL)
def waiting_pdf() -> ResponseReturnValue:
    every: list[MailPiece | MailPaper] = [
        *mail_lists.waiting(db(), now()),
        *mail_papers.waiting(db(), now()),
    ]
    return _list(mail_lists.sheet(db(), every, now()))


@mail.get("/mailings/<uuid:uuid>.pdf")
@needs(Action.READ_MAIL)
def mailing_pdf(uuid: UUID) -> ResponseReturnValue:
    row = db().scalar(select(Mailing).where(Mailing.uuid == uuid)) or abort(404)
    posted: list[MailPiece | MailPaper] = [*row.pieces, *row.papers]
    return _list(mail_lists.sheet(db(), posted, now(), row))


@mail.get("/forms-<form>.pdf")
@needs(Action.PRINT_FORMS)
def forms_pdf(form: str) -> ResponseReturnValue:
    """Every form that waits and fits, for one kind of stock; each claim's opening is recorded."""
    queued = mail_lists.waiting(db(), now(), FORMS.get(form) or abort(404))
    pieces = [piece for piece in queued if not refused(_lost(piece))]
    for piece in pieces:
        _record_reading(piece)
    claims = [mail_pieces.form_to_post(each.claim, each.submission, now()) for each in pieces]
    offset = printers.chosen_offset(request.args.get("printer", ""))
    return _pdf(paper.run_pdf(claims, offset=offset) if claims else abort(404), form)


@mail.post("")
@needs(Action.POST_MAIL)
def mark() -> ResponseReturnValue:
    try:
        row = _mark()
    except Refused as refusal:
        db().rollback()
        return _page(typed(request.form, refusal)), 422
    posted = counted(len(row.pieces) + len(row.papers), "piece is", "pieces are")
    flash(f"{posted} marked as mailed on {row.mailed_on}.")
    return redirect(url_for("mail.listed"), 303)


@mail.post("/pieces/<uuid:uuid>/again")
@needs(Action.POST_MAIL)
def print_again(uuid: UUID) -> ResponseReturnValue:
    return _again(db().scalar(select(MailPiece).where(MailPiece.uuid == uuid)) or abort(404))


@mail.post("/papers/<uuid:uuid>/again")
@needs(Action.POST_MAIL)
def print_paper_again(uuid: UUID) -> ResponseReturnValue:
    return _again(db().scalar(select(MailPaper).where(MailPaper.uuid == uuid)) or abort(404))


def _again(lost: MailPiece | MailPaper) -> ResponseReturnValue:
    try:
        reader = Reader(request.form)
        because = reader.text(mail_reprints.field(lost), "Say why.", most=BECAUSE_MAX)
        reader.done()
        mail_reprints.print_again(db(), lost, because, me(), now())
    except Refused as refusal:
        db().rollback()
        return _page(typed(request.form, refusal)), 422
    flash(f"{mail_reprints.number_of(lost)} is on the list again, under the same number.")
    return redirect(url_for("mail.listed"), 303)


def _mark() -> Mailing:
    reader = Reader(request.form)
    tracking = reader.text("tracking", most=TRACKING_MAX)
    mailed_on = reader.date("mailed_on", "Give the day on which they were posted")
    chosen = _chosen()
    if not chosen:
        reader.refuse("pieces", "Choose what was posted.")
    reader.done()
    return mail_pieces.mark_mailed(
        db(), chosen, mailed_on=mailed_on, tracking=tracking, by=me(), now=now()
    )


def _chosen() -> Sequence[UUID]:
    try:
        return [UUID(each) for each in request.form.getlist("pieces")]
    except ValueError:
        abort(400)


def _lost(piece: MailPiece) -> tuple[Misfit, ...]:
    return form_cuts.of(piece.claim, piece.submission, now())


def _record_reading(piece: MailPiece) -> None:
    audit.read(
        me(),
        kind="encounter",
        key=str(piece.claim.encounter.uuid),
        patient_id=piece.claim.encounter.patient_id,
        words="printed a claim's form",
    )


def _list(sheet: MailList) -> Response:
    return _pdf(list_pdf(sheet), "mail-list")


def _pdf(body: bytes, name: str) -> Response:
    response = Response(body, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _page(form: Typed) -> str:
    waiting, mailed = mail_lists.waiting(db(), now()), mail_lists.mailed(db())
    papers = mail_papers.waiting(db(), now())
    lost = {piece.id: _lost(piece) for piece in waiting}
    return render_template(
        "mail/list.html",
        form=form,
        groups=mail_lists.by_address(waiting),
        papers=mail_lists.by_address(papers),
        enclosed=mail_papers.enclosed(db(), papers),
        named=mail_papers.named,
        lost=lost,
        refused={key: words for key, found in lost.items() if (words := refused(found))},
        count=len(waiting),
        pages=sum(piece.pages for piece in waiting),
        kinds=[(key, name) for key, name in FORMS.items() if name in {p.form for p in waiting}],
        printers=printers.choices(),
        mailed=mailed,
        replaced=mail_reprints.replaced(db(), mailed),
        wanted=mail_papers.wanted(db(), [paper for each in mailed for paper in each.papers]),
        today=now().today.isoformat(),
    )
