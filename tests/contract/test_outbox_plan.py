"""What is due is found by an index on every database, however much was settled before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from bot.attempts import fresh
from bot.clock import now
from bot.services import Services
from bot.store.outbox import _DUE
from bot.store.tables import messages, outbox
from tests.conftest import over_both_databases
from tests.contract.test_deliveries import due, items
from tests.provider import write

pytestmark = over_both_databases
MANY = 20_000
# Either will do: the second has no other rows than those that are open.
INDEXES = ("ix_outbox_channel_state_next_attempt_at", "ix_outbox_open")


async def copy(connection: Any, table: sa.Table, changed: dict[str, str]) -> None:
    """Many rows like the newest of the table, but for these columns."""
    columns = ", ".join(f'"{column.name}"' for column in table.c)
    values = ", ".join(changed.get(column.name, f'"{column.name}"') for column in table.c)
    await connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({columns})"  # noqa: S608
        f" WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY})"
        f" SELECT {values} FROM n, (SELECT * FROM {table.name} ORDER BY id DESC LIMIT 1) AS one"
    )


async def test_a_look_reads_an_index_and_not_what_is_settled(pair: tuple[Services, ...]) -> None:
    await write(pair[0], "ada", "hello", channel="memory")
    database = pair[0].database
    async with database.migrator.begin() as connection:  # it takes what it takes
        line = {"id": "'x' || i", "seq": "seq + i", "external_id": "NULL"}
        await copy(connection, messages, line)
        await copy(
            connection, outbox, {"id": "'x' || i", "message_id": "'x' || i", "state": "'sent'"}
        )
    async with database.migrator.begin() as connection:
        await connection.exec_driver_sql("ANALYZE")
    (found,) = await due(pair[0])
    assert found == (await items(pair[0]))[0]
    at = now() + timedelta(seconds=1)
    look = _DUE.params(channel="memory", at=at, fresh=fresh(at), most=200)
    written = look.compile(dialect=database.reader.dialect, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN" if database.reader.dialect.name == "sqlite" else "EXPLAIN"
    async with database.reader.connect() as connection:
        rows = await connection.exec_driver_sql(f"{explain} {written}")
        plan = "\n".join(str(row[-1]) for row in rows)
    assert any(index in plan for index in INDEXES)
    for whole in (
        "Seq Scan on outbox",
        "SCAN outbox",
        "SCAN earlier",
        "Seq Scan on outbox earlier",
    ):
        assert whole not in plan
