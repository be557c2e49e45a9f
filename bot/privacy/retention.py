"""Deleting what is older than `privacy.yml` says, in steps so small that no turn waits for one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import metrics
from bot.auditing import audit
from bot.privacy.policy import Policy
from bot.records import Actor
from bot.services import Services
from bot.store.database import Database

# Conversations bring all that hangs on them; everything else is one row each.
CONVERSATIONS_AT_ONCE = 5
AT_ONCE = 100
FOUND_AT_ONCE = 1_000
ENDED_FOR = timedelta(days=1)  # sessions and codes, whose time has run out


@dataclass(frozen=True, slots=True)
class Due:
    """A kind of data, and up to when it may be deleted."""

    kind: str
    before: datetime


def due(policy: Policy, at: datetime) -> Iterator[Due]:
    """What may go, in the order in which it has to."""
    keep = policy.keep_days
    for kind, days in (
        ("files", keep.files),
        ("survey_comments", keep.survey_comments),
        ("past_answers", keep.past_answers),
        ("memory", keep.memory),
        ("deliveries", keep.deliveries),
        ("told_programs", keep.deliveries),
        ("conversations", keep.conversations),
        ("customers", keep.conversations),
    ):
        if days is not None:
            yield Due(kind, at - timedelta(days=days))
    yield Due("sessions", at - ENDED_FOR)
    yield Due("codes", at - ENDED_FOR)


async def enforce(services: Services, *, at: datetime) -> dict[str, int]:
    """Delete all that is due; how much of each kind there was. Safe beside other processes."""
    policy = services.privacy.now if services.privacy else None
    return {} if policy is None else await delete_due(services.database, policy, at=at, actor="bot")


async def delete_due(
    database: Database, policy: Policy, *, at: datetime, actor: Actor
) -> dict[str, int]:
    """The same by these rules. One line of the audit log says how much, also of a run that failed
    half-way: its steps are many transactions."""
    gone: dict[str, int] = {}
    try:
        for each in due(policy, at):
            while number := await _delete_some(database, each):
                gone[each.kind] = gone.get(each.kind, 0) + number
                metrics.retention_deleted.labels(kind=each.kind).inc(number)
    finally:
        if gone:
            async with database.write() as uow:
                await audit(
                    uow, "retention.done", "privacy.yml", by=None, actor=actor, at=at, details=gone
                )
    if "conversations" in gone:
        await _drop_words(database)
    metrics.retention_run.set(at.timestamp())
    return gone


async def _delete_some(database: Database, due: Due) -> int:
    """Look for them where looking keeps nobody from writing; how many went."""
    async with database.read() as uow:
        found = await uow.retention.find(due.kind, before=due.before, limit=FOUND_AT_ONCE)
    step = CONVERSATIONS_AT_ONCE if due.kind == "conversations" else AT_ONCE
    number = 0
    for start in range(0, len(found), step):
        async with database.write() as uow:
            some = found[start : start + step]
            number += await uow.retention.delete(due.kind, some, before=due.before)
    return number


async def _drop_words(database: Database) -> None:
    more, begin = True, True
    while more:
        async with database.write_alone() as uow:
            more = await uow.retention.merge_words(begin=begin)
        begin = False


async def count_due(database: Database, policy: Policy, *, at: datetime) -> dict[str, int]:
    """How much would go now."""
    async with database.read() as uow:
        return {
            each.kind: await uow.retention.count(each.kind, before=each.before)
            for each in due(policy, at)
        }
