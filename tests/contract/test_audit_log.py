"""The audit log is only added to, over every database."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from bot.auditing import audit
from bot.clock import new_id, now
from bot.records import AuditEntry, AuditFilter
from bot.services import Services
from bot.store.tables import audit_log
from tests.conftest import over_both_databases
from tests.processes import add_agent

REFUSED = "the audit log is only added to"


async def lines(services: Services, wanted: AuditFilter = AuditFilter()) -> list[AuditEntry]:  # noqa: B008
    async with services.database.read() as uow:
        return await uow.audit_log.page(wanted, before=None, limit=50)


@over_both_databases
async def test_no_line_is_changed_deleted_or_replaced(pair: tuple[Services, ...]) -> None:
    services, *_ = pair
    database = services.database
    async with database.write() as uow:
        await audit(uow, "test.written", "x", by=None)
    (line,) = await lines(services)
    row = {"id": line.id, "action": "test.forged", "subject": "y", "details": {}}
    forged = audit_log.insert().values(**row, created_at=now(), actor="bot")
    statements: list[sa.Executable] = [
        audit_log.update().values(subject="y"),
        audit_log.delete(),
        sa.text("DELETE FROM audit_log WHERE id = 'nothing at all'"),
        sa.text("TRUNCATE audit_log"),
    ]
    if database.url.get_backend_name() == "sqlite":
        # A statement for each line that it would touch, so one that touches none is no error.
        statements = [*statements[:2], forged.prefix_with("OR REPLACE")]
    for statement in statements:
        with pytest.raises(DBAPIError, match=REFUSED):
            async with database.writer.begin() as connection:
                await connection.execute(statement)
    with pytest.raises(DBAPIError):
        async with database.writer.begin() as connection:
            await connection.execute(forged)
    assert await lines(services) == [line]


@over_both_databases
async def test_a_change_that_fails_leaves_no_line(pair: tuple[Services, ...]) -> None:
    services, *_ = pair

    async def write_and_fail() -> None:
        async with services.database.write() as uow:
            await audit(uow, "test.written", "x", by=None)
            raise LookupError

    with pytest.raises(LookupError):
        await write_and_fail()
    assert await lines(services) == []


@over_both_databases
async def test_the_log_is_narrowed_by_who_what_where_and_when(pair: tuple[Services, ...]) -> None:
    services, *_ = pair
    nora = (await add_agent(services, "Nora")).id
    noon, conversation = now() - timedelta(days=40), new_id()
    async with services.database.write() as uow:
        await audit(uow, "label.given", "1", by=nora)
        await audit(uow, "labels.other", "2", by=None)
        await audit(uow, "handoff.requested", "3", by=None, actor="bot")
        await audit(uow, "note.added", "4", by=nora, conversation_id=conversation)
        await uow.audit_log.add(
            AuditEntry("0191-old", nora, "label.taken_back", "0", {}, noon, "person")
        )

    async def subjects(**wanted: object) -> str:
        found = await lines(services, AuditFilter(**wanted))  # type: ignore[arg-type]
        return "".join(sorted(one.subject for one in found))

    assert await subjects(by=nora) == "014"
    assert await subjects(by="bot") == "3"
    assert await subjects(by="operator") == "2"
    assert await subjects(actions=("label",)) == "01"
    assert await subjects(actions=("label.given", "note")) == "14"
    assert await subjects(conversation_id=conversation) == "4"
    assert await subjects(since=now() - timedelta(days=1)) == "1234"
    assert await subjects(until=now() - timedelta(days=1)) == "0"
    assert await subjects(until=noon) == ""
    first, last = (one.replace(tzinfo=timezone.utc) for one in (datetime.min, datetime.max))
    assert await subjects(since=first, until=last) == "01234"
    assert await subjects(until=first) == await subjects(since=last) == ""
    async with services.database.read() as uow:
        assert "note.added" in await uow.audit_log.actions()
