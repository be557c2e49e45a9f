"""A provider that fails three times in ten: nothing is lost or doubled, and nobody else waits.

How long the others take beside it is measured by `python -m bench.storm`.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import timedelta

import pytest

from bot.messages import Limit, OutboundMessage, Receipt
from bot.sender import SENDS_AT_ONCE
from bot.services import Services
from tests.client import eventually
from tests.conftest import over_both_databases
from tests.contract.test_deliveries import MemoryConnector, delivering, items, states
from tests.provider import FakeProvider, ProviderConnector, provider, write

pytestmark = over_both_databases
ADDRESSES, MESSAGES = 20, 10
OTHERS = 5  # addresses on the other channel
AS_REAL_ONES = Limit(messages_a_second=60, burst=8)
SHARES = {
    "500": 0.09,
    "429": 0.01,
    "429 date": 0.01,
    "hang": 0.045,
    "hang after": 0.045,
    "reset": 0.05,
    "reset after": 0.05,
}
NOTHING_TAKEN = {"500": 0.4, "hang": 0.3, "reset": 0.3}
PATIENCE_SECONDS = 60.0


async def goes_out(services: Services, healthy: FakeProvider) -> None:
    """Messages on the other channel, and their arrival."""
    texts = {f"ben {n}": [f"{n}: {each}" for each in range(MESSAGES)] for n in range(OTHERS)}
    for address, lines in texts.items():
        await write(services, address, *lines, channel="bolt")

    async def arrived() -> bool | None:
        return len(healthy.taken) >= OTHERS * MESSAGES or None

    await eventually(arrived)
    assert {address: healthy.texts(address) for address in texts} == texts


async def test_three_failures_in_ten_lose_and_double_nothing_and_hold_up_no_other_channel(
    pair: tuple[Services, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.attempts.BASE_SECONDS", 0.2)
    # However often it fails before the other channel's are through.
    monkeypatch.setattr("bot.attempts.LONGEST_BACKOFF_SECONDS", 0.5)
    monkeypatch.setattr("bot.attempts.MOST_ATTEMPTS", 1_000)
    monkeypatch.setattr("bot.attempts.LOOK_AFTER", timedelta(seconds=0.3))
    monkeypatch.setattr("bot.sender.LOOK_SECONDS", 0.2)
    services = pair[0]
    texts = {f"ada {n}": [f"{n}: {each}" for each in range(MESSAGES)] for n in range(ADDRESSES)}

    async def all_sent() -> bool | None:
        return set(await states(services)) == {"sent"} or None

    async with (
        provider(shares=NOTHING_TAKEN) as failing,
        provider() as healthy,
        aclosing(ProviderConnector(failing.url, limit=AS_REAL_ONES)) as acme,
        aclosing(ProviderConnector(healthy.url, name="bolt")) as bolt,
        delivering(services, acme, bolt),
    ):
        for address, lines in texts.items():
            await write(services, address, *lines)
        await goes_out(services, healthy)
        assert failing.calls
        assert failing.taken == []
        failing.troubles.extend(SHARES)  # each of them at least once
        failing.shares = SHARES
        await eventually(all_sent, patience=PATIENCE_SECONDS)
    assert set(await states(services)) == {"sent"}
    # Nothing lost, nothing doubled, and in the order of the transcript.
    assert {address: failing.texts(address) for address in texts} == texts
    assert {call.trouble for call in failing.calls} == {"", *SHARES}
    # Those that had their token when the provider said so may still have reached it.
    assert failing.most_early() < SENDS_AT_ONCE


async def test_a_provider_that_only_hangs_holds_up_no_other_channel(
    pair: tuple[Services, ...],
) -> None:
    gate = asyncio.Event()

    class Hanging(MemoryConnector):
        async def send(self, outbound: OutboundMessage) -> Receipt:
            await gate.wait()
            return await super().send(outbound)

    services, hanging = pair[0], Hanging()
    for n in range(ADDRESSES):
        await write(services, f"ada {n}", "one", "two", channel="memory")
    async with (
        provider() as healthy,
        aclosing(ProviderConnector(healthy.url, name="bolt")) as bolt,
        delivering(services, hanging, bolt),
    ):
        await goes_out(services, healthy)
        assert hanging.sent == []
        hung = [item for item in await items(services) if item.channel == hanging.name]
        assert [item.state for item in hung].count("sending") == SENDS_AT_ONCE
        gate.set()
