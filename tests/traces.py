"""A customer with words that nobody else has, in every table there is, and looking for them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import new_id, now
from bot.services import Services
from bot.store.personal import OUTLIVING, Person, personal_tables, rows_of
from bot.store.strays import Strays, stray_rows
from bot.store.tables import UtcDateTime, metadata, notices

NAME, EMAIL, REFERENCE = "Quillonvex Thrummbard", "quillonvex@thrummbard.test", "ZQX-99417"
PHONE, VISITOR = "+15557770199", "guest:zyxxvisitor"
SECOND_PHONE, STRAY = "+15557770288", "my zyxxladder strays flumberous"  # in another's conversation
SAID, NOTE, ANSWER = "my zyxxkettle sings flumberous", "zyxxnote", "we mend a zyxxanswer of [name]"
FILE, MARK = "zyxxfile", "zyxxmark"
_SAMPLES = "SELECT most_common_vals::text, histogram_bounds::text FROM pg_stats"
NO_WORDS = frozenset({"channel", "intent", "model", "reason", "state", "kind"})  # names of ours
WORDS = (*NAME.split(), EMAIL, REFERENCE, PHONE, SECOND_PHONE, VISITOR, "zyxx", "flumberous")


async def fill_the_rest(services: Services, person: Person, ids: dict[str, str]) -> None:
    """A row of theirs in every table that has none; `ids` are rows to point to, by table."""
    for table in personal_tables():
        if table.name in OUTLIVING:
            continue  # what is written there names nobody
        async with services.database.writer.begin() as connection:
            counted = sa.select(sa.func.count()).select_from(table).where(rows_of(table, person))
            if (await connection.execute(counted)).scalar_one() == 0:
                await _put(connection, table, ids)


async def fill_strays(services: Services, strays: Strays, ids: dict[str, str]) -> None:
    """A row that hangs on a stray of theirs in every table that can have one and has none."""
    about = {"number": 8, "facts": {"message_id": ids["messages"]}}
    place = {"channel": "whatsapp", "address": SECOND_PHONE}
    filled = set()
    for table in personal_tables():
        changed: dict[str, Any] = {
            name: f"{MARK}2" for name in ("key", "code_hash") if name in table.c
        }
        changed |= about if table is notices else {}
        changed |= place if "address" in table.c else {}
        async with services.database.writer.begin() as connection:
            theirs = stray_rows(table, strays)
            counted = sa.select(sa.func.count()).select_from(table).where(theirs)
            is_empty = (await connection.execute(counted)).scalar_one() == 0
            if is_empty and not isinstance(theirs, sa.False_):
                await _put(connection, table, ids, **changed)
                assert (await connection.execute(counted)).scalar_one(), table.name
                filled.add(table.name)
    # Found by their address alone.
    assert filled >= {"blocks", "one_time_codes", "surveys"}
    whole: dict[str, Any] = {"number": 9, "event": "handoff_requested", "facts": {}, "error": None}
    async with services.database.writer.begin() as connection:
        await _put(connection, notices, ids, **whole)  # its body says what both said


async def _put(
    connection: AsyncConnection, table: sa.Table, ids: dict[str, str], **changed: object
) -> None:
    row = {column.name: _value(column, ids) for column in table.c}
    if {"channel", "address"} <= row.keys():
        row |= {"channel": "twilio", "address": PHONE}
    row |= changed
    if table.name == "early_receipts":
        row["reference"] = ids["outbox"]
    if "id" in row:
        row["id"] = new_id() if isinstance(table.c.id.type, sa.String) else 1
    try:
        await connection.execute(table.insert().values(row))
    except IntegrityError as error:
        raise AssertionError(f"{table.name}: {error.orig}") from error


def _value(column: sa.Column[Any], ids: dict[str, str]) -> Any:
    targets = [key.column.table.name for key in column.foreign_keys]
    named = {"conversation_id": "conversations", "turn_id": "turns", "customer_id": "customers"}
    target = targets[0] if targets else named.get(column.name)
    if target is not None:
        return ids[target]
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return now()
    if isinstance(kind, sa.Date):
        return date(2026, 3, 1)
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, sa.JSON):
        return [{"said": MARK}]
    if isinstance(kind, sa.LargeBinary):
        return MARK.encode()
    if isinstance(kind, sa.String):
        return "plain" if column.name in NO_WORDS else MARK
    return 7


async def found_in_database(services: Services, words: Iterable[str]) -> list[str]:
    """Where in which column of which table each of these words is, also in what indexes and
    statistics keep."""
    found = []
    is_sqlite = services.database.url.get_backend_name() == "sqlite"
    async with services.database.reader.connect() as connection:
        texts: dict[str, list[str]] = {}
        for table in metadata.tables.values():
            for row in await connection.execute(sa.select(table)):
                for name, one in row._mapping.items():
                    texts.setdefault(f"{table.name}.{name}", []).append(_text(one))
        if not is_sqlite:
            kept = await connection.exec_driver_sql(_SAMPLES)
            texts["pg_stats"] = [_text(tuple(row)) for row in kept]
        for place, rows in texts.items():
            found += [f"{word} in {place}" for word in words if _is_in(word, rows)]
    if is_sqlite:
        terms = await asyncio.to_thread(_terms, Path(services.database.url.database or ""))
        found += [f"{word} among the words" for word in words if _is_in(word.split()[0], terms)]
    return found


def _terms(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'search_words', 'row')"
        )
        return [row[0] for row in connection.execute("SELECT term FROM words")]


def found_in_files(folder: Path, words: Iterable[str]) -> list[str]:
    """The files below the folder that have these words among their bytes."""
    return [
        f"{word} in {path.relative_to(folder)}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for content in [path.read_bytes().lower()]
        for word in words
        if word.lower().encode() in content
    ]


def _is_in(word: str, texts: list[str]) -> bool:
    return any(word.lower() in text.lower() for text in texts)


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
