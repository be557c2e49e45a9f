"""Demo shops for tests: in any database, and with what is wrong in them."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from ruamel.yaml import YAML
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from actions.context import tables
from actions.context.demo import demo_rows
from actions.context.sql import SqlShop, load_mapping
from actions.context.sql.mapping import DEMO

NOW = datetime(2026, 6, 5, 12, tzinfo=timezone.utc)
ROWS = demo_rows(NOW)
REFERENCES = [row["reference"] for row in ROWS[tables.customers]]
NUMBERS = [row["number"] for row in ROWS[tables.orders]]


async def fill(url: str, statements: str = "") -> None:
    """Write the demo shop of NOW into a database, or run these statements in it instead."""
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+asyncpg")
    engine = create_async_engine(address)
    async with engine.begin() as connection:
        for statement in filter(str.strip, statements.split(";")):
            await connection.exec_driver_sql(statement)
        if not statements:
            await connection.run_sync(tables.metadata.create_all)
            for table, rows in ROWS.items():
                if rows:
                    await connection.execute(sa.insert(table), rows)
    await engine.dispose()


def alter(url: str, statement: str) -> None:
    """Change something in a shop's SQLite file."""
    with sqlite3.connect(make_url(url).database or "") as connection:
        assert connection.execute(statement).rowcount > 0
    connection.close()


@asynccontextmanager
async def opened(url: str, mapping: Path | None = None, **how: float) -> AsyncIterator[SqlShop]:
    """The shop in this database, closed afterwards."""
    shop = SqlShop(url, load_mapping(mapping) if mapping else None, **how)
    try:
        yield shop
    finally:
        await shop.aclose()


def demo_mapping() -> dict[str, Any]:
    """The demo shop's own mapping, as it is written."""
    content: dict[str, Any] = YAML(typ="safe").load(DEMO.read_text(encoding="utf-8"))
    return content


def mapping_with(folder: Path, *, without: str | None = None, **changed: Any) -> Path:
    """The same with some keys changed, and one left out."""
    content = {**demo_mapping(), **changed}
    content.pop(without or "", None)
    path = folder / "sql.yml"
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(content, file)
    return path
