"""The secret key: everything that is signed or derived hangs on it."""

from __future__ import annotations

from bot.access.secret_key import weakness
from bot.operations.finding import Finding, ok, problem
from bot.operations.site import Site

CURE = (
    "Make one with `python -c 'import secrets; print(secrets.token_urlsafe(48))'`. Changing it"
    " signs visitors out, and gives webhooks new secrets."
)


async def look(site: Site) -> list[Finding]:
    if not site.has_own_key:
        return []  # told with the settings
    weak = weakness(site.settings.secret_key)
    if weak is not None:
        return [problem(f"The secret key could be guessed: it is {weak}.", cure=CURE)]
    return [ok("The secret key is long, and looks random.")]
