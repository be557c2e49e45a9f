"""The secret key: everything that is signed or derived hangs on it."""

from __future__ import annotations

import math
from collections import Counter

from bot.operations.finding import Finding, ok, warning
from bot.operations.site import Site

ENOUGH_BITS = 128
CURE = (
    "Make one with `python -c 'import secrets; print(secrets.token_urlsafe(48))'`. Changing it"
    " signs visitors out, and gives webhooks new secrets."
)


async def look(site: Site) -> list[Finding]:
    if not site.has_own_key:
        return []  # told with the settings
    bits = _bits(site.settings.secret_key)
    if bits < ENOUGH_BITS:
        return [warning("The secret key repeats itself and could be guessed.", cure=CURE)]
    return [ok("The secret key is long, and looks random.")]


def _bits(key: str) -> float:
    """How surprising the characters are, taken one by one: words and repetitions are not."""
    counts = Counter(key).values()
    surprise = -sum(count / len(key) * math.log2(count / len(key)) for count in counts)
    return surprise * len(key)
