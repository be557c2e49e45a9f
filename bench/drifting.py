"""How long the page Drift waits over a PostgreSQL with 1,000,000 logged turns."""

from __future__ import annotations

import argparse
import asyncio
import time
from statistics import median

import asyncpg
from rich.console import Console

from bench.postgresql import postgresql
from bot.learning.drift_watch import read_drift
from bot.store.database import Database
from bot.store.schema import upgrade

TURNS = 1_000_000
DAYS = 60
INTENTS = 70
ROUNDS = 10

# Of what a turn refers to only its message is read here, so the rest is not written.
_UNCHECKED = "SET session_replication_role = replica"
_FILL = """
INSERT INTO turns (id, conversation_id, customer_id, message_id, seq, state, attempts, channel,
                   text, intent, confidence, ranking, entities, outcome, actions,
                   created_at)
SELECT 't' || i, 'c' || i / 10, 'c', 'm' || i, i % 10, 'done', 1, 'web',
       'where is my parcel, it should have come ' || i,
       CASE WHEN i % 14 = 0 THEN 'out_of_scope' ELSE 'intent_' || i % $2 END,
       0.9,
       json_build_array(
         json_build_object('intent', 'intent_' || i % $2, 'confidence', 0.8 + i % 19 / 100.0),
         json_build_object('intent', 'intent_' || (i + 1) % $2, 'confidence', 0.01)),
       '[]', CASE WHEN i % 14 = 0 THEN 'misunderstood' ELSE 'answered' END, '[]',
       now() - i * (interval '1 day' * $3 / $1::int)
FROM generate_series(1, $1::int) AS i
"""
_FILL_MESSAGES = """
INSERT INTO messages (id, conversation_id, customer_id, seq, author, text, buttons, channel,
                      private, data, created_at)
SELECT message_id, conversation_id, customer_id, seq, 'customer', text, '[]', channel, false,
       '{}', created_at
FROM turns
"""


async def measure(turns: int) -> tuple[float, list[float]]:
    """Seconds that the first look took, which counts every day, and milliseconds of later ones."""
    async with postgresql() as server, server.new_database("drifting") as url:
        database = Database(url)
        await upgrade(database)
        connection = await asyncpg.connect(url)
        await connection.execute(_UNCHECKED)
        await connection.execute(_FILL, turns, INTENTS, DAYS)
        await connection.execute(_FILL_MESSAGES)
        await connection.execute("ANALYZE turns, messages")
        await connection.close()
        began = time.perf_counter()
        await read_drift(database, days=28)
        first = time.perf_counter() - began
        later = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            await read_drift(database, days=28)
            later.append((time.perf_counter() - began) * 1000)
        await database.aclose()
    return first, later


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.drifting", description=__doc__)
    parser.add_argument("--turns", type=int, default=TURNS)
    wanted = parser.parse_args()
    first, later = asyncio.run(measure(wanted.turns))
    Console(highlight=False).print(
        f"{wanted.turns:,} turns in {DAYS} days: every day counted in {first:.1f} s, "
        f"then {median(later):.0f} ms (at most {max(later):.0f} ms) a look"
    )


if __name__ == "__main__":
    main()
