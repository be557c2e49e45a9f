"""Redis, where there is one: it only coordinates, so nothing in it has to last."""

from __future__ import annotations

from typing import Any

from bot.errors import SetupError
from bot.operations.finding import Finding, ok, problem, refused, warning
from bot.operations.site import Site
from bot.redis_link import RedisLink, shown
from bot.store.database import parse_url

OLDEST = (6, 2)


async def look(site: Site) -> list[Finding]:
    url = site.settings.redis_url
    if url is None:
        return _alone(site)
    try:
        link = RedisLink(url)
        try:
            with link.refusals():
                server = await link.commands.info()
        finally:
            await link.aclose()
    except SetupError as error:
        return [refused(error)]
    return [ok(f"{shown(url)} answers, Redis {server['redis_version']}."), *_fit(server)]


def _alone(site: Site) -> list[Finding]:
    try:
        shared = parse_url(site.settings.database_url).get_backend_name() != "sqlite"
    except SetupError:
        shared = False
    if shared:
        says = "There is none: one process serves, and another only takes over when it dies."
        return [warning(says, cure="Set WARMLINE_REDIS_URL before you start a second process.")]
    return [ok("There is none, and one process on SQLite needs none.")]


def _fit(server: dict[str, Any]) -> list[Finding]:
    found = []
    version = tuple(int(part) for part in str(server["redis_version"]).split(".")[:2])
    if version < OLDEST:
        found.append(problem("It is too old.", cure="Use Redis 6.2 or later."))
    if server.get("role") not in (None, "master"):
        found.append(problem("It is a replica.", cure="Name the first server, which takes writes."))
    if str(server.get("maxmemory_policy", "noeviction")) != "noeviction":
        says = f"It forgets keys when it is full ({server['maxmemory_policy']})."
        cure = "Set maxmemory-policy noeviction: a turn's bell or a limit could be forgotten."
        found.append(warning(says, cure=cure))
    if server.get("aof_enabled"):
        says = "It writes everything to disk (appendonly yes), which Warmline does not need."
        found.append(warning(says, cure="Set appendonly no, unless others keep data in it."))
    return found or [ok("It forgets nothing while it runs, and needs no disk.")]
