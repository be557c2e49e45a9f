"""How long Insight takes to open over 1,000,000 logged turns, and to count a log that is older.

The turns are made in SQL, ninety days of them, with a hand-off in every ninth contact; counting
them is the product's own, as its follower does it in the background.
"""

# ruff: noqa: S608 (the statements are put together from constants of this file)

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from contextlib import AsyncExitStack
from datetime import timedelta
from statistics import median, quantiles

from rich.console import Console
from rich.table import Table

from bench.postgresql import Postgresql, postgresql
from bench.programs import ServerFailed
from bot.clock import now
from bot.insight.definitions import BY_NAME
from bot.insight.follower import sweep
from bot.insight.report import by_day, report
from bot.insight.rolling import count_days
from bot.store.contacts import Wanted
from bot.store.database import Database
from bot.store.schema import upgrade

TURNS, EACH, CONTACT, DAYS = 1_000_000, 20, 4, 90  # turns: all, of a conversation, of a contact
OPENINGS = 20
_AT = (
    "date_trunc('hour', now()) - interval '89 days' + (c * 7 % 60) * interval '1 day'"
    f" + ((t - 1) / {CONTACT}) * interval '5 days' + t * interval '1 minute'"
)
_ROWS = f"generate_series(1, {TURNS // EACH}) c, generate_series(1, {EACH}) t"
_CHANNEL = "(ARRAY['web', 'telegram', 'whatsapp', 'twilio', 'rest'])[1 + c % 5]"
FILL = (
    f"INSERT INTO customers (id, created_at) SELECT 'c' || c, now()"
    f" FROM generate_series(1, {TURNS // EACH}) c",
    "INSERT INTO conversations (id, customer_id, channel, address, state, owner_epoch, queue,"
    f" last_seq, seen_seq, created_at, updated_at) SELECT 'v' || c, 'c' || c, {_CHANNEL}, 'a' || c,"
    f" 'bot', 1, 'support', {2 * EACH}, 0, now(), now() FROM generate_series(1, {TURNS // EACH}) c",
    "INSERT INTO messages (id, conversation_id, customer_id, seq, author, text, buttons, channel,"
    f" private, data, created_at) SELECT 'm' || c || '-' || t, 'v' || c, 'c' || c, 2 * t - 1,"
    f" 'customer', 'where is order ' || c, '[]', {_CHANNEL}, false, '{{}}', {_AT} FROM {_ROWS}",
    "INSERT INTO messages (id, conversation_id, customer_id, seq, author, text, buttons, channel,"
    f" private, data, created_at) SELECT 'b' || c || '-' || t, 'v' || c, 'c' || c, 2 * t, 'bot',"
    f" 'It is on its way.', '[]', {_CHANNEL}, false, '{{}}', {_AT} + interval '1 second'"
    f" FROM {_ROWS}",
    "INSERT INTO turns (id, conversation_id, customer_id, message_id, seq, state, attempts,"
    " channel, text, intent, confidence, ranking, entities, outcome, actions, model, created_at)"
    " SELECT 't' || c || '-' || t, 'v' || c, 'c' || c, 'm' || c || '-' || t, 2 * t - 1, 'done', 1,"
    f" {_CHANNEL}, 'where is order ' || c, 'intent_' || (c + t / {CONTACT}) % 40, 0.9, '[]', '[]',"
    f" 'answered', '[]', 'model_' || c % 3, {_AT} FROM {_ROWS}",
    "INSERT INTO handoffs (id, conversation_id, customer_id, state, reason, evidence, card, queue,"
    " priority, requested_at, accepted_at, replied_at, closed_at, queued_at, ranked_at)"
    " SELECT 'h' || c || '-' || t, 'v' || c, 'c' || c, 'resolved',"
    " (ARRAY['customer_asked', 'not_sure', 'action_failed'])[1 + c % 3], '', '{}', 'support',"
    f" 'normal', at, at + (c % 600) * interval '1 second', at + (c % 700) * interval '1 second',"
    f" at + interval '20 minutes', at, at FROM (SELECT c, t, {_AT} AS at FROM {_ROWS}) asked"
    f" WHERE t % {CONTACT} = 0 AND (c + t) % 9 = 0",
)


async def open_insight(database: Database, wanted: Wanted) -> float:
    """What the page asks for when it is opened, in milliseconds."""

    async def figures() -> None:
        async with database.read() as uow:
            await report(uow, wanted, compare=True)

    async def days() -> None:
        async with database.read() as uow:
            await by_day(uow, wanted)

    async def contacts() -> None:
        async with database.read() as uow:
            await uow.contacts.behind(
                wanted, BY_NAME["containment"], rest=False, before=None, limit=20
            )

    began = time.perf_counter()
    await asyncio.gather(figures(), days(), contacts())
    return (time.perf_counter() - began) * 1000


async def measure(console: Console) -> None:
    async with AsyncExitStack() as stack:
        server: Postgresql = await stack.enter_async_context(postgresql())
        url = await stack.enter_async_context(server.new_database("bench_insight"))
        database = Database(url)
        stack.push_async_callback(database.aclose)
        await upgrade(database)
        await server.run(*FILL, "ANALYZE", database="bench_insight")
        began = time.perf_counter()
        conversations = await sweep(database)
        cut = time.perf_counter()
        days = await count_days(database)
        counted = time.perf_counter()
        console.print(
            f"{TURNS:,} turns: {conversations:,} conversations cut in {cut - began:.0f} s,"
            f" {days} days counted in {counted - cut:.0f} s"
        )
        await server.run("ANALYZE", database="bench_insight")
        today = now().date()
        periods = {
            f"{days} days": Wanted(today - timedelta(days=days - 1), today)
            for days in (7, 28, DAYS)
        }
        one_channel = Wanted(today - timedelta(days=27), today, channel="web")
        drawn = Table("opened", "p50 ms", "p95 ms")
        for name, wanted in {**periods, "28 days, one channel": one_channel}.items():
            taken = [await open_insight(database, wanted) for _ in range(OPENINGS)]
            drawn.add_row(name, f"{median(taken):.0f}", f"{quantiles(taken, n=20)[-1]:.0f}")
        console.print(drawn)


def main() -> None:
    """Measure and print."""
    argparse.ArgumentParser(prog="python -m bench.insight", description=__doc__).parse_args()
    try:
        asyncio.run(measure(Console(highlight=False)))
    except ServerFailed as error:
        sys.exit(f"bench.insight: {error}")


if __name__ == "__main__":
    main()
