"""`warmline backup`: database, models and the project's files, while everything is served."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.auditing import audit
from bot.clock import iso, new_id, now
from bot.errors import SetupError
from bot.model_files import sha256_of
from bot.operations.backup import postgresql_dump, sqlite_copy
from bot.operations.backup.archive import write_archive
from bot.operations.backup.manifest import FORMAT, MODELS, PROJECT, Manifest
from bot.settings import Settings
from bot.store.database import Database
from bot.store.schema import newest_revision, revision_of
from bot.store.unusable import OPENING_ERRORS, shown, unusable

# What people change as they go. Not credentials.yml, nor endpoints.yml, which may hold keys too.
FILES = ("config.yml", "domain.yml", "handoff.yml", "privacy.yml")
FOLDERS = ("data",)


async def back_up(settings: Settings, to: Path) -> Manifest:
    """Write the archive `to`. Raises SetupError when it exists, or anything cannot be read."""
    await asyncio.to_thread(_check_target, to)
    database = Database(settings.database_url)
    try:
        schema = await _schema(database)
        id_ = new_id()
        if schema == newest_revision():
            # Before an upgrade the table may be another; then the back-up is made all the same.
            async with database.write() as uow:
                await audit(uow, "backup.made", id_, by=None, details={"schema": schema})
        return await asyncio.to_thread(_write, settings, database, to, id_, schema)
    except OPENING_ERRORS as error:
        raise unusable(database.url, error) from error
    finally:
        await database.aclose()


def _check_target(to: Path) -> None:
    if to.exists():
        cure = "Name a file that is not there yet, or delete that one."
        raise SetupError("there is something already", where=str(to), cure=cure)
    if not to.parent.is_dir():
        cure = "Make that folder first, or name another."
        raise SetupError("there is no folder for it", where=str(to), cure=cure)


async def _schema(database: Database) -> str:
    path = Path(database.url.database or "")
    lite = database.url.get_backend_name() == "sqlite"
    there = not lite or await asyncio.to_thread(path.exists)
    schema = await revision_of(database) if there else None
    if schema is None:
        raise SetupError(
            "there is no data in it",
            where=f"WARMLINE_DATABASE_URL ({shown(database.url)})",
            cure="Name the database that is served.",
        )
    return schema


def _write(settings: Settings, database: Database, to: Path, id_: str, schema: str) -> Manifest:
    engine = database.url.get_backend_name()
    # Beside the archive: where that fits, so does the copy.
    with TemporaryDirectory(dir=to.parent, prefix=".warmline-backup-") as folder:
        if engine == "sqlite":
            copied = Path(folder, sqlite_copy.NAME)
            sqlite_copy.copy(Path(database.url.database or ""), copied)
        else:
            copied = Path(folder, postgresql_dump.NAME)
            postgresql_dump.dump(database.url, copied)
        files = {copied.name: copied, **dict(_files(settings))}
        manifest = Manifest(
            id=id_,
            format=FORMAT,
            warmline=version("warmline"),
            schema=schema,
            made_at=iso(now()),
            engine=engine,
            database=copied.name,
            files={name: sha256_of(path) for name, path in files.items()},
        )
        write_archive(to, manifest, files)
    return manifest


def _files(settings: Settings) -> Iterator[tuple[str, Path]]:
    for model in sorted(settings.models.glob("*.tar.gz")):
        yield f"{MODELS}/{model.name}", model.resolve()
    for name in FILES:
        if (settings.project / name).is_file():
            yield f"{PROJECT}/{name}", (settings.project / name).resolve()
    for folder in FOLDERS:
        for path in sorted((settings.project / folder).rglob("*")):
            if path.is_file():
                within = path.relative_to(settings.project).as_posix()
                yield f"{PROJECT}/{within}", path.resolve()
