"""What can go wrong when the shop is asked."""

from __future__ import annotations


class ShopUnavailable(Exception):
    """The shop's data cannot be read now; the conversation needs a person, not a guess."""
