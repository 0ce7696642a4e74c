"""Column builders for tables.py: columns say what they hold, links are indexed, choices are checked."""

from enum import Enum
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy import Enum as EnumType
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

# Names of constraints and indexes, so that migrations can refer to them (Alembic, "Naming constraints").
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def key() -> Any:  # noqa: ANN401 - a field of the model's own type, as sqlmodel.Field
    """Build the internal key; it never appears in an address that a reader can open."""
    return Field(
        default=None, primary_key=True, sa_type=BigInteger, sa_column_kwargs={"comment": "internal key"}
    )


def column(comment: str, **options: Any) -> Any:  # noqa: ANN401 - as above
    """Build a plain column."""
    return Field(sa_column_kwargs={"comment": comment}, **options)


def link(target: str, comment: str, **options: Any) -> Any:  # noqa: ANN401 - as above
    """Build a link to another table's internal key."""
    options.setdefault("index", True)
    return Field(foreign_key=target, sa_type=BigInteger, sa_column_kwargs={"comment": comment}, **options)


def choice(values: type[Enum], comment: str, *, name: str | None = None, **options: Any) -> Any:  # noqa: ANN401 - as above
    """Build a column of one of an enum's values, checked by the database; `name` tells two apart."""
    kind = EnumType(
        values,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=name or values.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )
    return Field(sa_type=kind, sa_column_kwargs={"comment": comment}, **options)


def document(comment: str, **options: Any) -> Any:  # noqa: ANN401 - as above
    """Build a JSON document column; its shape is the named frozen type that is stored there."""
    return Field(sa_type=JSONB, sa_column_kwargs={"comment": comment}, **options)
