"""A provider that fails three times in ten: nothing is lost or doubled, and nobody else waits."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from statistics import quantiles

import pytest

from bot.messages import Limit, OutboundMessage, Receipt
from bot.sender import SENDS_AT_ONCE
from bot.services import Services
from tests.client import eventually
from tests.conftest import over_both_databases
from tests.contract.test_deliveries import MemoryConnector, delivering, items, states
from tests.contract.test_deliveries import pair as pair
from tests.provider import FakeProvider, ProviderConnector, provider, write

pytestmark = over_both_databases
ADDRESSES, MESSAGES = 20, 10
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
SEED = 7  # draws each of them in the first hundred calls or so
PATIENCE_SECONDS = 60.0


async def p95(services: Services, healthy: FakeProvider, seconds: float) -> float:
    """Of seconds from a commit to the provider, for messages written now and then."""
    before, ends = len(healthy.calls), time.monotonic() + seconds
    written: dict[str, float] = {}
    while time.monotonic() < ends:
        text = f"{len(written)} {ends}"
        await write(services, f"ben {len(written) % 10}", text, channel="bolt")
        written[text] = time.time()
        await asyncio.sleep(0.03)

    async def arrived() -> bool | None:
        return len(healthy.calls) >= before + len(written) or None

    await eventually(arrived)
    waits = [call.at - written[call.text] for call in healthy.calls[before:]]
    return quantiles(waits, n=20)[-1]


def say(capsys: pytest.CaptureFixture[str], alone: float, beside: float, what: str) -> None:
    with capsys.disabled():
        print(f"\n  p95 {alone:.3f} s alone, {beside:.3f} s beside a channel that {what}")


async def test_three_failures_in_ten_lose_and_double_nothing_and_slow_no_other_channel(
    pair: tuple[Services, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bot.attempts.BASE_SECONDS", 0.2)
    monkeypatch.setattr("bot.attempts.LOOK_AFTER", timedelta(seconds=0.3))
    monkeypatch.setattr("bot.sender.LOOK_SECONDS", 0.2)
    services = pair[0]
    texts = {f"ada {n}": [f"{n}: {each}" for each in range(MESSAGES)] for n in range(ADDRESSES)}

    async def all_sent() -> bool | None:
        return set(await states(services)) == {"sent"} or None

    async with provider(shares=SHARES, seed=SEED) as failing, provider() as healthy:
        acme = ProviderConnector(failing.url, limit=AS_REAL_ONES)
        bolt = ProviderConnector(healthy.url, name="bolt")
        async with delivering(services, acme, bolt):
            alone = await p95(services, healthy, 1.5)
            for address, lines in texts.items():
                await write(services, address, *lines)
            beside = await p95(services, healthy, 2.5)
            await eventually(all_sent, patience=PATIENCE_SECONDS)
        await acme.aclose()
        await bolt.aclose()
    say(capsys, alone, beside, "fails")
    assert set(await states(services)) == {"sent"}
    # Nothing lost, nothing doubled, and in the order of the transcript.
    assert {address: failing.texts(address) for address in texts} == texts
    assert {call.trouble for call in failing.calls} == {"", *SHARES}
    assert failing.early() == []
    assert beside < max(3 * alone, 0.1)


async def test_a_provider_that_only_hangs_slows_no_other_channel(
    pair: tuple[Services, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    gate = asyncio.Event()

    class Hanging(MemoryConnector):
        async def send(self, outbound: OutboundMessage) -> Receipt:
            await gate.wait()
            return await super().send(outbound)

    services, hanging = pair[0], Hanging()
    for n in range(ADDRESSES):
        await write(services, f"ada {n}", "one", "two", channel="memory")
    async with provider() as healthy:
        bolt = ProviderConnector(healthy.url, name="bolt")
        async with delivering(services, bolt):
            alone = await p95(services, healthy, 1.0)
        async with delivering(services, hanging, bolt):
            beside = await p95(services, healthy, 1.0)
            assert hanging.sent == []
            hung = [item for item in await items(services) if item.channel == hanging.name]
            assert [item.state for item in hung].count("sending") == SENDS_AT_ONCE
            gate.set()
        await bolt.aclose()
    say(capsys, alone, beside, "hangs")
    assert beside < max(3 * alone, 0.1)
