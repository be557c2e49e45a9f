"""What can go wrong when the shop is asked.

ShopUnavailable
├── NotNow             nothing is wrong with what was asked: the same may succeed soon
│   └── NoAnswer       … and the shop itself seems to be down
├── LeftAlone          it was down a moment ago, and is not asked before it has rested
└── ShopMisconfigured  it can never be read like this: a person has to mend a setting
"""

from __future__ import annotations


class ShopUnavailable(Exception):
    """The shop's data cannot be read now; the conversation needs a person, not a guess."""


class NotNow(ShopUnavailable):
    """The same may succeed later, though not before `retry_after` seconds if the shop said so."""

    def __init__(self, problem: str, *, retry_after: float | None = None) -> None:
        super().__init__(problem)
        self.retry_after = retry_after


class NoAnswer(NotNow):
    """Not reached, broken off, not in time, or an error of the shop's own."""


class LeftAlone(ShopUnavailable):
    """Not even asked: it did not answer lately, and no customer is to wait for that again."""


class ShopMisconfigured(ShopUnavailable):
    """The shop can never be read like this: what is wrong, where, and the cure."""

    def __init__(self, problem: str, *, where: str, cure: str) -> None:
        super().__init__(f"{where}: {problem}. {cure}")
        self.problem = problem
        self.where = where
        self.cure = cure
