"""This machine's clock, held against the other clocks that it works with."""

from __future__ import annotations

from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

import sqlalchemy as sa

from bot.clock import now
from bot.errors import SetupError
from bot.operations.asking import HEALTHZ, NoAnswer, asked
from bot.operations.finding import Finding, ok, problem, warning
from bot.operations.opened import opened
from bot.operations.site import Site
from bot.redis_link import RedisLink
from bot.store.database import parse_url

NOTICED_SECONDS = 2.0  # the Date header has whole seconds
HARMFUL_SECONDS = 30.0
CURE = "Let every machine's clock follow NTP (chrony, systemd-timesyncd): `timedatectl` says."


async def look(site: Site) -> list[Finding]:
    others = {
        "the database": await _of_database(site),
        "Redis": await _of_redis(site),
        "the public URL": await _of_public_url(site),
    }
    found = [_compared(name, seconds) for name, seconds in others.items() if seconds is not None]
    return found or [
        ok(f"It is {now():%Y-%m-%d %H:%M:%S} UTC here; there is no other clock to ask.")
    ]


def _compared(name: str, seconds: float) -> Finding:
    says = f"This machine's clock and that of {name} are {abs(seconds):.1f} s apart."
    if abs(seconds) > HARMFUL_SECONDS:
        return problem(says, cure=CURE)
    return warning(says, cure=CURE) if abs(seconds) > NOTICED_SECONDS else ok(says)


async def _of_database(site: Site) -> float | None:
    try:
        if parse_url(site.settings.database_url).get_backend_name() == "sqlite":
            return None  # in this process, by this clock
        async with opened(site) as database, database.reader.connect() as connection:
            before = now()
            there = (await connection.execute(sa.text("SELECT clock_timestamp()"))).scalar_one()
            return _apart(there, before)
    except SetupError:
        return None


async def _of_redis(site: Site) -> float | None:
    if site.settings.redis_url is None:
        return None
    try:
        link = RedisLink(site.settings.redis_url)
    except SetupError:
        return None
    try:
        await link.commands.ping()  # so that no connection is made meanwhile
        before = now()
        seconds, microseconds = await link.commands.time()
    except Exception:
        return None
    finally:
        await link.aclose()
    there = datetime.fromtimestamp(int(seconds) + int(microseconds) / 1e6, timezone.utc)
    return _apart(there, before)


async def _of_public_url(site: Site) -> float | None:
    if site.offline:
        return None
    try:
        before = now()
        answer = await asked(site.settings.public_url + HEALTHZ)
        told = parsedate_to_datetime(answer.headers.get("Date", ""))
    except (NoAnswer, TypeError, ValueError):
        return None
    return _apart(told, before)


def _apart(there: datetime, before: datetime) -> float:
    """How far, not counting what asking took: it was somewhen between asking and now."""
    if there < before:
        return (before - there).total_seconds()
    return max((there - now()).total_seconds(), 0.0)
