"""What can go wrong when the shop is asked."""

from __future__ import annotations


class ShopUnavailable(Exception):
    """The shop's data cannot be read now; the conversation needs a person, not a guess."""


class ShopMisconfigured(ShopUnavailable):
    """The shop can never be read like this: what is wrong, where, and the cure."""

    def __init__(self, problem: str, *, where: str, cure: str) -> None:
        super().__init__(f"{where}: {problem}. {cure}")
        self.problem = problem
        self.where = where
        self.cure = cure
