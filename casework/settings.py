"""The practice's choices (table `setting`), with the defaults that hold until one is changed."""

from sqlalchemy.orm import Session

from db.models import Setting
from domain.dunning import NSF_FEE_CENTS

DEFAULTS: dict[str, int | bool] = {
    "takes_charted_codes": True,
    "write_off_limit_cents": 5_000,
    "small_balance_cents": 500,
    "nsf_fee_cents": NSF_FEE_CENTS,
    "underpayment_tolerance_cents": 100,
    "underpayment_tolerance_percent": 2,
}


def number(session: Session, name: str) -> int:
    row = session.get(Setting, name)
    return int(row.value["value"]) if row else int(DEFAULTS[name])


def flag(session: Session, name: str) -> bool:
    return bool(number(session, name))
