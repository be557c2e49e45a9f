"""A database of 1,000,000 logged turns, made in SQL within minutes: PostgreSQL only.

Sixty days of 250,000 conversations in the words of the training data, with what the product's
followers would have made of them by now: reviews in their groups, contacts, and the labels of two
leads. Whole rows are written before there is an index, as a back-up is restored.
"""

# ruff: noqa: S608 (the statements are put together from constants of this file)

from __future__ import annotations

from itertools import product
from pathlib import Path

import asyncpg

from bench.postgresql import Postgresql
from bot.insight.rolling import count_days
from bot.reviewing import group_of
from bot.store.database import Database
from bot.store.schema import upgrade
from bot.yaml_file import read_mapping

ROOT = Path(__file__).parents[1]
CONVERSATIONS, EACH, DAYS = 250_000, 4, 60
TURNS = CONVERSATIONS * EACH
LABELLED, TWICE = 500, 100
OPENINGS = ("", "Hi, ", "Hello! ", "Please help: ", "Quick question, ", "Sorry, but ")
ENDINGS = ("", " please", "? Thanks", " as soon as possible")
LEAD, OTHER_LEAD = "lead-1", "lead-2"
_FILLED = (
    *("customers", "conversations", "messages", "turns", "reviews", "review_groups", "labels"),
    *("contacts", "contact_marks", "wrap_ups"),
)
_CHANNEL = "(ARRAY['web', 'web', 'telegram', 'whatsapp', 'twilio'])[1 + c % 5]"
_MODEL = "'model-' || c * 3 / " + str(CONVERSATIONS)
# A turn as its draws make it: `d` decides its outcome, and `k` how sure the bot was.
_MADE = f"""
CREATE TEMPORARY TABLE made AS
SELECT c, t, c * {EACH} + t AS n, {_CHANNEL} AS channel, {_MODEL} AS model, w.intent, w.group_id,
  w.text || CASE WHEN (k * 1000)::int % 5 = 0 THEN ' ' || 10000000 + c ELSE '' END AS text,
  now() - interval '{DAYS} days' + c * (interval '{DAYS} days' / {CONVERSATIONS})
    + t * interval '40 seconds' - interval '5 minutes' AS at,
  CASE WHEN d < 0.8 THEN 'answered' WHEN d < 0.88 THEN 'handed_off' WHEN d < 0.94 THEN
    'misunderstood' ELSE 'observed' END AS outcome,
  CASE WHEN d < 0.8 OR d >= 0.88 THEN NULL ELSE (ARRAY['low_confidence', 'customer_asked',
    'out_of_scope', 'action_failed'])[1 + (d * 10000)::int % 4] END AS reason,
  CASE WHEN d < 0.8 THEN 1 - k * k * 0.5 ELSE 1 - k * 0.9 END AS confidence
FROM (
  SELECT c, t, random() AS d, random() AS k, floor(power(random(), 2) * size)::int AS word
  FROM generate_series(1, {CONVERSATIONS}) c, generate_series(1, {EACH}) t,
    (SELECT count(*) AS size FROM wordings) counted OFFSET 0
) drawn JOIN wordings w ON w.number = word
"""
_ID = "'{}' || lpad(n::text, 9, '0')"
_THREAD = "'v' || lpad(c::text, 9, '0'), 'c' || lpad(c::text, 9, '0')"
_EVERY = f"generate_series(1, {CONVERSATIONS}) c"
_RANKING = (
    "json_build_array(json_build_object('intent', intent, 'confidence', confidence),"
    " json_build_object('intent', 'track_order', 'confidence', 1 - confidence))"
)
_DOUBT = (
    "CASE WHEN outcome = 'misunderstood' THEN 1 WHEN reason IN ('low_confidence', 'out_of_scope')"
    " THEN 0.9 WHEN outcome = 'handed_off' OR confidence >= 0.75 THEN 0 ELSE 1 - confidence END"
)
_CHANCE = "('x' || substr(md5({}::text), 1, 7))::bit(28)::int"
_HANDED = "bool_or(outcome = 'handed_off')"
_ENDED = "at < now() - interval '1 day'"
FILL = (
    _MADE,
    f"INSERT INTO customers (id, created_at) SELECT 'c' || lpad(c::text, 9, '0'), now()"
    f" FROM {_EVERY}",
    "INSERT INTO conversations (id, customer_id, channel, address, state, owner_epoch, queue,"
    f" last_seq, seen_seq, created_at, updated_at) SELECT {_THREAD}, channel, 'a' || c, 'bot', 1,"
    f" 'support', {2 * EACH}, 0, min(at), max(at) FROM made GROUP BY c, channel",
    "INSERT INTO messages (id, conversation_id, customer_id, seq, turn_id, author, text, buttons,"
    f" channel, private, data, created_at) SELECT {_ID.format('m')}, {_THREAD}, 2 * t - 1,"
    f" {_ID.format('t')}, 'customer', text, '[]', channel, false, '{{}}', at FROM made ORDER BY n",
    "INSERT INTO messages (id, conversation_id, customer_id, seq, turn_id, author, text, buttons,"
    f" channel, private, data, created_at) SELECT {_ID.format('mb')}, {_THREAD}, 2 * t,"
    f" {_ID.format('t')}, 'bot', 'Here is what I know of your order.', '[]', channel, false,"
    " '{}', at + interval '1 second' FROM made ORDER BY n",
    "INSERT INTO turns (id, conversation_id, customer_id, message_id, seq, state, attempts,"
    " channel, text, intent, confidence, ranking, entities, outcome, reason, actions, model,"
    f" duration_ms, created_at, finished_at) SELECT {_ID.format('t')}, {_THREAD},"
    f" {_ID.format('m')}, 2 * t - 1, 'done', 1, channel, text, intent, confidence, {_RANKING},"
    ' \'[]\', outcome, reason, \'[{"action": "utter_order", "error": null}]\', model, 12.5, at,'
    " at + interval '1 second' FROM made ORDER BY n",
    "INSERT INTO reviews (turn_id, conversation_id, customer_id, seq, group_id, weight, waiting,"
    f" sampled, second, fate) SELECT {_ID.format('t')}, {_THREAD}, 2 * t - 1, group_id, {_DOUBT},"
    f" true, outcome = 'answered' AND {_CHANCE.format('n')} % 20 = 0, {_CHANCE.format('(-n)')} % 10"
    f" = 0, CASE WHEN outcome <> 'answered' THEN outcome WHEN t < {EACH} THEN 'went_on' END"
    " FROM made ORDER BY n",
    f"INSERT INTO users (id, email, name, role, password_hash, created_at) VALUES ('{LEAD}',"
    f" 'ada@example.org', 'Ada', 'lead', '', now()), ('{OTHER_LEAD}', 'jo@example.org', 'Jo',"
    " 'lead', '', now())",
    "CREATE TEMPORARY TABLE judged AS SELECT turn_id, row_number() OVER () AS place FROM (SELECT"
    " turn_id FROM reviews WHERE sampled OR weight > 0 ORDER BY md5(turn_id) LIMIT"
    f" {LABELLED}) chosen",
    "INSERT INTO labels (id, turn_id, conversation_id, customer_id, user_id, intent, entities,"
    f" batch, created_at) SELECT 'l' || place, id, conversation_id, customer_id, '{LEAD}', intent,"
    " '[]', 'b' || place / 5, finished_at FROM judged JOIN turns ON id = turn_id",
    "INSERT INTO labels (id, turn_id, conversation_id, customer_id, user_id, intent, entities,"
    f" batch, created_at) SELECT 'lx' || place, id, conversation_id, customer_id, '{OTHER_LEAD}',"
    " CASE WHEN place % 5 = 0 THEN 'out_of_scope' ELSE intent END, '[]', 'bx' || place,"
    f" finished_at FROM judged JOIN turns ON id = turn_id WHERE place <= {TWICE}",
    f"UPDATE reviews SET waiting = false, second = second OR place <= {2 * TWICE} FROM judged"
    " WHERE judged.turn_id = reviews.turn_id",
    "INSERT INTO review_groups (id, waiting, score) SELECT group_id, count(*) FILTER (WHERE"
    " waiting), coalesce(sum(weight) FILTER (WHERE waiting), 0) FROM reviews WHERE weight > 0"
    " GROUP BY group_id",
    "UPDATE review_cursor SET finished_at = now()",
    "INSERT INTO wrap_ups (id, conversation_id, customer_id, agent_id, outcome, intent, created_at)"
    f" SELECT {_ID.format('w')}, {_THREAD}, '{LEAD}', 'solved', intent, at FROM made"
    " WHERE outcome = 'handed_off' AND n % 2 = 0",
    "INSERT INTO contact_marks (conversation_id, customer_id, version, seen_at)"
    " SELECT id, customer_id, 1, updated_at FROM conversations",
    "INSERT INTO contacts (id, conversation_id, customer_id, day, channel, intent, model, reason,"
    " started_at, ended_at, messages, turns, by_bot, handed_off, contained, confirmed, assumed,"
    " solved, asked_twice, is_closed, is_ripe, is_repeat, came_back, wait_seconds, reply_seconds,"
    f" handle_seconds, csat) SELECT 'k' || lpad(c::text, 9, '0'), {_THREAD}, at::date, channel,"
    f" intent, model, coalesce(reason, ''), at, at + interval '3 minutes', {2 * EACH}, {EACH},"
    f" true, handed, {_ENDED} AND NOT handed, {_ENDED} AND NOT handed AND c % 3 = 0, {_ENDED} AND"
    f" NOT handed AND c % 3 = 1, {_ENDED} AND handed AND c % 2 = 0, c % 40 = 0, {_ENDED},"
    " at < now() - interval '8 days', c % 12 = 0, c % 15 = 0,"
    " CASE WHEN handed THEN c % 600 END, CASE WHEN handed THEN c % 700 END,"
    " CASE WHEN handed THEN c % 1800 END, CASE WHEN handed AND c % 4 = 0 THEN 1 + c % 5 END FROM"
    " (SELECT c, channel, min(model) AS model, min(at) AT TIME ZONE 'UTC' AT TIME ZONE 'UTC' AS at,"
    f" min(intent) AS intent, min(reason) AS reason, {_HANDED} AS handed FROM made"
    " GROUP BY c, channel) one",
    "INSERT INTO stale_days (day) SELECT DISTINCT day FROM contacts",
)


