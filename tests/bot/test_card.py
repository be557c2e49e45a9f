"""What stands on the hand-off's card, and where each of it is from."""

from __future__ import annotations

from typing import Any

from bot.app import SERVICES
from tests.client import Staff, Warmline

IN_AN_ORDER = "an order's number and postcode"


async def detail_of(warmline: Warmline, agent: Staff) -> dict[str, Any]:
    (handoff,) = await warmline.waiting(agent)
    detail: dict[str, Any] = await agent.get(f"/conversations/{handoff['conversation_id']}")
    return detail


async def test_what_the_customer_wrote_is_traced_to_their_message_and_so_is_the_proof(
    warmline: Warmline,
) -> None:
    await warmline.texts("ada", "where is my order?")
    await warmline.texts("ada", "it is 10432")
    await warmline.texts("ada", "BS1 4DJ")
    await warmline.texts("ada", "This is RIDICULOUS, the third time!! I want a human")
    agent = await warmline.staff()
    detail = await detail_of(warmline, agent)
    card = detail["handoff"]
    (number,) = (one for one in card["collected"] if one["name"] == "order_number")
    said = {line["id"]: line["text"] for line in detail["messages"]}
    assert (number["value"], number["source"], number["settable"]) == ("10432", "message", True)
    assert said[number["message_id"]] == "it is 10432"
    assert card["who"]["proof"] == IN_AN_ORDER
    assert card["who"]["level"] == "anyone"
    assert [one["level"] for one in card["mood"]] == ["calm", "calm", "calm", "annoyed"]
    assert said[card["mood"][-1]["message_id"]].startswith("This is RIDICULOUS")
    finished = [one for one in card["tried"] if one["action"] == "action_finish_request"]
    assert [(one["result"], one["about"]) for one in finished] == [("ok", "track_order")]
    assert detail["write_until"] is None

    summary = await agent.get(f"/conversations/{detail['id']}/summary")
    first = summary["items"][0]
    assert (first["why"], said[first["message_id"]]) == (
        "wish",
        "where is my order?",
    )


async def test_who_takes_over_from_the_bot_finds_what_it_had_collected(warmline: Warmline) -> None:
    await warmline.texts("ada", "I want to cancel order 10432")
    agent = await warmline.staff()
    (found,) = (await agent.get("/conversations"))["items"]
    card = (await agent.post(f"/conversations/{found['id']}/claim"))["handoff"]
    collected = {one["name"]: one["value"] for one in card["collected"]}
    assert collected["order_number"] == "10432"
    assert card["who"]["proof"] is None


async def test_channels_with_a_window_say_how_long_an_agent_may_write(warmline: Warmline) -> None:
    windows = warmline.app[SERVICES].windows
    assert {name: window.days for name, window in windows.items()} == {
        "whatsapp": 1,
        "facebook": 7,
        "instagram": 7,
    }
