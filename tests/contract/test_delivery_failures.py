"""What becomes of a message when its provider refuses, is busy, goes silent, or when we die."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from bot import attempts
from bot.clock import now
from bot.coordination import coordinated
from bot.messages import Limit, OutboundMessage, Receipt
from bot.sender import SENDS_AT_ONCE
from bot.sending import send, take
from bot.services import Services
from tests.client import eventually
from tests.conftest import over_both_databases
from tests.contract.test_deliveries import (
    delivering,
    due,
    items,
    settled,
    states,
)
from tests.provider import (
    BlindConnector,
    FakeProvider,
    ProviderConnector,
    provider,
    provider_id,
    write,
)
from tests.redis_server import RedisServer

pytestmark = over_both_databases


@pytest.fixture
async def acme() -> AsyncIterator[FakeProvider]:
    async with provider() as listening:
        yield listening


@pytest.fixture
async def connector(acme: FakeProvider) -> AsyncIterator[ProviderConnector]:
    opened = ProviderConnector(acme.url)
    yield opened
    await opened.aclose()


@pytest.fixture
async def blind(acme: FakeProvider) -> AsyncIterator[BlindConnector]:
    opened = BlindConnector(acme.url)
    yield opened
    await opened.aclose()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seconds become tenths."""
    monkeypatch.setattr("bot.attempts.BASE_SECONDS", 0.1)
    monkeypatch.setattr("bot.attempts.LOOK_AFTER", timedelta(seconds=0.2))
    monkeypatch.setattr("bot.sender.LOOK_SECONDS", 0.1)


def counted(outcome: str, channel: str = "acme") -> float:
    labels = {"channel": channel, "outcome": outcome}
    return REGISTRY.get_sample_value("warmline_sends_total", labels) or 0.0


