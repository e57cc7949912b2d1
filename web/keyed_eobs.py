"""Paper EOBs: a biller keys what the paper says, saves it as often as they like, and posts it once
it balances. What is typed is saved before it is judged, so that a refusal loses nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from casework import keyed_eobs as keyed
from casework.refusals import Problem, Refused
from db.models import Claim, KeyedEob, Payer, Remittance, User
from domain import keyed_eob as sums
from domain.keyed_eob import TypedClaim, TypedEob, TypedLine
from web import eob_form, fetch
from web.access import Action, needs
from web.answer_form import Typed
from web.context import db, me, now
from web.documents import pdf_of

keyed_eobs = Blueprint("keyed_eobs", __name__, url_prefix="/remittances/keyed")

PAYERS_MAX = 500
METHODS = {"CHK": "check", "ACH": "EFT", "NON": "no payment"}
STATUSES = {
    "1": "as first payer",
    "2": "as second payer",
    "3": "as third payer",
    "19": "as first payer, and passed on",
    "20": "as second payer, and passed on",
    "22": "takes an earlier answer back",
}
GROUPS = {"CO": "CO ours", "PR": "PR patient", "OA": "OA other", "PI": "PI payer"}
PROVIDER_CODES = {
    "WO": "WO takes back an overpayment",
    "FB": "FB carried forward",
    "72": "72 a refund of ours",
    "L6": "L6 interest",
    "CT": "CT a monthly sum per member",
    "CS": "CS anything else",
}
EFFECTS = {sums.LOWERS: "lowers the check", sums.RAISES: "raises the check"}
BLANK = TypedLine()


@keyed_eobs.get("")
@needs(Action.KEY_EOBS)
def listed() -> str:
    found = keyed.drafts(db())
    people = {row.saved_by_id for row in found}
    names = {one.id: one.full_name for one in db().scalars(select(User).where(User.id.in_(people)))}
    shown = [(row, keyed.typed_of(row), names[row.saved_by_id]) for row in found]
    return render_template("keyed/list.html", drafts=shown, payers=dict(_payers()), sums=sums)


@keyed_eobs.post("")
@needs(Action.KEY_EOBS)
def begin() -> ResponseReturnValue:
    row = keyed.begin(db(), me(), now())
    return redirect(url_for("keyed_eobs.show", uuid=row.uuid), 303)


@keyed_eobs.post("/claims/<uuid:uuid>")
@needs(Action.KEY_EOBS)
def begin_with(uuid: UUID) -> ResponseReturnValue:
    """From a claim whose answer came on paper."""
    claim = fetch.claim(uuid, words="began a paper EOB")
    row = keyed.begin(db(), me(), now(), claim=claim)
    return redirect(url_for("keyed_eobs.show", uuid=row.uuid), 303)


@keyed_eobs.get("/<uuid:uuid>")
@needs(Action.KEY_EOBS)
def show(uuid: UUID) -> ResponseReturnValue:
    row = fetch.keyed_eob(uuid)
    if row.ended_at is not None:
        return _gone(row)
    return _page(row, keyed.typed_of(row), eob_form.opened_in(request.args))


@keyed_eobs.post("/<uuid:uuid>")
@needs(Action.KEY_EOBS)
def act(uuid: UUID) -> ResponseReturnValue:
    row = fetch.keyed_eob(uuid)
    keyed.lock(db(), row)
    opened = eob_form.opened_in(request.form)
    typed = eob_form.merged(request.form, keyed.typed_of(row))
    if request.form.get("version") != str(row.version):
        return _page(row, typed, opened, _overtaken(row)), 409
    keyed.save(db(), row, typed, me(), now())
    try:
        return _do(row, typed, opened)
    except Refused as refusal:
        return _page(row, typed, _first(refusal, opened), refusal.problems), 422


def _do(row: KeyedEob, typed: TypedEob, opened: int) -> ResponseReturnValue:
    """What the pressed button asks for, after what was typed has been kept."""
    if (scan := request.files.get("scan")) and scan.filename:
        keyed.attach(db(), row, pdf_of(scan), me(), now())
    verb, _, what = request.form.get("do", "save").partition(":")
    match verb:
        case "post":
            return _post(row, typed)
        case "discard":
            keyed.discard(db(), row, me(), now())
            flash("Thrown away. Nothing of it was posted.")
            return redirect(url_for("keyed_eobs.listed"), 303)
        case "find":
            return _page(row, typed, opened, found=_found(typed))
        case "open":
            return _back(row, int(what) if what.isdigit() else 0)
        case "add" | "unknown" | "line" | "drop":
            changed, at = _changed(typed, verb, what, opened)
            keyed.save(db(), row, changed, me(), now())
            return _back(row, at)
        case _:
            flash("Saved as a draft; nothing is posted yet.")
            return _back(row, opened)


def _post(row: KeyedEob, typed: TypedEob) -> ResponseReturnValue:
    # The draft stays saved where the check is refused.
    with db().begin_nested():
        posted = keyed.post(db(), row, typed, me(), now())
    flash("Keyed. It posts itself line by line, as a file does.")
    return redirect(url_for("remittances.show", uuid=posted.uuid), 303)


def _changed(typed: TypedEob, verb: str, what: str, opened: int) -> tuple[TypedEob, int]:
    """With a claim or a line more or less, and the claim that is open then."""
    claims = list(typed.claims)
    if verb == "drop" and what.isdigit() and int(what) < len(claims):
        del claims[int(what)]
        return replace(typed, claims=tuple(claims)), 0
    if verb == "line" and opened < len(claims):
        claims[opened] = replace(claims[opened], lines=(*claims[opened].lines, BLANK))
        return replace(typed, claims=tuple(claims)), opened
    if verb == "unknown":
        claims.append(TypedClaim(pcn=request.form.get("find", "").strip()[:50], lines=(BLANK,)))
    elif verb == "add":
        return _with_claim(typed, fetch.claim(UUID(what), words="put on a paper EOB"))
    return replace(typed, claims=tuple(claims)), max(0, len(claims) - 1)


def _with_claim(typed: TypedEob, claim: Claim) -> tuple[TypedEob, int]:
    entry = keyed.entry_of(db(), claim)
    added = replace(
        typed,
        payer_no=typed.payer_no or claim.payer.payer_no,
        claims=(*typed.claims, entry),
    )
    return added, len(added.claims) - 1


def _found(typed: TypedEob) -> Sequence[Claim]:
    found = keyed.find(db(), request.form.get("find", ""), typed.payer_no)
    if not found:
        words = "Nothing that was sent has this number or name. Is it not ours? Add it as it is."
        raise Refused.of("find", words)
    return found


def _first(refusal: Refused, opened: int) -> int:
    """The claim of the first problem, so that it stands on the page."""
    names = [name for name in refusal.problems if name.startswith("c") and "." in name]
    return int(names[0][1:].split(".")[0]) if names else opened


def _overtaken(row: KeyedEob) -> Mapping[str, Problem]:
    who = db().get_one(User, row.saved_by_id).full_name
    words = f"{who} saved this EOB after you opened it. What you typed stands here: save it again."
    return {"trace": Problem(words=words)}


def _page(
    row: KeyedEob,
    typed: TypedEob,
    opened: int,
    problems: Mapping[str, Problem] | None = None,
    found: Sequence[Claim] = (),
) -> str:
    return render_template(
        "keyed/show.html",
        row=row,
        eob=typed,
        opened=min(opened, max(0, len(typed.claims) - 1)),
        form=Typed(problems=problems or {}),
        found=found,
        sought=request.form.get("find", ""),
        payers=_payers(),
        methods=METHODS.items(),
        statuses=STATUSES.items(),
        groups=GROUPS.items(),
        codes=PROVIDER_CODES.items(),
        effects=EFFECTS.items(),
        sums=sums,
    )


def _payers() -> list[tuple[str, str]]:
    rows = db().scalars(select(Payer).order_by(Payer.name, Payer.id).limit(PAYERS_MAX)).all()
    return [(row.payer_no, row.name) for row in rows]


def _gone(row: KeyedEob) -> ResponseReturnValue:
    if row.remittance_id is None:
        flash("This EOB was thrown away.")
        return redirect(url_for("keyed_eobs.listed"), 303)
    posted = db().get_one(Remittance, row.remittance_id)
    return redirect(url_for("remittances.show", uuid=posted.uuid), 303)


def _back(row: KeyedEob, opened: int) -> ResponseReturnValue:
    return redirect(url_for("keyed_eobs.show", uuid=row.uuid, opened=opened), 303)