def wordings() -> list[tuple[int, str, str, str]]:
    """Number, text, intent and review group of each; the first are the most frequent."""
    said = []
    for file in sorted((ROOT / "data" / "nlu").rglob("*.yml")):
        for entry in read_mapping(file, missing="It is part of this repository.").get("nlu", ()):
            lines = entry.get("examples", "").splitlines()
            said += [(line.removeprefix("- "), entry["intent"]) for line in lines if line]
    around = product(OPENINGS, ENDINGS, said[::7])
    texts = {f"{before}{text}{after}": intent for before, after, (text, intent) in around}
    return [(n, text, intent, group_of(text)) for n, (text, intent) in enumerate(texts.items())]


async def fill(server: Postgresql, name: str) -> None:
    """Make the schema in the empty database of that name, and the rows."""
    database = Database(server.url(name))
    connection = await asyncpg.connect(server.url(name))
    try:
        await upgrade(database)
        await connection.execute(
            "SET session_replication_role = replica; SET synchronous_commit = off;"
            " SET work_mem = '128MB'; SET maintenance_work_mem = '512MB'; SELECT setseed(0.5);"
            " CREATE TEMPORARY TABLE wordings (number int, text text, intent text, group_id text)"
        )
        await connection.copy_records_to_table("wordings", records=wordings())
        indexes = await _drop_indexes(connection)
        for statement in FILL:
            await connection.execute(statement)
        for statement in indexes:
            await connection.execute(statement)
        await connection.execute("VACUUM ANALYZE")
        await count_days(database)
        await connection.execute("ANALYZE contact_days")
    finally:
        await connection.close()
        await database.aclose()


async def _drop_indexes(connection: asyncpg.Connection) -> list[str]:
    """All but the primary keys, which ids in order cost little; what makes them again."""
    rows = await connection.fetch(
        "SELECT i.indexrelid::regclass::text AS index, indrelid::regclass::text AS table,"
        " pg_get_indexdef(i.indexrelid) AS made, c.conname,"
        " pg_get_constraintdef(c.oid) AS constraint FROM pg_index i"
        " LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u'"
        " WHERE NOT indisprimary AND indrelid::regclass::text = ANY($1)",
        list(_FILLED),
    )
    again = []
    for row in rows:
        if row["conname"] is None:
            await connection.execute(f"DROP INDEX {row['index']}")
            again.append(row["made"])
        else:
            await connection.execute(f"ALTER TABLE {row['table']} DROP CONSTRAINT {row['conname']}")
            again.append(
                f"ALTER TABLE {row['table']} ADD CONSTRAINT {row['conname']} {row['constraint']}"
            )
    return again
