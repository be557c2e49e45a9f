"""Whether a sum lies within what the bot may decide by itself."""

from __future__ import annotations

from decimal import Decimal

from actions import wording
from actions.policy import Policy


def beyond(policy: Policy, amount: Decimal, currency: str, most: Decimal) -> str | None:
    """Why a person decides about the sum, in words for them; None where the bot may.

    Limits are in the shop's currency: what a sum in another one comes to, nobody here knows.
    """
    if currency != policy.currency:
        return f"the bot's limit is in {policy.currency}, not in {currency}"
    if amount > most:
        return f"above {wording.money(most, currency)}, the bot's limit"
    return None
