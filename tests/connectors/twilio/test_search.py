"""Finding what was sent when the answer was lost: ours is never missed, another's never taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest

from bot.errors import AnswerLost, NotNow, SendFailed
from bot.messages import Button
from connectors.twilio.search import TRIAL, found
from simulator.base import answering
from tests.connectors.twilio.account import ADA, SERVICE, Account, account, outbound

TEXT = "Sorry, I did not understand."


def listed(seconds: float, *, body: str = TEXT) -> dict[str, Any]:
    """A message that Twilio created so many seconds from now, with that for its id."""
    at = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    return {"sid": f"{seconds}", "body": body, "date_created": format_datetime(at)}


@pytest.mark.parametrize(
    ("created", "sid"),
    [
        ([], None),
        ([-1], "-1"),
        ([-300], None),  # the same thing, said before
        ([-300, -15], "-15"),
        ([-85, -18], "-18"),
        ([-30, -15], "-15"),
    ],
)
def test_it_is_the_one_since_it_was_written(created: list[float], sid: str | None) -> None:
    message = outbound(TEXT, age=timedelta(seconds=20))
    assert found(message.id, TEXT, [listed(seconds) for seconds in created]) == sid
    noise = [listed(-10, body="Sorry, I did not understand"), listed(-10, body="")]
    assert found(message.id, TEXT, [*noise, *map(listed, created)]) == sid


@pytest.mark.parametrize("created", [[-15, -10], [-15, -14, -300], [-30], [-70, -40]])
def test_several_that_may_be_it_are_none_that_is(created: list[float]) -> None:
    message = outbound(TEXT, age=timedelta(seconds=20))
    with pytest.raises(AnswerLost) as raised:
        found(message.id, TEXT, [listed(seconds) for seconds in created])
    assert raised.value.code == "several_alike"


def test_what_was_written_just_now_may_not_be_listed_yet() -> None:
    message = outbound(TEXT, age=timedelta(seconds=3))
    with pytest.raises(AnswerLost) as raised:
        found(message.id, TEXT, [])
    assert raised.value.code == "not_listed_yet"
    assert found(message.id, TEXT, [listed(0)]) == "0"


def test_what_a_trial_account_puts_before_it_is_not_its_own() -> None:
    assert found(outbound(TEXT).id, TEXT, [listed(0, body=TRIAL + TEXT)]) == "0"


async def test_a_message_whose_answer_was_lost_is_found(twilio: Account) -> None:
    connector, message = twilio.connector(), outbound(TEXT)
    twilio.lose = [True]
    with pytest.raises(AnswerLost):
        await connector.send(message)
    for looking in (connector, twilio.connector()):
        receipt = await looking.look(message)
        assert receipt is not None
        assert (receipt.state, receipt.provider_id) == ("sent", twilio.provider.taken[0].id)


async def test_a_message_that_never_arrived_is_known_to_be_missing(twilio: Account) -> None:
    connector = twilio.connector()
    await connector.send(outbound("something else"))
    assert await connector.look(outbound(TEXT)) is None
    assert (
        await connector.look(replace(outbound("something else"), address="+447700900124")) is None
    )


async def test_the_same_text_sent_before_is_not_taken_for_it(twilio: Account) -> None:
    connector, first, second = twilio.connector(), outbound(TEXT), outbound(TEXT)
    await connector.send(first)
    assert await connector.look(second) is None  # though its own clock may be behind
    twilio.lose = [True]
    with pytest.raises(AnswerLost):
        await connector.send(second)
    receipt = await connector.look(second)
    assert receipt is not None
    assert receipt.provider_id == twilio.provider.taken[1].id
    receipt = await connector.look(first)
    assert receipt is not None
    assert receipt.provider_id == twilio.provider.taken[0].id
    # Whoever did not send them cannot tell.
    with pytest.raises(AnswerLost):
        await twilio.connector().look(second)


async def test_of_two_alike_that_were_lost_each_is_found_once(twilio: Account) -> None:
    connector, first, second = twilio.connector(), outbound(TEXT), outbound(TEXT)
    twilio.lose = [True]
    with pytest.raises(AnswerLost):
        await connector.send(first)
    receipt = await connector.look(first)
    assert receipt is not None
    assert await connector.look(second) is None  # so it is sent, and the customer has both


async def test_two_parts_alike_are_two_messages(twilio: Account) -> None:
    connector = twilio.connector()
    message = outbound("x" * 3200)
    first, second = connector.parts(message)
    assert first.text == second.text
    await connector.send(first)
    assert await connector.look(second) is None


async def test_what_is_sent_with_buttons_or_a_picture_or_by_a_service_is_found() -> None:
    async with account(twilio_number=SERVICE) as twilio:
        connector = twilio.connector()
        for message in (
            outbound(TEXT, buttons=(Button("Talk to a person", "/person"),)),
            outbound("", image="https://shop.test/map.png"),
        ):
            twilio.lose = [True]
            with pytest.raises(AnswerLost):
                await connector.send(message)
            receipt = await connector.look(message)
            assert receipt is not None
            assert receipt.provider_id == twilio.provider.taken[-1].id


async def test_what_others_sent_from_the_account_is_not_ours(twilio: Account) -> None:
    message = outbound(TEXT)
    theirs = {**listed(-5), "to": ADA, "from": "+15005550007", "messaging_service_sid": None}
    twilio.provider.script.troubles.append(answering(200, {"messages": [theirs]}))
    assert await twilio.connector().look(message) is None


@pytest.mark.parametrize(("status", "code"), [(500, 20500), (401, 20003), (429, 20429)])
async def test_no_list_is_no_answer(twilio: Account, status: int, code: int) -> None:
    twilio.provider.script.troubles.append(answering(status, {"code": code}))
    with pytest.raises(NotNow):
        await twilio.connector().look(outbound(TEXT))


@pytest.mark.parametrize(
    "content", [{}, {"messages": None}, {"messages": [{"from": "+15005550006"}]}, []]
)
async def test_a_list_that_cannot_be_read_is_no_answer(twilio: Account, content: object) -> None:
    twilio.provider.script.troubles.append(answering(200, content))
    with pytest.raises((SendFailed, KeyError, TypeError)):
        await twilio.connector().look(outbound(TEXT))
