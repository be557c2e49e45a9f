"""How much space is left for data and models; PostgreSQL's disk is its own machine's to watch."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.errors import SetupError
from bot.operations.finding import Finding, ok, problem, warning
from bot.operations.site import Site
from bot.store.database import parse_url

MIB = 1024 * 1024
LEAST_MIB = 500
LITTLE_MIB = 5_000


async def look(site: Site) -> list[Finding]:
    return _look(_folders(site))


def _folders(site: Site) -> list[Path]:
    folders = [site.settings.data_dir, site.settings.models]
    try:
        url = parse_url(site.settings.database_url)
    except SetupError:
        return folders  # told as the database's
    if url.get_backend_name() == "sqlite" and url.database:
        folders.append(Path(url.database).parent)
    return folders


def _look(folders: list[Path]) -> list[Finding]:
    disks = {folder.stat().st_dev: folder for folder in reversed(folders) if folder.exists()}
    return [_space(folder) for folder in disks.values()]


def _space(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free // MIB
    says = f"{free:,} MiB are free where {folder} is."
    cure = "Make room: a full disk stops every answer (nothing acknowledged is lost)."
    if free < LEAST_MIB:
        return problem(says, cure=cure)
    return warning(says, cure=cure) if free < LITTLE_MIB else ok(says)
