"""The data folder and what is in it: for this user's eyes."""

from __future__ import annotations

import stat
from pathlib import Path

from bot.operations.finding import Finding, ok, problem, warning
from bot.operations.site import Site

OTHERS = stat.S_IRWXG | stat.S_IRWXO


async def look(site: Site) -> list[Finding]:
    return _rights(site.settings.data_dir)


def _rights(folder: Path) -> list[Finding]:
    """What customers wrote is here: on a machine that others use it is not for them."""
    found = []
    if folder.stat().st_mode & stat.S_IRWXO:
        says = f"Every user of this machine can look into {folder}."
        found.append(warning(says, cure=f"chmod 750 {folder}"))
    key = folder / "secret.key"
    if key.exists() and key.stat().st_mode & OTHERS:
        says = f"Others than its owner can read {key}."
        found.append(problem(says, cure=f"chmod 600 {key}, and use another key if they did."))
    return found or [ok(f"{folder} can be written, and not by everybody.")]
