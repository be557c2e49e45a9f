"""Killed at any moment, again and again, while customers write on the widget and a provider's
channel: in the end everything adds up.

    pytest tests/faults/test_random_kills.py --kills 50 -s
"""

from __future__ import annotations

import asyncio
import random

import pytest

from bot.retry import MOST_ATTEMPTS
from tests.conftest import over_both_databases
from tests.faults.crowd import CHANNELS
from tests.faults.deployment import Deploy, Deployment, deploy, project, refunding

__all__ = ["deploy", "project", "refunding"]

MEAN_SECONDS = 0.4  # from ready to the kill


async def kill_one_after_the_other(shop: Deployment, kills: int, chance: random.Random) -> None:
    for _ in range(kills):
        program = chance.choice(shop.programs)
        await asyncio.sleep(chance.expovariate(1 / MEAN_SECONDS))
        program.kill()
        await program.start_again()


@over_both_databases
@pytest.mark.timeout(1200)
async def test_killed_at_random_everything_adds_up(
    deploy: Deploy, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    kills: int = request.config.getoption("--kills")
    chance = random.Random(kills)  # noqa: S311
    async with deploy() as shop:
        customers = [shop.customer(channel) for channel in CHANNELS]
        chatting = asyncio.gather(*(customer.chat(chance) for customer in customers))
        await kill_one_after_the_other(shop, kills, chance)
        shop.over.set()
        await chatting
        found = await shop.settled()
        reckoning, doubled = shop.reckon(found), await shop.doubled_web_lines()
        longest = max(wait for customer in customers for wait in customer.waits)
    with capsys.disabled():
        print(f"\n  {kills} kills, longest wait {longest:.1f} s, {doubled=}, {reckoning}")
    assert (reckoning.lost, reckoning.doubled_turns, doubled) == (0, 0, 0)
    assert reckoning.refunds_made == reckoning.refunds_wanted > 0
    assert reckoning.refunds_wrong == 0
    assert (reckoning.sends_lost, reckoning.sends_doubled) == (0, 0)
    # Only a turn in which a process died each time is given up, and then a person has it.
    assert reckoning.dead_letters == 0 or kills >= MOST_ATTEMPTS
    assert reckoning.handed_over == 0 or reckoning.dead_letters > 0