async def test_a_refusal_ends_a_message_at_once_and_the_next_goes_on(
    pair: tuple[Services, ...],
    acme: FakeProvider,
    connector: ProviderConnector,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await write(pair[0], "+4477", "refused words", "fine")
    acme.troubles.append("400")
    async with delivering(pair[0], connector):
        await settled(pair[0], "dead", "sent")
    refused, sent = await items(pair[0])
    assert (refused.error, refused.attempts, refused.next_attempt_at) == ("http_400", 1, None)
    assert (sent.error, sent.provider_id) == (None, provider_id(sent.message_id))
    assert [call.text for call in acme.calls] == ["refused words", "fine"]
    assert "http_400" in caplog.text
    assert "words" not in caplog.text
    assert "+4477" not in caplog.text


async def test_a_failure_is_tried_again_and_holds_those_behind_it(
    pair: tuple[Services, ...], acme: FakeProvider, connector: ProviderConnector, quick: None
) -> None:
    await write(pair[0], "ada", "one", "two")
    await write(pair[0], "ben", "three")
    acme.troubles.extend(["500", "500", "500"])
    async with delivering(pair[0], connector):
        await settled(pair[0], "sent", "sent", "sent")
    assert acme.texts("ada") == ["one", "two"]
    assert acme.texts("ben") == ["three"]
    assert len(acme.calls) == 6


async def test_a_provider_that_cannot_be_reached_is_tried_again(
    pair: tuple[Services, ...], acme: FakeProvider, quick: None
) -> None:
    nobody = BlindConnector("http://127.0.0.1:9/messages")
    await write(pair[0], "ada", "hello")
    async with delivering(pair[0], nobody):

        async def tried_twice() -> bool | None:
            (item,) = await items(pair[0])
            return item.attempts >= 2 or None

        await eventually(tried_twice)
    (item,) = await items(pair[0])
    assert (item.state, item.error) == ("pending", "unreachable")
    await nobody.aclose()


@pytest.mark.parametrize("trouble", ["429", "429 date"])
async def test_after_429_the_whole_channel_waits_as_long_as_it_was_told(
    pair: tuple[Services, ...],
    acme: FakeProvider,
    connector: ProviderConnector,
    quick: None,
    trouble: str,
) -> None:
    await write(pair[0], "ada", "one", "two")
    acme.troubles.append(trouble)
    acme.retry_after = 2
    async with delivering(pair[0], connector):

        async def told() -> bool | None:
            return bool(acme.calls) or None

        await eventually(told)
        await settled(pair[0], "pending", "pending")
        await write(pair[0], "ben", "three")
        await settled(pair[0], "sent", "sent", "sent")
    first, *others = acme.calls
    assert [call.text for call in others if call.to == "ada"] == ["one", "two"]
    assert all(call.at >= first.until for call in others)


async def test_with_redis_another_process_waits_too(
    pair: tuple[Services, ...], acme: FakeProvider, connector: ProviderConnector, redis: RedisServer
) -> None:
    acme.troubles.append("429")
    async with coordinated(redis.url) as one, coordinated(redis.url) as two:
        here, there = replace(pair[0], limits=one.limits), replace(pair[1], limits=two.limits)
        await write(here, "ada", "one")
        async with delivering(here, connector):

            async def told() -> bool | None:
                return await one.limits.take("acme", None) > 0 or None

            await eventually(told)
        await write(there, "ben", "two")
        async with delivering(there, connector):
            await settled(there, "sent", "sent")
    first, *others = acme.calls
    assert {call.text for call in others} == {"one", "two"}
    assert all(call.at >= first.until for call in others)


async def test_a_channels_limit_is_kept_and_holds_no_lease(
    pair: tuple[Services, ...], acme: FakeProvider
) -> None:
    limited = ProviderConnector(acme.url, limit=Limit(messages_a_second=10, burst=2))
    for n in range(SENDS_AT_ONCE):
        await write(pair[0], f"address {n}", "hello")
    most_in_hand = 0
    try:
        async with delivering(pair[0], limited):
            while len(acme.taken) < SENDS_AT_ONCE:
                most_in_hand = max(most_in_hand, (await states(pair[0])).count("sending"))
            await settled(pair[0], *["sent"] * SENDS_AT_ONCE)
    finally:
        await limited.aclose()
    assert acme.calls[-1].at - acme.calls[0].at > 0.5
    assert most_in_hand < SENDS_AT_ONCE


@pytest.mark.parametrize("trouble", ["hang after", "reset after"])
async def test_what_arrived_although_its_answer_was_lost_is_found_and_not_repeated(
    pair: tuple[Services, ...],
    acme: FakeProvider,
    connector: ProviderConnector,
    quick: None,
    trouble: str,
) -> None:
    lost, found = counted("unknown"), counted("found")
    await write(pair[0], "ada", "one", "two")
    acme.troubles.append(trouble)
    async with delivering(pair[0], connector), delivering(pair[1], connector):
        await settled(pair[0], "sent", "sent")
    assert acme.texts() == ["one", "two"]
    assert len(acme.calls) == 2
    assert [item.provider_id for item in await items(pair[0])] == [
        provider_id(call.reference) for call in acme.taken
    ]
    assert (counted("unknown"), counted("found")) == (lost + 1, found + 1)


@pytest.mark.parametrize("trouble", ["hang", "reset"])
async def test_what_surely_never_arrived_is_sent_again_before_those_behind_it(
    pair: tuple[Services, ...],
    acme: FakeProvider,
    connector: ProviderConnector,
    quick: None,
    trouble: str,
) -> None:
    await write(pair[0], "ada", "one", "two")
    acme.troubles.append(trouble)
    acme.looks_fail = 2
    async with delivering(pair[0], connector), delivering(pair[1], connector):
        await settled(pair[0], "sent", "sent")
    assert acme.texts() == ["one", "two"]
    assert len(acme.looks) == 3


async def test_where_nobody_can_look_it_stays_unknown_and_those_behind_it_go_on(
    pair: tuple[Services, ...], acme: FakeProvider, blind: BlindConnector, quick: None
) -> None:
    before = counted("unknown")
    await write(pair[0], "ada", "one", "two")
    acme.troubles.append("reset after")
    async with delivering(pair[0], blind):
        await settled(pair[0], "unknown", "sent")
    assert [item.next_attempt_at for item in await items(pair[0])] == [None, None]
    assert await due(pair[0], "acme") == []
    assert acme.texts() == ["one", "two"]
    assert counted("unknown") == before + 1


async def test_an_error_nobody_foresaw_counts_as_a_lost_answer(
    pair: tuple[Services, ...], acme: FakeProvider
) -> None:
    class Broken(BlindConnector):
        async def send(self, outbound: OutboundMessage) -> Receipt:
            await super().send(outbound)
            raise KeyError("id")

    broken = Broken(acme.url)
    await write(pair[0], "ada", "one")
    async with delivering(pair[0], broken):
        await settled(pair[0], "unknown")
    assert len(acme.calls) == 1
    await broken.aclose()


async def test_looking_ends_after_some_hours(
    pair: tuple[Services, ...],
    acme: FakeProvider,
    connector: ProviderConnector,
    quick: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.attempts.LOOK_FOR", timedelta(seconds=1))
    monkeypatch.setattr("bot.attempts.HELD_BACK", timedelta(seconds=0.5))
    await write(pair[0], "ada", "one", "two")
    acme.troubles.append("reset after")
    acme.looks_fail = 1000
    async with delivering(pair[0], connector):
        await settled(pair[0], "unknown", "sent")

        async def ended() -> bool | None:
            return (await items(pair[0]))[0].next_attempt_at is None or None

        await eventually(ended)
    assert acme.looks
    assert await due(pair[0], "acme") == []


async def test_what_a_dead_process_had_in_hand_is_unknown_within_five_seconds_and_found(
    pair: tuple[Services, ...],
    acme: FakeProvider,
    connector: ProviderConnector,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.attempts.LOOK_AFTER", timedelta(seconds=0.5))
    await write(pair[0], "ada", "one", "two")
    (item,) = await due(pair[0], "acme")
    assert await take(pair[0], item)
    # The provider has accepted it, and our process died before it could write that down.
    await connector.send(OutboundMessage(item.message_id, "acme", "ada", "bot", "one"))
    async with delivering(pair[1], connector):

        async def noticed() -> bool | None:
            return (await items(pair[1]))[0].state == "unknown" or None

        await eventually(noticed)
        await settled(pair[1], "sent", "sent")
    assert acme.texts() == ["one", "two"]
    assert [call.text for call in acme.calls] == ["one", "two"]


async def test_a_process_taken_for_dead_still_says_what_it_knows(
    pair: tuple[Services, ...], acme: FakeProvider, blind: BlindConnector
) -> None:
    await write(pair[0], "ada", "one")
    acme.troubles.append("slow")

    class Frozen(BlindConnector):
        """Its process stands still in the middle of a send, until another has given it up."""

        async def send(self, outbound: OutboundMessage) -> Receipt:
            receipt = await super().send(outbound)
            (item,) = await items(pair[1])
            async with pair[1].database.write() as uow:
                assert await uow.outbox.change(item, attempts.answer_lost(self, item, "x"))
            return receipt

    frozen = Frozen(acme.url)
    async with delivering(pair[0], frozen):
        await settled(pair[0], "sent")
    assert len(acme.calls) == 1
    await frozen.aclose()


async def test_a_process_that_stood_still_before_it_sent_sends_nothing(
    pair: tuple[Services, ...], acme: FakeProvider, blind: BlindConnector
) -> None:
    (message_id,) = await write(pair[0], "ada", "one")
    (item,) = await due(pair[0], "acme")
    taken = await take(pair[0], item)
    assert taken is not None
    frozen = replace(taken, next_attempt_at=now() - timedelta(seconds=1))
    outbound = OutboundMessage(message_id, "acme", "ada", "bot", "one")
    await send(pair[0], blind, frozen, outbound)
    assert acme.calls == []
    await send(pair[0], blind, taken, outbound)
    assert acme.texts() == ["one"]


async def test_the_last_of_its_tries_makes_it_dead_and_the_next_goes_on(
    pair: tuple[Services, ...],
    acme: FakeProvider,
    connector: ProviderConnector,
    quick: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.attempts.MOST_ATTEMPTS", 3)
    await write(pair[0], "ada", "one", "two")
    acme.troubles.extend(["500"] * 3)
    async with delivering(pair[0], connector):
        await settled(pair[0], "dead", "sent")
    assert [call.text for call in acme.calls] == ["one", "one", "one", "two"]
