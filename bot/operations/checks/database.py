"""The database: there, of this version's schema, and writable."""

from __future__ import annotations

import sqlalchemy as sa

from bot.errors import SetupError
from bot.operations.finding import Finding, ok, problem, refused, warning
from bot.operations.opened import absent, opened
from bot.operations.site import Site
from bot.store.database import Database
from bot.store.schema import newest_revision, revision_of
from bot.store.unusable import shown

UPGRADE = "Run `warmline db upgrade` (`serve` does it too, at its start); make a back-up before."


async def look(site: Site) -> list[Finding]:
    try:
        missing = absent(site)
        if missing:
            cure = "The first start makes it, and so does `warmline db upgrade`."
            return [warning(f"There is no {missing} yet.", cure=cure)]
        async with opened(site) as database:
            return [
                ok(f"{shown(database.url)} answers, {await _version(database)}."),
                *await _schema(database),
            ]
    except SetupError as error:
        return [refused(error)]


async def _version(database: Database) -> str:
    lite = database.url.get_backend_name() == "sqlite"
    ask = sa.text("SELECT sqlite_version()" if lite else "SHOW server_version")
    async with database.reader.connect() as connection:
        version = (await connection.execute(ask)).scalar_one()
    return f"{'SQLite' if lite else 'PostgreSQL'} {version}"


async def _schema(database: Database) -> list[Finding]:
    current, newest = await revision_of(database), newest_revision()
    if current is None:
        return [problem("It is empty: no schema of ours is in it.", cure=UPGRADE)]
    if current > newest:
        cure = "Start the newer Warmline that wrote it, or restore a back-up made before."
        return [
            problem(f"Its schema ({current}) is newer than this Warmline ({newest}).", cure=cure)
        ]
    if current < newest:
        return [problem(f"Its schema is {current}; this Warmline's is {newest}.", cure=UPGRADE)]
    try:
        await database.check()
    except Exception as error:
        says = f"It can be read and not written ({type(error).__name__})."
        cure = "Look for a full disk, a standby, a read-only file, or a user without the rights."
        return [problem(says, cure=cure)]
    return [ok(f"Its schema is this version's ({newest}), and it can be written.")]
