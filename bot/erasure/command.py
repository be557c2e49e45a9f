"""`warmline customer export` and `warmline customer erase`.

They work on the database that a server uses at the same time. With Redis its processes are told at
once; without, they look every few seconds.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.accounts import open_database
from bot.coordination import coordinated
from bot.erasure.eraser import Eraser
from bot.erasure.giving_out import FoundPerson, find_people, give_out
from bot.erasure.keys import ErasureKey
from bot.errors import SetupError
from bot.learning.registry import Registry
from bot.records import Erasure
from bot.settings import Settings, load_settings
from bot.store.database import Database

DEMO_KEY = "secret.key"  # in the data folder; the demo makes one for itself
LEFT_OVER = (
    "What remains: back-ups and archived logs of the database, until they are replaced; the shop's"
    " own data; exports and label files that people keep elsewhere, and the history of the"
    " project's files (docs/howto/customer-data.md)."
)


def settings_of(options: Mapping[str, str | None]) -> Settings:
    """The settings, with the key of the server that takes messages in: it knows erased ones by it.
    Raises SetupError without one."""
    is_given = options.get("secret_key") or os.environ.get("WARMLINE_SECRET_KEY")
    folder = options.get("data_dir") or os.environ.get("WARMLINE_DATA_DIR") or "var"
    is_demo = not is_given and (Path(folder) / DEMO_KEY).exists()
    return load_settings(options, demo=is_demo, project=Path())


async def export(settings: Settings, who: str, output: Path | None) -> None:
    """Write what is held of one person to a file. Raises SetupError unless it is one."""
    async with open_database(settings.database_url) as database:
        person = await _one(database, who)
        path = output or Path(f"customer-{person.id}.zip")
        rows = await give_out(database, person.id, path, by=None)
    print(f"{rows} rows of {_described(person)} are in {path}.")
    print("Open index.html in it, or read docs/howto/customer-data.md for the JSON beside it.")


async def erase(settings: Settings, who: str, *, sure: bool) -> None:
    """Show whom it is about, ask, erase, and print the receipt."""
    async with (
        open_database(settings.database_url) as database,
        coordinated(settings.redis_url) as shared,
    ):
        key = ErasureKey(settings.secret_key)
        await _check_key(database, key)
        person = await _one(database, who)
        print(_described(person))
        if not sure and not _confirmed():
            print("Nothing was erased.")
            return
        registry = Registry(database, shared.bus, settings.models)
        eraser = Eraser(registry, key, settings.project, settings.data_dir)
        receipt = await eraser.erase(person.id, by=None)
        async with database.read() as uow:
            live = await uow.models.live()
    _print_receipt(receipt)
    if live is not None and live.id in receipt.models:
        print(
            f"The live model {live.id} learnt from it and is to be replaced: a serving process"
            " trains another within a minute, or `warmline train --labels` does; then promote it."
        )


async def _check_key(database: Database, key: ErasureKey) -> None:
    async with database.read() as uow:
        serving = await uow.erasures.served_under()
    if serving not in (None, key.itself()):
        raise SetupError(
            "it is not the key that this database was served with last: what is erased would come"
            " back with a late retry, and no receipt would be found",
            where="WARMLINE_SECRET_KEY",
            cure="Give the server's own key, or start the server once with the new one.",
        )


async def _one(database: Database, who: str) -> FoundPerson:
    found = await find_people(database, who)
    if len(found) == 1:
        return found[0]
    if not found:
        raise SetupError(
            "nobody is known by that",
            where=who,
            cure="Give a customer's id, the shop's reference, an e-mail address, or"
            " channel:address, such as twilio:+15551234567.",
        )
    raise SetupError(
        f"{len(found)} different people are known by that",
        where=who,
        cure="Give the id of one: " + "; ".join(_described(one) for one in found) + ".",
    )


def _described(person: FoundPerson) -> str:
    main = person.main
    known = [main.name or "a customer without a name", f"id {main.id}"]
    known += [f"reference {main.reference}"] if main.reference else []
    known += [main.email] if main.email else []
    known += [f"{one.channel}:{one.address}" for one in person.identities]
    return f"{', '.join(known)} ({person.conversations} conversations)"


def _confirmed() -> bool:
    print("Everything that is held of them will be gone for good. Type erase to go on: ", end="")
    sys.stdout.flush()
    return sys.stdin.readline().strip() == "erase"


def _print_receipt(receipt: Erasure) -> None:
    print(f"Erased. The receipt is {receipt.id}.")
    for name, count in sorted(receipt.counts.items()):
        print(f"  {name:<18} {count}")
    if receipt.models:
        print(f"Models that had learnt from it: {', '.join(receipt.models)}")
    print(LEFT_OVER)
