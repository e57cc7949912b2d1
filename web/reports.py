"""What is charged, paid, refused and owed, as figures and as charts beside their tables."""

import datetime as dt

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from codesets import carc
from db.queries import web_reports
from web import charts
from web.access import Action, needs
from web.context import db, now

reports = Blueprint("reports", __name__, url_prefix="/reports")

WEEKS = 13
DAYS_OF_CHARGES = 90


@reports.get("")
@needs(Action.READ_REPORTS)
def show() -> ResponseReturnValue:
    today = now().today
    aging = web_reports.aging(db(), today)
    totals = web_reports.totals(db(), today)
    weeks = web_reports.weeks(db(), today - dt.timedelta(weeks=WEEKS))
    owed = sum(b.payers_cents + b.patients_cents for b in aging)
    old = sum(b.payers_cents + b.patients_cents for b in aging[3:])
    return render_template(
        "reports/show.html",
        today=today,
        totals=totals,
        days_in_ar=_days_in_ar(totals),
        aging=aging,
        bars=charts.stacked([(b.label, b.payers_cents, b.patients_cents) for b in aging]),
        owed=owed,
        old=old,
        most=max(aging, key=lambda b: b.payers_cents + b.patients_cents),
        weeks=weeks,
        lines=charts.lines([[w.charged_cents for w in weeks], [w.paid_cents for w in weeks]]),
        payers=web_reports.denials_by_payer(db()),
        reasons=web_reports.reasons(db()),
        explain=lambda code: carc.explain(code).words,
    )


def _days_in_ar(totals: web_reports.Totals) -> float | None:
    """What is owed, in days of average charges; unknown before anything was charged."""
    if totals.charged_90_cents <= 0:
        return None
    return totals.owed_cents / (totals.charged_90_cents / DAYS_OF_CHARGES)
