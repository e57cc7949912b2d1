"""Patients who pay by check, late, in halves, or never, by what each of them is like."""

import datetime as dt
import json
import sqlite3
from collections.abc import Sequence
from enum import StrEnum

from sim.draw import fraction
from sim.run import Run
from sim.store import Doc
from sim.world import FACILITY


class Habit(StrEnum):
    PROMPT = "prompt"
    SLOW = "slow"
    HALVES = "halves"
    AFTER_FINAL = "after the final notice"
    NEVER = "never"
    BOUNCES = "first check comes back"


_HABITS = (
    (0.60, Habit.PROMPT),
    (0.75, Habit.SLOW),
    (0.80, Habit.HALVES),
    (0.88, Habit.AFTER_FINAL),
    (0.97, Habit.NEVER),
    (1.00, Habit.BOUNCES),
)


def habit_of(seed: int, person: str) -> Habit:
    draw = fraction(seed, "habit", person)
    return next(habit for below, habit in _HABITS if draw < below)


def take_statement(run: Run, text: str) -> None:
    """Read a statement's manifest and decide, by the person's habit, when a check is written."""
    manifest = json.loads(text)
    person = _person(run, manifest)
    run.store.db.execute(
        "insert or ignore into statement values (?, ?, ?, ?, ?, ?, ?)",
        (
            manifest["statement_no"],
            manifest["account_no"],
            person,
            manifest["amount_cents"],
            manifest["kind"],
            int(manifest.get("cycle") or 1),
            run.today.isoformat(),
        ),
    )
    if manifest["kind"] == "refund":
        _note_payment(run, manifest, -abs(manifest["amount_cents"]), "refund", "")
        return
    due = _pays_on(run, manifest, habit_of(run.seed, person))
    if due:
        run.store.plan(due, "check", manifest["statement_no"], manifest)


def _person(run: Run, manifest: Doc) -> str:
    """Whose account it is, by what no number of the practice's can shift: the patient of a line
    that a payer has seen, else (nobody insured) the first amount ever asked for."""
    first = run.store.db.execute(
        "select person from statement where account = ? order by on_date, statement limit 1",
        (manifest["account_no"],),
    ).fetchone()
    if first:
        return str(first["person"])
    if manifest.get("mrn"):
        return str(manifest["mrn"])
    patients = {_patient_of(run, one["line"]) for one in manifest.get("lines") or ()} - {""}
    return min(patients, default=f"self-pay {manifest['amount_cents']}")


def _patient_of(run: Run, control: str) -> str:
    row = run.store.db.execute(
        "select a.encounter from account a, json_each(a.doc, '$.controls') c where c.key = ?",
        (control,),
    ).fetchone()
    known = {one.key: one.patient.mrn for one in run.world.encounters}
    return known.get(row["encounter"].removesuffix(FACILITY), "") if row else ""


def _pays_on(run: Run, manifest: Doc, habit: Habit) -> dt.date | None:
    about = (manifest["statement_no"], "check")
    match habit:
        case Habit.PROMPT | Habit.HALVES | Habit.BOUNCES:
            return run.later(10, 16, *about)
        case Habit.SLOW:
            return run.later(22, 30, *about)
        case Habit.AFTER_FINAL:
            return run.later(5, 8, *about) if manifest["kind"] == "final" else None
        case Habit.NEVER:
            return None


def write_check(run: Run, manifest: Doc) -> list[Doc]:
    """Pay what the newest statement still asks for; nothing when that has been paid."""
    account = manifest["account_no"]
    newest = run.store.db.execute(
        "select * from statement where account = ? and kind <> 'refund'"
        " order by on_date desc, statement desc limit 1",
        (account,),
    ).fetchone()
    cents = newest["cents"] - _paid_since(run, account, newest["on_date"])
    habit = habit_of(run.seed, newest["person"])
    is_first = _paid_since(run, account, "") == 0
    if habit is Habit.HALVES and is_first:
        cents = (cents + 1) // 2
    if cents <= 0:
        return []
    check_no = f"{1000 + run.store.count_up('check')}"
    answered = {**manifest, "statement_no": newest["statement"]}
    if habit is Habit.BOUNCES and not _has_bounced(run, account):
        due = run.later(4, 6, account, "bounce")
        run.store.plan(due, "bounce", check_no, {**answered, "cents": cents, "check": check_no})
    return [_note_payment(run, answered, cents, "check", check_no)]


def return_check(run: Run, bounced: Doc) -> list[Doc]:
    """The bank sends the check back; the patient writes a good one later."""
    again = {key: bounced[key] for key in bounced if key not in {"cents", "check"}}
    due = run.later(8, 12, bounced["account_no"], "good check")
    run.store.plan(due, "check", f"{bounced['statement_no']}-again", again)
    return [_note_payment(run, bounced, -bounced["cents"], "returned", bounced["check"])]


def _paid_since(run: Run, account: str, day: str) -> int:
    row = run.store.db.execute(
        "select coalesce(sum(cents), 0) n from patient_payment"
        " where account = ? and kind in ('check', 'returned') and on_date >= ?",
        (account, day),
    ).fetchone()
    return int(row["n"])


def _has_bounced(run: Run, account: str) -> bool:
    row: sqlite3.Row | None = run.store.db.execute(
        "select 1 from agenda where kind = 'bounce' and json_extract(doc, '$.account_no') = ?",
        (account,),
    ).fetchone()
    return row is not None


def _note_payment(run: Run, manifest: Doc, cents: int, kind: str, check_no: str) -> Doc:
    today = run.today.isoformat()
    values = (manifest["account_no"], manifest["statement_no"], cents, kind, check_no, today)
    run.store.db.execute(
        "insert into patient_payment (account, statement, cents, kind, check_no, on_date)"
        " values (?, ?, ?, ?, ?, ?)",
        values,
    )
    return {
        "received_on": today,
        "statement_no": manifest["statement_no"],
        "account_no": manifest["account_no"],
        "amount_cents": cents,
        "check_no": check_no,
    }


def send_lockbox(run: Run, payments: Sequence[Doc]) -> None:
    """The day's checks as one file of the bank's lockbox."""
    if not payments:
        return
    columns = ("received_on", "statement_no", "account_no", "amount_cents", "check_no")
    lines = [",".join(columns), *(",".join(str(one[c]) for c in columns) for one in payments)]
    name = f"lockbox-{run.today:%Y%m%d}-{run.store.count_up('lockbox'):04}.csv"
    run.store.send(run.today, "lockbox", name, "\n".join(lines) + "\n")
