"""`handoff.yml`, and `privacy.yml` where there is one: read as the server reads them."""

from __future__ import annotations

from bot.errors import SetupError
from bot.operations.finding import Finding, ok, refused
from bot.operations.site import Site
from bot.rules_file import load_rules
from bot.yaml_file import read_mapping


async def look(site: Site) -> list[Finding]:
    found = []
    path = site.settings.project / "handoff.yml"
    try:
        rules = load_rules(path)
        found.append(ok(f"handoff.yml is right; {len(rules.queues)} queues."))
    except SetupError as error:
        found.append(refused(error))
    privacy = site.settings.project / "privacy.yml"
    if privacy.exists():
        try:
            read_mapping(privacy, missing="")
            found.append(ok("privacy.yml can be read."))
        except SetupError as error:
            found.append(refused(error))
    return found
