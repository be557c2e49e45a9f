"""One-time codes, and what a code to an address on file may and may not do."""

from __future__ import annotations

import logging
import math
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest

from bot.clock import new_id, now
from bot.errors import InvalidInput, Refused, TooMany
from bot.intake import receive
from bot.joining import vouched_for
from bot.messages import Delivery, Limit, OutboundMessage, Receipt
from bot.one_time_code import ALPHABET, MOST_ATTEMPTS, code_in, hash_of, new_code, new_digits
from bot.proof import CODES, Place, confirm, count_request, send_code
from bot.records import Identity
from bot.services import Services
from bot.store.schema import upgrade
from tests.processes import EchoAssistant, message, processes

VISITOR = Place("web", "guest:ada")
PHONE = Place("twilio", "+15551230000")


@dataclass
class Phones:
    """A channel that takes what is sent to its numbers, or refuses it."""

    name: str = "twilio"
    delivery: Delivery = "push"
    repeatable: bool = False
    limit: Limit | None = None
    refuses: bool = False
    taken: list[OutboundMessage] = field(default_factory=list)

    async def send(self, outbound: OutboundMessage) -> Receipt:
        if self.refuses:
            raise Refused("blocked")
        self.taken.append(outbound)
        return Receipt("sent", "SM1")

    @property
    def code(self) -> str:
        """What the newest text says."""
        return self.taken[-1].text.partition(" ")[0]


@pytest.fixture
async def services(database_url: str) -> AsyncIterator[Services]:
    async with processes(database_url, EchoAssistant()) as (started,):
        await upgrade(started.database)
        yield started


@pytest.fixture
async def phones(services: Services) -> Phones:
    """The channel, and one customer who writes on it."""
    await receive(services, message("hello", PHONE.address, channel=PHONE.channel))
    return Phones()


async def ask(services: Services, phones: Phones, visitor: Place = VISITOR) -> str:
    """The code that comes of it."""
    await send_code(services, {"twilio": phones}, visitor, PHONE)
    return phones.code


async def one_customer(services: Services) -> bool:
    async with services.database.read() as uow:
        found = [await uow.customers.identity(*place) for place in (VISITOR, PHONE)]
    return len({each.customer_id if each else None for each in found}) == 1


def test_a_code_cannot_be_guessed_or_misread() -> None:
    assert 8 * math.log2(len(ALPHABET)) >= 39
    assert not set(ALPHABET) & set("0O1ILU")
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000
    assert all(code_in(code) == code for code in codes)
    assert all(len(code) == 6 and code.isdecimal() for code in (new_digits() for _ in range(100)))


@pytest.mark.parametrize(
    "text",
    [
        "WL-7KQ3-M9XD",
        "wl-7kq3-m9xd",
        "  WL 7KQ3 M9XD\n",
        "WL–7KQ3–M9XD",  # noqa: RUF001
        "/start WL-7KQ3-M9XD",
    ],
)
def test_a_message_that_is_nothing_but_a_code_is_one(text: str) -> None:
    assert code_in(text) == "WL-7KQ3-M9XD"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "my code is WL-7KQ3-M9XD",
        "WL-7KQ3-M9XD please",
        "WL7KQ3M9XD",
        "WL-7KQ3-M9X",
        "/start",
        "/startWL-7KQ3-M9XD",
        "10432",
        "WL-" * 100_000,
        None,
        7,
    ],
)
def test_any_other_message_is_none(text: object) -> None:
    assert code_in(text) is None


def test_what_is_stored_is_no_code_and_nobody_elses() -> None:
    assert "041873" not in hash_of("041873")
    assert len({hash_of("041873"), hash_of("041873", "guest:a"), hash_of("041873", "guest:b")}) == 3


@pytest.mark.parametrize(
    ("shown_by", "given_to", "becomes"),
    [
        ("anyone", "verified", "verified"),
        ("anyone", "known", "known"),
        ("known", "verified", "verified"),
        ("verified", "anyone", "verified"),
        ("known", "anyone", "known"),
        ("anyone", "anyone", "anyone"),
    ],
)
def test_a_proof_only_ever_raises(shown_by: str, given_to: str, becomes: str) -> None:
    own = Identity(new_id(), "c1", "twilio", "+1", shown_by, "as it was", now())
    other = replace(own, id=new_id(), channel="web", verification=given_to)
    raised = vouched_for(own, other)
    assert raised.verification == becomes
    assert raised.how == ("as it was" if becomes == shown_by else "one-time code from web")


async def test_the_code_goes_to_the_address_and_makes_both_one(
    services: Services, phones: Phones
) -> None:
    code = await ask(services, phones)
    (sent,) = phones.taken
    assert (sent.channel, sent.address, sent.author) == ("twilio", PHONE.address, "system")
    assert sent.heard_at is not None, "for channels that may be written to only for so long"
    await confirm(services, VISITOR, message().claim, code)
    assert await one_customer(services)
    with pytest.raises(InvalidInput):
        await confirm(services, VISITOR, message().claim, code)


async def test_a_code_is_good_for_its_visitor_alone_and_the_newest_counts(
    services: Services, phones: Phones
) -> None:
    first = await ask(services, phones)
    second = await ask(services, phones)
    for visitor, code in ((Place("web", "guest:eve"), second), (VISITOR, first)):
        with pytest.raises(InvalidInput) as refused:
            await confirm(services, visitor, message().claim, code)
        assert refused.value.detail == {"field": "code"}
    await confirm(services, VISITOR, message().claim, second)
    assert await one_customer(services)


async def test_a_code_is_dead_after_so_many_wrong_ones(services: Services, phones: Phones) -> None:
    code = await ask(services, phones)
    for shown in (*["no code"] * MOST_ATTEMPTS, code):
        with pytest.raises(InvalidInput):
            await confirm(services, VISITOR, message().claim, shown)
    assert not await one_customer(services)


async def test_a_visitor_and_an_address_get_only_so_many_codes(
    services: Services, phones: Phones
) -> None:
    for _ in range(CODES.burst):
        await count_request(services, VISITOR)
    with pytest.raises(TooMany) as refused:
        await count_request(services, VISITOR)
    assert 0 < refused.value.retry_after <= 200
    for number in range(CODES.burst + 2):
        await send_code(services, {"twilio": phones}, Place("web", f"guest:{number}"), PHONE)
    assert len(phones.taken) == CODES.burst


async def test_a_code_that_cannot_be_sent_is_said_in_the_log_without_an_address(
    services: Services, phones: Phones, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    phones.refuses = True
    await send_code(services, {"twilio": phones}, VISITOR, PHONE)
    assert "code_not_sent channel=twilio error=Refused" in caplog.text
    phones.refuses = False
    code = await ask(services, phones)
    assert "code_sent channel=twilio" in caplog.text
    assert code not in caplog.text
    assert PHONE.address not in caplog.text
