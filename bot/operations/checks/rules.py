"""`handoff.yml`, and `privacy.yml` where there is one: read as the server reads them."""

from __future__ import annotations

from bot.errors import SetupError
from bot.operations.finding import Finding, ok, refused
from bot.operations.site import Site
from bot.privacy.policy_file import PolicyFile
from bot.rules_file import load_rules
from connectors import CONNECTORS


async def look(site: Site) -> list[Finding]:
    found = []
    path = site.settings.project / "handoff.yml"
    try:
        rules = load_rules(path)
        found.append(ok(f"handoff.yml is right; {len(rules.queues)} queues."))
    except SetupError as error:
        found.append(refused(error))
    privacy = PolicyFile(site.settings.project / "privacy.yml", site.settings.public_url)
    try:
        privacy.check(CONNECTORS)
        if privacy.load() is not None:
            found.append(ok("privacy.yml is right."))
    except SetupError as error:
        found.append(refused(error))
    return found
