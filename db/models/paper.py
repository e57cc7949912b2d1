"""The printers that print on preprinted forms."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Id, Recorded, Tenant

OFFSET_MAX = 100


class Printer(Tenant, Base):
    """How far a printer must be corrected to meet the boxes of preprinted forms, in hundredths of
    an inch."""

    __tablename__ = "printer"
    __table_args__ = (
        CheckConstraint(
            f"abs(right_hundredths) <= {OFFSET_MAX} and abs(down_hundredths) <= {OFFSET_MAX}",
            name="offset_is_small",
        ),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    right_hundredths: Mapped[int] = mapped_column(server_default="0")
    down_hundredths: Mapped[int] = mapped_column(server_default="0")
    recorded_at: Mapped[Recorded]
