"""What `warmline doctor` looks at: a file a subject, one line each in CHECKS."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.operations.checks import (
    channels,
    clock,
    data_folder,
    database,
    disk,
    model,
    people,
    port,
    public_url,
    redis,
    rules,
    secret_key,
    time_zones,
)
from bot.operations.finding import Finding
from bot.operations.site import Site

CHECKS: Mapping[str, Callable[[Site], Awaitable[list[Finding]]]] = {
    "secret key": secret_key.look,
    "data folder": data_folder.look,
    "disk": disk.look,
    "database": database.look,
    "people": people.look,
    "Redis": redis.look,
    "clock": clock.look,
    "model": model.look,
    "rules": rules.look,
    "time zones": time_zones.look,
    "port": port.look,
    "public URL": public_url.look,
    "channels": channels.look,
}
