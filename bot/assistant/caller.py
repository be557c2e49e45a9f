"""Who writes, in the message's metadata: as the server vouches for it, and as the shop knows them.

What the shop knows is waited for only where it may change what is said, and not for long.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from actions.context.reading import context_in_time, recognised
from actions.signals import as_json, is_fresh, read_signals
from bot.ledger import Ledger


async def caller_known(
    customer: Mapping[str, Any], ledger: Ledger | None, *, wholly: bool
) -> dict[str, Any]:
    """The caller, recognised by the address they write from if they are; `wholly`: also with their
    name and what the shop just saw of them, newest first."""
    customer = dict(customer)
    owner = await recognised()
    if owner is not None:
        customer = {**customer, "reference": owner, "verification": "known"}
    if not wholly or customer.get("verification") not in ("known", "verified"):
        return customer
    signals = list(read_signals(customer.get("signals")))
    if owner is not None and ledger is not None:
        signals += await ledger.signals(owner)
    context = await context_in_time(customer["reference"])
    if context is not None:
        signals += context.signals
        # A channel's profile may be called anything.
        customer = {**customer, "name": context.customer.name}
    at = datetime.now(timezone.utc)
    fresh = sorted((each for each in signals if is_fresh(each, at)), key=lambda each: each.at)
    return {**customer, "signals": [as_json(each) for each in reversed(fresh)]}
