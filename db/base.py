"""What every table shares: naming of constraints, the types of columns, and the tenant."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    MetaData,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Id = Annotated[int, mapped_column(BigInteger, primary_key=True, autoincrement=True)]
Recorded = Annotated[
    dt.datetime, mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
]
Json = dict[str, Any]


def words_of(kind: type[StrEnum]) -> Enum:
    """A closed set kept as its words, refused by a CHECK when unknown."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


def known(column: str, *words: str) -> CheckConstraint:
    """A word of a closed set that is no enum of the domain; an unknown one is refused."""
    among = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} in ({among})", name=f"{column}_is_known")


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigInteger,
        str: Text,
        dt.datetime: DateTime(timezone=True),
        dt.date: Date,
        Json: JSONB,
        list[str]: JSONB,
        list[int]: JSONB,
    }


class Tenant:
    """Every business row belongs to a practice."""

    practice_id: Mapped[int] = mapped_column(ForeignKey("practice.id"), server_default=text("1"))
