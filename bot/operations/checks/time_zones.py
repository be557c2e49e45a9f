"""Time zones: opening hours need the machine's own list of them."""

from __future__ import annotations

from zoneinfo import available_timezones

from bot.errors import SetupError
from bot.operations.finding import Finding, ok, problem
from bot.operations.site import Site
from bot.rules_file import load_rules


async def look(site: Site) -> list[Finding]:
    if not available_timezones():
        cure = "Install the system's `tzdata` package, or `uv add tzdata`."
        return [problem("This machine knows no time zones.", cure=cure)]
    try:
        queues = load_rules(site.settings.project / "handoff.yml").queues.values()
    except SetupError:
        return []  # told as the rules'
    zones = sorted({queue.hours.time_zone for queue in queues if queue.hours})
    return [ok(f"Known here: {', '.join(zones)}.")] if zones else []
