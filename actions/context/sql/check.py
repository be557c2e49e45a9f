"""Whether a mapping fits its database: told at the start, not when a customer asks."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from actions.context import tables
from actions.context.errors import ShopMisconfigured
from actions.context.sql.mapping import CHANGES, Mapping
from actions.context.sql.reads import READS


def check(connection: sa.Connection, mapping: Mapping) -> None:
    """Has the database prepare every statement. Raises ShopMisconfigured naming the key."""
    there = sa.inspect(connection)
    if mapping.changes:
        _check_tables(there, mapping)
    for key, statement in mapping.statements.items():
        if statement is not None:
            _check_statement(connection, mapping, key, statement)


def _check_statement(
    connection: sa.Connection, mapping: Mapping, key: str, statement: sa.TextClause
) -> None:
    # Inside another SELECT nothing else than a single SELECT can stand; and it finds no row.
    wrapped = sa.text(f"SELECT * FROM (\n{statement.text}\n) AS checked WHERE 1 = 0")  # noqa: S608
    read = READS[key]
    try:
        with connection.begin_nested():
            found = connection.execute(wrapped, dict.fromkeys(read.given | read.may, ""))
    except SQLAlchemyError as error:
        # Nobody's row was asked for, so the database may say what it does not like.
        said = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise ShopMisconfigured(
            f"the database refuses the SELECT ({said})",
            where=mapping.where(key),
            cure="Correct it; the database's own client tells more.",
        ) from error
    mapping.check_columns(key, found.keys())


def _check_tables(there: sa.Inspector, mapping: Mapping) -> None:
    known = there.get_multi_columns()
    for table in tables.metadata.sorted_tables:
        columns = {column["name"] for column in known.get((None, table.name), [])}
        missing = {column.name for column in table.columns} - columns
        if missing:
            raise ShopMisconfigured(
                f"the database lacks {table.name}.{min(missing)}, which changes need",
                where=mapping.where(CHANGES),
                cure="Describe other tables in a mapping of their own, with `changes: false`, and"
                " name it with WARMLINE_SHOP_MAPPING.",
            )
