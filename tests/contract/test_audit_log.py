"""The audit log is only added to, over every database."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from bot.auditing import audit
from bot.clock import new_id, now
from bot.learning.label_commands import export
from bot.operations.settings_changes import note_changes, settings_of
from bot.privacy.policy_file import PolicyFile
from bot.records import AuditEntry, AuditFilter, Label
from bot.services import Services
from bot.store.tables import audit_log
from tests.conftest import over_both_databases
from tests.processes import add_agent, say, turn_of

POLICY = 'controller: Acme\nstatement: /p\nversion: "1"\nwords: {en: {notice: hi, short: hi}}\n'
EXAMPLES = (
    "nlu:\n  - intent: track_order\n    examples: |\n      - where is it\n      - is it here\n"
)
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
async def test_a_change_of_the_settings_files_leaves_one_line_of_all_processes(
    pair: tuple[Services, ...], tmp_path: Path
) -> None:
    rules, policy = tmp_path / "handoff.yml", tmp_path / "privacy.yml"
    rules.write_text("default_queue: support\nqueues: {support: {name: S}}\n")
    policy.write_text(POLICY)
    own = [
        replace(one, rules_file=rules, privacy=PolicyFile(policy, "https://acme.test"))
        for one in pair
    ]
    known: list[dict[Path, Mapping[str, Any]]] = [{}, {}]
    for one, before in zip(own, known, strict=True):
        before.update(settings_of(one))

    async def look() -> list[AuditEntry]:
        for one, before in zip(own, known, strict=True):
            await note_changes(one, before)
        return await lines(own[0], AuditFilter(actions=("settings",)))

    assert await look() == []
    _save(policy, f"{POLICY}keep_days: {{files: 3}}\n", 1)
    (line,) = await look()
    digest = sha256(policy.read_bytes()).hexdigest()
    assert (line.subject, line.details) == (
        "privacy.yml",
        {"sha256": digest, "keys": ["keep_days"]},
    )
    assert line.actor == "operator"
    _save(rules, "default_queue: night\nqueues: {support: {name: S}, night: {name: N}}\n", 1)
    _save(policy, "controller: [\n", 2)  # refused, and the last right one holds
    assert [(one.subject, one.details["keys"]) for one in await look()] == [
        ("handoff.yml", ["default_queue", "queues"]),
        ("privacy.yml", ["keep_days"]),
    ]
    _save(policy, POLICY, 3)
    assert len(await look()) == 3
    assert len(await look()) == 3


def _save(path: Path, text: str, later: int) -> None:
    """Change it so that it is seen, however quick the test is."""
    path.write_text(text)
    os.utime(path, ns=(path.stat().st_mtime_ns + later * 10**9,) * 2)


@over_both_databases
async def test_writing_labels_into_the_training_data_leaves_a_line(
    pair: tuple[Services, ...], tmp_path: Path
) -> None:
    services, *_ = pair
    (tmp_path / "data/nlu").mkdir(parents=True)
    (tmp_path / "data/nlu/orders.yml").write_text(EXAMPLES)
    (tmp_path / "domain.yml").write_text("intents:\n  - track_order\n")
    url = services.database.url.render_as_string(hide_password=False)
    write = partial(export, url, tmp_path, write=True, output=None)
    await asyncio.to_thread(write)
    assert await lines(services) == []
    said = await say(services, "my parcel is nowhere")
    lead = await add_agent(services, "Lena")
    facts: tuple[Any, ...] = (lead.id, "track_order", [], "b", now(), None)
    ids = (said.message.conversation_id, said.message.customer_id)
    async with services.database.write() as uow:
        await uow.labels.put([Label(new_id(), turn_of(said), *ids, *facts)])
    await asyncio.to_thread(write)
    (line,) = await lines(services, AuditFilter(actions=("labels",)))
    assert (line.action, line.actor) == ("labels.written", "operator")
    assert line.details == {"examples": 1, "intents": 1}


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
