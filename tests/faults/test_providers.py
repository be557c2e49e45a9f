"""A provider that fails three times in ten, seen by the whole program: nobody else notices."""

from __future__ import annotations

import asyncio

from bot.sender import SENDS_AT_ONCE
from tests.client import eventually
from tests.contract.test_delivery_storm import NOTHING_TAKEN, SHARES
from tests.faults.crowd import QUESTION, Customer
from tests.faults.deployment import Deploy, deploy, project, refunding

__all__ = ["deploy", "project", "refunding"]

FAILING, HEALTHY = "acme", "blind"
PEOPLE, QUESTIONS = 5, 2  # on each channel, and of each of them


async def ask(customer: Customer) -> None:
    """One question after the other, answered or not."""
    for _ in range(QUESTIONS):
        await customer.say(QUESTION)


async def test_a_failing_provider_is_waited_for_and_holds_up_no_other_channel(
    deploy: Deploy,
) -> None:
    async with deploy() as shop:
        failing, healthy = shop.providers[FAILING], shop.providers[HEALTHY]
        failing.shares = NOTHING_TAKEN

        async def all_heard() -> bool | None:
            return len(healthy.taken) >= PEOPLE * QUESTIONS or None

        people = [shop.customer(channel) for _ in range(PEOPLE) for channel in (FAILING, HEALTHY)]
        await asyncio.gather(*(ask(each) for each in people))
        await eventually(all_heard)
        assert failing.taken == []
        failing.troubles.append("429")
        failing.shares = SHARES
        reckoning = shop.reckon(await shop.settled())
    assert (reckoning.lost, reckoning.sends_lost, reckoning.sends_doubled) == (0, 0, 0)
    assert reckoning.sends_unknown == 0
    assert {call.trouble for call in failing.calls} > {""}
    assert failing.most_early() < SENDS_AT_ONCE
