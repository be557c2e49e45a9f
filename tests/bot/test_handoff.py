"""From bot to person and back, over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

from bot import demo
from bot.app import SERVICES
from bot.clock import new_id, now
from bot.passwords import hash_password
from bot.records import User
from tests.client import PATIENCE_SECONDS, Staff, Warmline
from tests.conftest import over_both_databases

pytestmark = over_both_databases


async def handed_over(
    warmline: Warmline, sender: str = "ada", first: str = "where is my order?"
) -> tuple[Staff, str]:
    """A conversation that waits for a person, and an agent."""
    await warmline.texts(sender, first)
    await warmline.texts(sender, "please get me a human")
    agent = await warmline.staff()
    (handoff,) = await warmline.waiting(agent)
    conversation_id: str = handoff["conversation_id"]
    return agent, conversation_id


async def turns_done(warmline: Warmline, count: int) -> list[dict[str, Any]]:
    lead = await warmline.staff("lead@demo.test")
    items: list[dict[str, Any]] = (await lead.get("/turns"))["items"]
    assert len(items) == count
    return items


async def test_the_queue_is_oldest_first(warmline: Warmline) -> None:
    for sender in ("ada", "bob", "cy"):
        await warmline.texts(sender, "I need a human")
    agent = await warmline.staff()
    waiting = await warmline.waiting(agent, 3)
    requested = [handoff["requested_at"] for handoff in waiting]
    assert requested == sorted(requested)


async def test_the_card_says_what_the_customer_wants_and_what_was_collected(
    warmline: Warmline,
) -> None:
    agent, conversation_id = await handed_over(warmline, first="where is my order 10432?")
    card = (await agent.get(f"/conversations/{conversation_id}"))["handoff"]
    assert card["wants"]["intent"] == "track_order"
    collected = {fact["name"]: fact["value"] for fact in card["collected"]}
    assert collected["order_number"] == "10432"
    assert card["reason"] == {"code": "customer_asked", "text": "Asked for a person"}


async def test_fifty_claims_at_once_have_one_winner_and_the_others_learn_who(
    warmline: Warmline,
) -> None:
    agent, conversation_id = await handed_over(warmline)
    lead = await warmline.staff("lead@demo.test")
    answers = await asyncio.gather(
        *(
            (agent if n % 2 else lead).call(
                "POST", f"/conversations/{conversation_id}/claim", {}, status=None
            )
            for n in range(50)
        )
    )
    won = [answer for answer in answers if "error" not in answer]
    lost = [answer["error"] for answer in answers if "error" in answer]
    assert len(won) == 1
    assert {error["code"] for error in lost} == {"already_claimed"}
    assert {error["detail"]["agent"]["name"] for error in lost} == {won[0]["agent"]["name"]}


async def test_only_the_owner_answers_and_a_retry_is_sent_once(warmline: Warmline) -> None:
    agent, conversation_id = await handed_over(warmline)
    at = f"/conversations/{conversation_id}"
    refused = await agent.post(f"{at}/messages", {"text": "Hi"}, status=409)
    assert refused["error"]["code"] == "not_owner"
    await agent.post(f"{at}/claim")
    for _ in range(2):
        await agent.post(f"{at}/messages", {"id": "one", "text": "Hi, Nora here"}, status=201)
    assert await warmline.texts("ada", "hello?") == ["Hi, Nora here"]
    assert await warmline.texts("ada", "hello?") == []


async def test_a_note_never_reaches_the_customer(warmline: Warmline) -> None:
    agent, conversation_id = await handed_over(warmline)
    at = f"/conversations/{conversation_id}"
    await agent.post(f"{at}/claim")
    await agent.post(f"{at}/notes", {"text": "sounds upset"}, status=201)
    assert await warmline.texts("ada", "hello?") == []
    lines = (await agent.get(at))["messages"]
    assert [line["text"] for line in lines if line["private"]][-1] == "sounds upset"


async def test_what_was_said_to_the_agent_changes_the_bots_next_answer(warmline: Warmline) -> None:
    agent, conversation_id = await handed_over(warmline)
    at = f"/conversations/{conversation_id}"
    await agent.post(f"{at}/claim")
    await agent.post(f"{at}/messages", {"text": "Which order is it, and to where?"}, status=201)
    await warmline.texts("ada", "it is order 10432, it goes to BS1 4DJ")
    await turns_done(warmline, 3)
    await agent.post(f"{at}/return", {"resume": "done"})
    (answer,) = await warmline.texts("ada", "so where is my order now?")
    assert "hiking boots" in answer


async def test_without_that_the_bot_would_have_asked(warmline: Warmline) -> None:
    agent, conversation_id = await handed_over(warmline)
    at = f"/conversations/{conversation_id}"
    await agent.post(f"{at}/claim")
    await agent.post(f"{at}/return", {"resume": "drop"})
    (answer,) = await warmline.texts("ada", "so where is my order now?")
    assert "order number" in answer


async def test_an_agents_word_is_enough_for_the_bot(warmline: Warmline) -> None:
    agent, conversation_id = await handed_over(warmline)
    at = f"/conversations/{conversation_id}"
    await agent.post(f"{at}/claim")
    await agent.post(f"{at}/return", {"resume": "done", "slots": {"order_number": "10432"}})
    (answer,) = await warmline.texts("ada", "where is my order?")
    assert "hiking boots" in answer


async def test_an_unfinished_form_asks_its_question_again_after_the_return(
    warmline: Warmline,
) -> None:
    agent, conversation_id = await handed_over(warmline)
    at = f"/conversations/{conversation_id}"
    await agent.post(f"{at}/claim")
    await agent.post(f"{at}/return")
    asked_again, then = await asyncio.wait_for(_after_return(warmline), PATIENCE_SECONDS)
    assert "order number" in asked_again
    assert "postcode" in then


async def _after_return(warmline: Warmline) -> tuple[str, str]:
    replies: list[str] = []
    while len(replies) < 2:
        await asyncio.sleep(0.2)
        replies += await warmline.texts("ada", "10432") if not replies else []
    return replies[0], replies[1]


async def test_an_unknown_slot_is_refused_by_name_and_changes_nothing(warmline: Warmline) -> None:
    agent, conversation_id = await handed_over(warmline)
    at = f"/conversations/{conversation_id}"
    await agent.post(f"{at}/claim")
    for slot in ("nonsense", "vouched_order_number", "action_failure"):
        refused = await agent.post(f"{at}/return", {"slots": {slot: "x"}}, status=422)
        assert refused["error"]["detail"] == {"field": f"slots.{slot}"}
        assert "order_number" in refused["error"]["message"]
    assert (await agent.get(at))["state"] == "agent"


async def test_a_resolved_conversation_opens_again_with_the_bot(warmline: Warmline) -> None:
    agent, conversation_id = await handed_over(warmline)
    at = f"/conversations/{conversation_id}"
    await agent.post(f"{at}/claim")
    assert (await agent.post(f"{at}/resolve"))["state"] == "resolved"
    assert (await warmline.texts("ada", "when are you open?"))[0].startswith("Our shop")
    again = await agent.get(at)
    assert (again["id"], again["state"]) == (conversation_id, "bot")


async def test_who_resolves_says_what_came_of_it_and_what_it_was_about(warmline: Warmline) -> None:
    agent, conversation_id = await handed_over(warmline)
    at = f"/conversations/{conversation_id}"
    await agent.post(f"{at}/claim")
    for wrong, field in (
        ({"outcome": "fine"}, "outcome"),
        ({"intent": "track_order"}, "outcome"),
        ({"outcome": "solved", "intent": "nonsense"}, "intent"),
    ):
        refused = await agent.post(f"{at}/resolve", wrong, status=422)
        assert refused["error"]["detail"] == {"field": field}
    assert (await agent.get(at))["wrap_up"] is None
    names = [one["name"] for one in (await agent.get("/intents"))["items"]]
    assert "track_refund" in names

    said = {"outcome": "not_solved", "intent": "track_refund"}
    resolved = await agent.post(f"{at}/resolve", said)
    wrap_up = resolved["wrap_up"]
    person = {"id": agent.user["id"], "name": agent.user["name"]}
    assert wrap_up == {**said, "agent": person, "at": wrap_up["at"]}

    await warmline.texts("ada", "I need a human")
    await agent.post(f"{at}/claim")
    assert (await agent.get(at))["wrap_up"] == wrap_up
    again = await agent.post(f"{at}/resolve", {"outcome": "solved"})
    assert (again["wrap_up"]["outcome"], again["wrap_up"]["intent"]) == ("solved", None)


async def test_a_transfer_reaches_another_agent_or_the_queue(warmline: Warmline) -> None:
    services = warmline.app[SERVICES]
    hashed = await hash_password(demo.PASSWORD)
    async with services.database.write() as uow:
        await uow.staff.add(User(new_id(), "jo@demo.test", "Jo", "agent", hashed, now()))
    agent, conversation_id = await handed_over(warmline)
    jo = await warmline.staff("jo@demo.test")
    at = f"/conversations/{conversation_id}"
    await agent.post(f"{at}/claim")
    moved = await agent.post(f"{at}/transfer", {"agent_id": jo.user["id"], "note": "yours"})
    assert moved["agent"]["name"] == "Jo"
    await agent.post(f"{at}/messages", {"text": "late"}, status=409)
    await jo.post(f"{at}/messages", {"text": "Hi, Jo here"}, status=201)
    queued = await jo.post(f"{at}/transfer", {"queue": "support"})
    assert queued["state"] == "waiting"
    assert len(await warmline.waiting(agent)) == 1
    wrong = await agent.post(f"{at}/claim")
    assert wrong["agent"]["name"] == "Nora Agent"
    refused = await agent.post(f"{at}/transfer", {"queue": "nope"}, status=422)
    assert refused["error"]["detail"] == {"field": "queue"}


async def test_an_agent_takes_a_conversation_over_from_the_bot(warmline: Warmline) -> None:
    await warmline.texts("ada", "where is my order?")
    agent = await warmline.staff()
    (found,) = (await agent.get("/conversations"))["items"]
    at = f"/conversations/{found['id']}"
    detail = await agent.post(f"{at}/claim", {})
    assert (detail["state"], detail["agent"]["name"]) == ("agent", "Nora Agent")
    card = detail["handoff"]
    assert card["reason"] == {"code": "taken_over", "text": "Taken over by an agent"}
    assert card["wants"]["intent"] == "track_order"
    assert "Nora Agent joined the conversation." not in await warmline.texts("ada", "10432")
    await agent.post(f"{at}/messages", {"text": "I am looking."}, status=201)
    assert await warmline.texts("ada", "thanks") == ["I am looking."]
