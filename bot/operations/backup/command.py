"""What `warmline backup` and `warmline restore` say when they are done."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.operations.backup.making import back_up
from bot.operations.backup.manifest import MODELS, PROJECT, Manifest
from bot.operations.backup.restoring import restore
from bot.settings import Settings

MIB = 1024 * 1024


def run_backup(settings: Settings, to: Path) -> None:
    """Raises SetupError."""
    manifest = asyncio.run(back_up(settings, to))
    print(f"{to}: {to.stat().st_size / MIB:.1f} MiB, {_contents(manifest)}.")
    print("Not in it: WARMLINE_SECRET_KEY, credentials.yml, endpoints.yml; keep those elsewhere.")
    print("It holds every conversation and is not encrypted: encrypt it before it leaves here.")


def run_restore(settings: Settings, archive: Path, *, replace: bool) -> None:
    """Raises SetupError."""
    manifest = asyncio.run(restore(settings, archive, replace=replace))
    print(f"As of {manifest.made_at}: {_contents(manifest)}.")
    print("Erase again whoever was erased since then (docs/operations.md), then `warmline doctor`.")


def _contents(manifest: Manifest) -> str:
    models = sum(name.startswith(f"{MODELS}/") for name in manifest.files)
    files = sum(name.startswith(f"{PROJECT}/") for name in manifest.files)
    return f"the database (schema {manifest.schema}), {models} models, {files} files of the project"
