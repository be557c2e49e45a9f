"""Everything that is held of one person as a zip: JSON for programs, a page for people, and files.

It is written to a file, a page of rows at a time, so that a long history takes no more memory than
a short one; packing is left to a thread.
"""

from __future__ import annotations

import asyncio
import base64
import json
import zipfile
from collections.abc import AsyncIterator, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.clock import iso, now
from bot.erasure.readable_page import ReadablePage
from bot.erasure.words import title_of
from bot.errors import NotFound
from bot.store.database import Database, UnitOfWork
from bot.store.personal import OUTLIVING, Person, personal_tables
from bot.store.tables import files, metadata

FORMAT = "warmline-customer-export"
VERSION = 1  # raised when a program that reads the older one would misread this one
MANIFEST, PAGE = "export.json", "index.html"


async def write_export(database: Database, customer_id: str, path: Path) -> dict[str, int]:
    """Write it to `path`, as everything is at one moment; how many rows of each table. Raises
    NotFound for nobody."""
    async with database.read() as uow:
        person = await uow.personal.person(customer_id)
        if person is None:
            raise NotFound("There is no such customer.")
        await asyncio.to_thread(path.touch, mode=0o600)  # nobody else on this machine reads it
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            counts = {}
            for table in exported_tables():
                counts[table.name] = await _write_table(uow, person, archive, table)
            names = await _write_files(uow, person, archive)
            await _write_page(uow, person, archive, counts, names)
            await asyncio.to_thread(_write_manifest, archive, person, counts)
    return counts


def exported_tables() -> list[sa.Table]:
    """Every table that can say something of a person, in the order in which people would ask."""
    outliving = [metadata.tables[name] for name in sorted(OUTLIVING)]
    return [*(one for one in personal_tables() if one.name not in OUTLIVING), *outliving]


async def _write_table(
    uow: UnitOfWork, person: Person, archive: zipfile.ZipFile, table: sa.Table
) -> int:
    """As a list of objects, one a line."""
    count = 0
    with archive.open(f"data/{table.name}.json", "w", force_zip64=True) as entry:
        entry.write(b"[")
        async for page in uow.personal.pages(table, person):
            text = ",".join(f"\n{one}" for one in _as_json(page))
            await asyncio.to_thread(entry.write, f"{',' if count else ''}{text}".encode())
            count += len(page)
        entry.write(b"\n]\n")
    return count


async def _write_files(uow: UnitOfWork, person: Person, archive: zipfile.ZipFile) -> dict[str, str]:
    """Each as it was sent; the names they have in the archive."""
    names = {}
    async for page in uow.personal.pages(files, person):
        for row in page:
            names[row["id"]] = name = f"files/{row['id']}-{_safe(row['name'])}"
            body = await uow.personal.body(row["id"])
            await asyncio.to_thread(archive.writestr, name, body)
    return names


async def _write_page(
    uow: UnitOfWork,
    person: Person,
    archive: zipfile.ZipFile,
    counts: dict[str, int],
    names: dict[str, str],
) -> None:
    page = ReadablePage(counts, names)
    with archive.open(PAGE, "w", force_zip64=True) as entry:

        async def write(parts: AsyncIterator[str]) -> None:
            async for part in parts:
                await asyncio.to_thread(entry.write, part.encode())

        entry.write(page.head(now()).encode())
        await write(page.transcripts(uow, person))
        for table in exported_tables():
            if counts[table.name] and table.name not in page.in_transcripts:
                await write(page.table(table.name, uow.personal.pages(table, person)))
        entry.write(page.foot().encode())


def _write_manifest(archive: zipfile.ZipFile, person: Person, counts: dict[str, int]) -> None:
    content = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": iso(now()),
        "customer_ids": list(person.customer_ids),
        "data": [
            {"table": name, "about": title_of(name), "file": f"data/{name}.json", "rows": rows}
            for name, rows in counts.items()
        ],
        "not_held": [
            "What customers send beside words stays with the channel's provider; the reference to"
            " it is among the messages.",
            "What the shop itself knows is the shop's to give out.",
        ],
    }
    archive.writestr(MANIFEST, json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def _as_json(page: list[dict[str, Any]]) -> Iterator[str]:
    for row in page:
        yield json.dumps(row, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    """Moments in ISO 8601 and UTC, days likewise, bytes in base64."""
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(type(value).__name__)


def _safe(name: str) -> str:
    """A file's name that is one on every system."""
    kept = "".join(one if one.isalnum() or one in " ._-()" else "_" for one in name)
    return kept.strip(". ") or "file"
