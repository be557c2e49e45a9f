"""How the database finds its rows: the plan of every statement that was run, and whether it reads a
whole large table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import Database

# Tables with a row for everything that ever happened; the others stay small.
LARGE = frozenset(
    ("customers", "identities", "conversations", "messages", "turns", "outbox", "trackers")
)
PLANNED = ("SELECT", "UPDATE", "DELETE")


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement, the lines of its plan, and the large tables that it reads from end to end."""

    statement: str
    lines: tuple[str, ...]
    scanned: frozenset[str]


@dataclass(slots=True)
class Heard:
    """Statements with the values that they were first run with."""

    statements: dict[str, Any] = field(default_factory=dict)


@contextmanager
def listening(database: Database) -> Iterator[Heard]:
    """Note every statement that reads or changes rows inside the block."""
    heard = Heard()

    def note(
        _connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool
    ) -> None:
        if statement.lstrip().startswith(PLANNED):
            heard.statements.setdefault(statement, values)

    engines = (database.writer.sync_engine, database.reader.sync_engine)
    for engine in engines:
        event.listen(engine, "after_cursor_execute", note)
    try:
        yield heard
    finally:
        for engine in engines:
            event.remove(engine, "after_cursor_execute", note)


async def explain(engine: AsyncEngine, heard: Heard) -> list[Plan]:
    """The plan of each statement; nothing is changed."""
    found = []
    sqlite = engine.dialect.name == "sqlite"
    explaining = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
    scanned = scanned_by_sqlite if sqlite else scanned_by_postgresql
    async with engine.connect() as connection:
        for statement, values in heard.statements.items():
            rows = await connection.exec_driver_sql(f"{explaining} {statement}", values)
            lines = tuple(str(row[-1]).strip() for row in rows)
            found.append(Plan(statement, lines, scanned(statement, lines)))
        await connection.rollback()
    return found


def scanned_by_sqlite(statement: str, lines: tuple[str, ...]) -> frozenset[str]:
    """Large tables after SCAN: through an index a page of them may be read, if it has an end."""
    found = set()
    for line in lines:
        words = line.split()
        if words[0] == "SCAN" and words[1] in LARGE:
            in_order = "USING" in words and "LIMIT" in statement
            if not in_order:
                found.add(words[1])
    return frozenset(found)


def scanned_by_postgresql(_statement: str, lines: tuple[str, ...]) -> frozenset[str]:
    """Large tables after `Seq Scan on`."""
    found = set()
    for line in lines:
        _, is_scan, rest = line.partition("Seq Scan on ")
        if is_scan and rest.split()[0] in LARGE:
            found.add(rest.split()[0])
    return frozenset(found)
