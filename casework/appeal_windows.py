"""Until when a refusal may be appealed: from its remittance, or from the payer's last decision."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.moment import Moment
from db.models import AppealCase, AppealCaseDenial, Claim, Denial
from domain.clock import business_date
from domain.correspondence import LetterKind
from domain.tasks import RULES, TaskKind

# Records answer a question; only appeals and disputes climb the payer's levels.
CLIMBING = (LetterKind.APPEAL, LetterKind.DISPUTE)


@dataclass(frozen=True, kw_only=True)
class AppealWindow:
    """`basis_on` is the day of the payer's word from which the days count."""

    basis_on: dt.date
    until_on: dt.date

    def due_on(self, kind: TaskKind, now: Moment) -> dt.date:
        """The window rules every other date; where it has passed, the question is due today."""
        usual_on = now.business_days(RULES[kind].business_days)
        return max(now.today, min(usual_on, self.until_on))


def of(session: Session, claim: Claim, denials: Sequence[Denial], now: Moment) -> AppealWindow:
    """What is appealed together must be in time for the earliest of it."""
    basis_on = min(_basis_on(session, denial, now) for denial in denials)
    return AppealWindow(
        basis_on=basis_on, until_on=basis_on + dt.timedelta(days=claim.payer.appeal_days)
    )


def climbs(case: AppealCase) -> bool:
    """Whether the payer's no to this letter opens its next level."""
    return case.kind in CLIMBING


def _basis_on(session: Session, denial: Denial, now: Moment) -> dt.date:
    refused_on = business_date(denial.denied_at, now.zone)
    decided_on = session.scalar(
        select(func.max(AppealCase.decided_on))
        .join(AppealCaseDenial, AppealCaseDenial.appeal_case_id == AppealCase.id)
        .where(AppealCaseDenial.denial_id == denial.id)
        .where(AppealCase.status == "lost", AppealCase.kind.in_(CLIMBING))
    )
    return max(refused_on, decided_on) if decided_on else refused_on
