"""`warmline retention`: deletes what was kept long enough, or says how much that would be."""

from __future__ import annotations

from bot.accounts import open_database
from bot.clock import now
from bot.errors import SetupError
from bot.privacy.policy_file import PolicyFile
from bot.privacy.retention import count_due, delete_due
from bot.settings import Settings


async def retain(settings: Settings, *, dry_run: bool) -> None:
    """Print a line for each kind of data. Raises SetupError without a `privacy.yml`."""
    path = settings.project / "privacy.yml"
    policy = PolicyFile(path, settings.public_url).load()
    if policy is None:
        raise SetupError(
            "the file is missing", where=str(path), cure="See docs/howto/privacy.md for what it is."
        )
    async with open_database(settings.database_url) as database:
        if dry_run:
            numbers = await count_due(database, policy, at=now())
        else:
            numbers = await delete_due(database, policy, at=now(), actor="operator")
    shown = {kind: number for kind, number in numbers.items() if number}
    for kind, number in shown.items():
        print(f"{number:>9,}  {kind.replace('_', ' ')}")
    if not shown:
        print("Nothing is due.")
