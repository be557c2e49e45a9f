"""A provider that fails three times in ten, seen by the whole program: nobody else notices."""

from __future__ import annotations

import asyncio
import time
from statistics import quantiles

import pytest

from tests.contract.test_delivery_storm import SHARES
from tests.faults.crowd import QUESTION, Customer
from tests.faults.deployment import Deploy, Deployment, deploy, project, refunding

__all__ = ["deploy", "project", "refunding"]

FAILING, HEALTHY = "acme", "blind"
PEOPLE, QUESTIONS = 5, 8  # on each channel, and of each of them
PAUSE_SECONDS = 0.5
MOST_SLOWER = 1.2
NOISE_SECONDS = 0.1  # of a busy machine


async def ask(customer: Customer, after: float) -> None:
    """Ask at regular times, answered or not."""
    await asyncio.sleep(after)
    for _ in range(QUESTIONS):
        await customer.say(QUESTION)
        await asyncio.sleep(PAUSE_SECONDS)


async def p95(shop: Deployment) -> float:
    """Of seconds from a message on the healthy channel to its answer at the provider."""
    since = time.time()
    people = [shop.customer(channel) for _ in range(PEOPLE) for channel in (FAILING, HEALTHY)]
    step = PAUSE_SECONDS / len(people)
    await asyncio.gather(*(ask(each, step * number) for number, each in enumerate(people)))
    found = await shop.settled()
    stored = {line.id: line.created_at.timestamp() for line in found.said.values()}
    answers = {line.id: line for lines in found.answers.values() for line in lines}
    waits = [
        call.at - stored[answers[call.reference].in_reply_to]
        for call in shop.providers[HEALTHY].taken
        if call.at > since
    ]
    assert len(waits) == PEOPLE * QUESTIONS
    slow: float = quantiles(waits, n=20)[-1]
    return slow


async def test_a_failing_provider_is_waited_for_and_slows_no_other_channel(
    deploy: Deploy, capsys: pytest.CaptureFixture[str]
) -> None:
    async with deploy() as shop:
        alone = await p95(shop)
        failing = shop.providers[FAILING]
        failing.shares = SHARES
        beside = await p95(shop)
        reckoning = shop.reckon(await shop.settled())
    with capsys.disabled():
        print(f"\n  p95 {alone:.3f} s alone, {beside:.3f} s beside one that fails, {reckoning}")
    assert (reckoning.lost, reckoning.sends_lost, reckoning.sends_doubled) == (0, 0, 0)
    assert reckoning.sends_unknown == 0
    assert {call.trouble for call in failing.calls} > {""}
    assert failing.early() == []
    assert beside < max(MOST_SLOWER * alone, alone + NOISE_SECONDS)
