"""The site's database as it is: whoever looks must not migrate."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.operations.site import Site
from bot.store.database import Database, parse_url
from bot.store.schema import revision_of
from bot.store.unusable import OPENING_ERRORS, unusable


def absent(site: Site) -> str | None:
    """The SQLite file that is not there yet, if so: opening would make it. Raises SetupError."""
    url = parse_url(site.settings.database_url)
    if url.get_backend_name() != "sqlite" or Path(url.database or "").exists():
        return None
    return url.database


@asynccontextmanager
async def opened(site: Site) -> AsyncIterator[Database]:
    """Raises SetupError when it cannot be reached."""
    database = Database(site.settings.database_url)
    try:
        await revision_of(database)
        yield database
    except OPENING_ERRORS as error:
        raise unusable(database.url, error) from error
    finally:
        await database.aclose()
