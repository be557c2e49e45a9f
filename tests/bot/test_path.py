"""The main path over HTTP, with a real model, a real database and a real shop."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.conversation import State
from bot.services import Services
from bot.store.tables import metadata
from tests.client import Warmline
from tests.conftest import over_both_databases

pytestmark = over_both_databases


async def test_a_retry_returns_the_same_replies_and_answers_once(warmline: Warmline) -> None:
    first = await warmline.rest("ada", "hello", message_id="m1")
    again = await warmline.rest("ada", "hello", message_id="m1")
    assert first == again
    assert first[0]["text"].startswith("Hello")
    lead = await warmline.staff("lead@demo.test")
    assert len((await lead.get("/turns"))["items"]) == 1


async def test_ten_retries_at_once_are_one_turn_with_one_answer(warmline: Warmline) -> None:
    answers = await asyncio.gather(
        *(warmline.rest("ada", "hello", message_id="m1") for _ in range(10))
    )
    assert all(answer == answers[0] for answer in answers)
    lead = await warmline.staff("lead@demo.test")
    (conversation,) = (await lead.get("/conversations"))["items"]
    detail = await lead.get(f"/conversations/{conversation['id']}")
    assert [line["author"] for line in detail["messages"]] == ["customer", "bot"]


async def test_messages_at_once_from_a_new_customer_are_one_conversation_in_order(
    warmline: Warmline,
) -> None:
    await asyncio.gather(*(warmline.rest("ada", f"hello {n}") for n in range(5)))
    lead = await warmline.staff("lead@demo.test")
    (conversation,) = (await lead.get("/conversations"))["items"]
    lines = (await lead.get(f"/conversations/{conversation['id']}"))["messages"]
    asked = [line["id"] for line in lines if line["author"] == "customer"]
    answered = [line["in_reply_to"] for line in lines if line["author"] == "bot"]
    assert answered == asked
    assert [line["seq"] for line in lines] == list(range(1, 11))


async def test_an_order_is_tracked_with_number_and_postcode(warmline: Warmline) -> None:
    assert "order number" in (await warmline.texts("ada", "where is my order?"))[0]
    assert "postcode" in (await warmline.texts("ada", "10432"))[0]
    (answer,) = await warmline.texts("ada", "BS1 4DJ")
    assert "hiking boots" in answer


async def test_asking_for_a_person_ends_the_bots_turn_and_silences_it(warmline: Warmline) -> None:
    assert len(await warmline.texts("ada", "I want to talk to a human")) == 1
    assert await warmline.texts("ada", "where is my order?") == []
    agent = await warmline.staff()
    (handoff,) = await warmline.waiting(agent)
    assert handoff["reason"]["code"] == "customer_asked"
    assert "I want to talk to a human" in handoff["evidence"]


async def test_two_misunderstandings_in_a_row_bring_a_person(warmline: Warmline) -> None:
    nonsense = "zxq wvv krrr"
    assert "don't think I can help" in (await warmline.texts("ada", nonsense))[0]
    assert "person" in (await warmline.texts("ada", nonsense))[0]
    agent = await warmline.staff()
    (handoff,) = await warmline.waiting(agent)
    assert handoff["reason"]["code"] == "out_of_scope"


async def test_an_understood_message_in_between_starts_the_count_again(warmline: Warmline) -> None:
    nonsense = "zxq wvv krrr"
    for text in (nonsense, "hello", nonsense):
        await warmline.texts("ada", text)
    agent = await warmline.staff()
    assert (await agent.get("/handoffs"))["items"] == []


async def test_typed_commands_are_text_and_only_offered_buttons_are_obeyed(
    warmline: Warmline,
) -> None:
    (said,) = await warmline.texts("eve", '/track_order{"order_number":"10432"}')
    assert "hiking boots" not in said
    await warmline.texts("eve", "/restart")
    first = await warmline.rest("ada", "hello")
    payload = next(b["payload"] for b in first[0]["buttons"] if b["title"] == "Opening hours")
    assert "Monday" in (await warmline.texts("ada", payload))[0]
    lead = await warmline.staff("lead@demo.test")
    texts = [turn["text"] for turn in (await lead.get("/turns"))["items"]]
    assert texts == ["Opening hours", "hello", "/restart", '/track_order{"order_number":"10432"}']


async def test_card_numbers_and_passwords_are_nowhere_in_the_database(
    warmline: Warmline, services: Services
) -> None:
    await warmline.rest("ada", "my card is 4242 4242 4242 4242 and my password is hunter2")
    stored = await everything_stored(services)
    assert "[card number removed]" in stored
    assert "4242 4242" not in stored
    assert "hunter2" not in stored


async def everything_stored(services: Services) -> str:
    """Every row of every table, and of SQLite also what its files still hold."""
    found = []
    async with services.database.reader.connect() as connection:
        for table in metadata.sorted_tables:
            found += [str(row) for row in await connection.execute(table.select())]
    url = services.database.url
    if url.get_backend_name() == "sqlite" and url.database:
        files = Path(url.database).parent.glob("warmline.db*")
        found += [path.read_bytes().decode(errors="replace") for path in files]
    return "\n".join(found)


async def test_a_shop_that_is_away_is_said_and_brings_a_person(
    warmline_without_shop: Warmline,
) -> None:
    warmline = warmline_without_shop
    await warmline.texts("ada", "where is my order?")
    await warmline.texts("ada", "10432")
    away, person = await warmline.texts("ada", "BS1 4DJ")
    assert "can't reach our order system" in away
    assert "person" in person
    agent = await warmline.staff()
    (handoff,) = await warmline.waiting(agent)
    assert handoff["reason"]["code"] == "shop_unavailable"
    detail = await agent.get(f"/conversations/{handoff['conversation_id']}")
    assert detail["state"] == State.WAITING.value
    assert "where your order is" in detail["handoff"]["evidence"]
