"""`warmline restore`: all of a back-up where nothing is yet, brought to this version's schema."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.accounts import open_database
from bot.auditing import audit
from bot.errors import SetupError
from bot.model_files import sha256_of
from bot.operations.backup import postgresql_dump, sqlite_copy
from bot.operations.backup.archive import unpack
from bot.operations.backup.manifest import MODELS, PROJECT, Manifest
from bot.settings import Settings
from bot.store.database import Database
from bot.store.schema import newest_revision, revision_of
from bot.store.unusable import OPENING_ERRORS, shown, unusable

SET_ASIDE = ".replaced"
MOST_NAMED = 5


async def restore(settings: Settings, archive: Path, *, replace: bool) -> Manifest:
    """Put back everything. Raises SetupError, and has changed nothing then, for a damaged archive,
    one of a newer version, and where something else is, unless that is to be replaced."""
    with TemporaryDirectory(dir=settings.data_dir, prefix=".warmline-restore-") as folder:
        unpacked = Path(folder)
        manifest = await asyncio.to_thread(unpack, archive, unpacked)
        if manifest.schema > newest_revision():
            raise SetupError(
                f"a newer Warmline ({manifest.warmline}) made it",
                where=str(archive),
                cure="Restore it with that version or a later one.",
            )
        database = Database(settings.database_url)
        try:
            with database.served_alone():
                await _check_free(settings, database, manifest, unpacked, replace=replace)
                await _put_database(database, unpacked / manifest.database, replace=replace)
        except OPENING_ERRORS as error:
            raise unusable(database.url, error) from error
        finally:
            await database.aclose()
        await asyncio.to_thread(_put_files, settings, manifest, unpacked)
    async with open_database(settings.database_url) as migrated, migrated.write() as uow:
        details = {"schema": manifest.schema, "made_at": manifest.made_at}
        await audit(uow, "backup.restored", manifest.id, by=None, details=details)
    return manifest


async def _check_free(
    settings: Settings, database: Database, manifest: Manifest, unpacked: Path, *, replace: bool
) -> None:
    where = f"WARMLINE_DATABASE_URL ({shown(database.url)})"
    engine = database.url.get_backend_name()
    if engine != manifest.engine:
        cure = f"Name an empty {manifest.engine} database."
        raise SetupError(f"the back-up is of {manifest.engine}", where=where, cure=cure)
    if replace:
        return
    cure = "Name another database or folder, or say --replace: then what is there is lost."
    path = Path(database.url.database or "")
    there = engine != "sqlite" or await asyncio.to_thread(path.exists)
    if there and await revision_of(database) is not None:
        raise SetupError("there is data in it already", where=where, cure=cure)
    different = await asyncio.to_thread(lambda: list(_different(settings, manifest)))
    if different:
        names = ", ".join(different[:MOST_NAMED]) + (" …" if len(different) > MOST_NAMED else "")
        problem = f"there are other files than the back-up's: {names}"
        raise SetupError(problem, where=str(settings.project.resolve()), cure=cure)


def _different(settings: Settings, manifest: Manifest) -> Iterator[str]:
    for name, path in _places(settings, manifest):
        if path.exists() and sha256_of(path) != manifest.files[name]:
            yield name
    yield from (f"{MODELS}/{model.name}" for model in _other_models(settings, manifest))


def _other_models(settings: Settings, manifest: Manifest) -> list[Path]:
    """Models that the back-up does not know: the newest would be live instead of its own."""
    found = sorted(settings.models.glob("*.tar.gz"))
    return [model for model in found if f"{MODELS}/{model.name}" not in manifest.files]


def _places(settings: Settings, manifest: Manifest) -> Iterator[tuple[str, Path]]:
    for name in manifest.files:
        kind, _, rest = name.partition("/")
        if kind == MODELS:
            yield name, settings.models / rest
        elif kind == PROJECT:
            yield name, settings.project / rest


async def _put_database(database: Database, copied: Path, *, replace: bool) -> None:
    if database.url.get_backend_name() == "sqlite":
        await asyncio.to_thread(sqlite_copy.check, copied)
        await database.aclose()  # no connection of ours stays with the old file
        await asyncio.to_thread(sqlite_copy.put, copied, Path(database.url.database or ""))
        return
    if replace:
        await postgresql_dump.empty(database)
    await asyncio.to_thread(postgresql_dump.put, copied, database.url)


def _put_files(settings: Settings, manifest: Manifest, unpacked: Path) -> None:
    for model in _other_models(settings, manifest):
        model.rename(model.with_name(model.name + SET_ASIDE))
    for name, path in _places(settings, manifest):
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(unpacked / name, path)  # with its time: the newest model is live
