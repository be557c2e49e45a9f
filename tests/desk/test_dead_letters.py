"""What was given up on, over the API: listed, decided by leads, told live, and counted."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.events import Event
from bot.services import Services
from tests.client import Staff, Warmline, eventually
from tests.dead_letters import give_up_delivery, give_up_turn
from tests.desk.test_live import until, watching

LEAD = "lead@demo.test"


async def given_up(services: Services, warmline: Warmline, sender: str) -> tuple[str, str]:
    """A customer whose second message the bot has failed at and whose first reply is not sent:
    the ids of the turn and of the outbox item."""
    await warmline.rest(sender, "when are you open?")
    await warmline.rest(sender, "what is your refund policy?")
    lead = await warmline.staff(LEAD)
    for conversation in (await lead.get("/conversations"))["items"]:
        lines = (await lead.get(f"/conversations/{conversation['id']}"))["messages"]
        if conversation["channel"] == "rest":
            break
    opening, refund = lines[1], lines[2]
    await give_up_turn(services, refund["turn_id"])
    return refund["turn_id"], await give_up_delivery(services, opening["id"], state="unknown")


async def letters(lead: Staff, query: str = "") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await lead.get(f"/dead-letters{query}"))["items"]
    return items


async def test_a_letter_says_what_it_is_and_why(warmline: Warmline, services: Services) -> None:
    turn_id, item_id = await given_up(services, warmline, "ada")
    lead = await warmline.staff(LEAD)
    turn, delivery = await letters(lead)
    for letter in (turn, delivery):
        assert letter.pop("created_at")
        assert (await lead.get(f"/conversations/{letter.pop('conversation_id')}"))["messages"]
    assert delivery.pop("text").startswith("Our shop")
    assert delivery == {
        "id": item_id,
        "kind": "delivery",
        "channel": "rest",
        "state": "unknown",
        "error": "TimeoutError",
        "attempts": 12,
        "author": "bot",
    }
    assert turn == {
        "id": turn_id,
        "kind": "turn",
        "channel": "rest",
        "state": "dead",
        "error": "ValueError",
        "attempts": 5,
        "text": "what is your refund policy?",
        "author": "customer",
    }
    assert [letter["id"] for letter in await letters(lead, "?kind=turn")] == [turn_id]
    assert [letter["id"] for letter in await letters(lead, "?kind=delivery")] == [item_id]


async def test_pages_hold_every_letter_once(warmline: Warmline, services: Services) -> None:
    lead = await warmline.staff(LEAD)
    for sender in ("ada", "bob", "cy"):
        await given_up(services, warmline, sender)
    whole = [letter["id"] for letter in await letters(lead)]
    assert len(set(whole)) == 6
    for limit in (1, 4, 6):
        walked: list[str] = []
        page = await lead.get(f"/dead-letters?limit={limit}")
        walked += [letter["id"] for letter in page["items"]]
        while page["next"] is not None:
            page = await lead.get(f"/dead-letters?limit={limit}&cursor={page['next']}")
            walked += [letter["id"] for letter in page["items"]]
        assert walked == whole


async def test_a_resent_turn_is_answered_by_the_running_server(
    warmline: Warmline, services: Services
) -> None:
    lead = await warmline.staff(LEAD)
    turn_id, _ = await given_up(services, warmline, "ada")
    at = f"/conversations/{(await letters(lead))[0]['conversation_id']}"
    await lead.call("POST", f"/dead-letters/{turn_id}/resend", {}, status=204)

    async def answered() -> list[dict[str, Any]] | None:
        lines: list[dict[str, Any]] = (await lead.get(at))["messages"]
        replies = [line for line in lines if line["turn_id"] == turn_id and line["author"] == "bot"]
        return lines if len(replies) == 2 else None

    lines = await eventually(answered)
    (decision,) = [line for line in lines if line["private"]]
    assert decision["text"] == (
        "Liam Lead gave the bot a message again that it had failed at:"
        " “what is your refund policy?”"
    )
    assert [letter["kind"] for letter in await letters(lead)] == ["delivery"]


async def test_the_second_of_two_leads_is_told_what_the_first_did(
    warmline: Warmline, services: Services
) -> None:
    lead = await warmline.staff(LEAD)
    turn_id, item_id = await given_up(services, warmline, "ada")
    answers = await asyncio.gather(
        *(lead.call("POST", f"/dead-letters/{item_id}/drop", {}, status=None) for _ in range(2))
    )
    (refused,) = [answer["error"] for answer in answers if answer]
    assert refused == {
        "code": "wrong_state",
        "message": "Liam Lead has already dropped it: it is 'dropped' now.",
        "detail": {"state": "dropped"},
    }
    assert [letter["id"] for letter in await letters(lead)] == [turn_id]


async def test_leads_alone_are_told_live(warmline: Warmline, services: Services) -> None:
    agent, lead = await warmline.staff(), await warmline.staff(LEAD)
    turn_id, item_id = await given_up(services, warmline, "ada")
    conversation_id = (await letters(lead))[0]["conversation_id"]
    async with watching(warmline, agent) as agents, watching(warmline, lead) as leads:
        # However a turn ends, it is published as a turn.
        await services.bus.publish(Event("turn", conversation_id, {"turn_id": turn_id}))
        assert await until(leads, type="dead_letters") == [{"type": "dead_letters"}]
        await lead.call("POST", f"/dead-letters/{item_id}/drop", {}, status=204)
        await until(leads, type="dead_letters")
        await agent.post(f"/conversations/{conversation_id}/notes", {"text": "last"}, status=201)
        frames = await until(agents, text="last")
    told = {frame["type"] for frame in frames}
    assert told == {"message", "conversation"}


async def test_what_waits_is_counted_for_leads_and_operators(
    warmline: Warmline, services: Services
) -> None:
    lead = await warmline.staff(LEAD)

    async def gauge() -> list[str]:
        async with warmline.client.get("/metrics") as response:
            assert response.status == 200
            text = await response.text()
        return [line for line in text.splitlines() if line.startswith("warmline_dead_letters{")]

    assert await lead.get("/dead-letters/counts") == {"turn": 0, "delivery": 0}
    _, item_id = await given_up(services, warmline, "ada")
    assert await lead.get("/dead-letters/counts") == {"turn": 1, "delivery": 1}
    assert await gauge() == [
        'warmline_dead_letters{kind="turn"} 1.0',
        'warmline_dead_letters{kind="delivery"} 1.0',
    ]
    await lead.call("POST", f"/dead-letters/{item_id}/drop", {}, status=204)
    assert (await gauge())[1] == 'warmline_dead_letters{kind="delivery"} 0.0'
