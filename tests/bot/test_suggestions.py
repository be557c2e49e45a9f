"""Replies for an agent to take: from what was answered before, and from the articles."""

from __future__ import annotations

from typing import Any

from bot.app import SERVICES
from bot.suggesting.candidates import Candidate, best
from tests.bot.test_handoff import handed_over
from tests.client import Staff, Warmline, eventually
from tests.conftest import over_both_databases

ANSWER = "Hi Ada, our courier looks for a lost parcel for 3 days, and then we send it again."
OPEN = (
    "Hi [name], our courier looks for a lost parcel for [number] days, and then we send it again."
)


async def answered(warmline: Warmline, sender: str, question: str, answer: str) -> None:
    """An agent who answered a customer's question, and closed the conversation."""
    agent, conversation_id = await handed_over(warmline, sender, question)
    at = f"/conversations/{conversation_id}"
    await agent.post(f"{at}/claim")
    await warmline.rest(sender, question)
    await agent.post(f"{at}/messages", {"text": answer}, status=201)
    await agent.post(f"{at}/resolve")


async def asked(warmline: Warmline, sender: str, question: str) -> tuple[Staff, str]:
    """A conversation that is an agent's, and the customer has just asked something."""
    agent, conversation_id = await handed_over(warmline, sender, "hello")
    await agent.post(f"/conversations/{conversation_id}/claim")
    await warmline.rest(sender, question)
    return agent, f"/conversations/{conversation_id}"


def of(items: list[dict[str, Any]], source: str) -> list[str]:
    return [one["text"] for one in items if one["source"] == source]


@over_both_databases
async def test_an_answer_to_a_like_question_is_offered_with_nothing_of_the_other_customers(
    warmline: Warmline,
) -> None:
    await answered(warmline, "ada", "my parcel got lost, what now?", ANSWER)
    agent, at = await asked(warmline, "bob", "I think that my parcel was lost. What happens now?")
    items = (await agent.get(f"{at}/suggestions"))["items"]
    assert of(items, "answer") == [OPEN]
    assert len(items) <= 3
    assert (await agent.get(f"{at}/suggestions"))["items"] == items

    lead = await warmline.staff("lead@demo.test")
    (taken,) = (one for one in items if one["source"] == "answer")
    for _ in range(2):
        await agent.post(f"{at}/suggestions/{taken['id']}/insert", status=204)
    body = {"id": "one", "text": OPEN.replace("[name]", "Bob"), "suggestion_id": taken["id"]}
    for _ in range(2):
        await agent.post(f"{at}/messages", body, status=201)
    figures = {one["source"]: one for one in (await lead.get("/suggestions/figures"))["items"]}
    assert figures["answer"] == {
        "source": "answer",
        "offered": 1,
        "inserted": 1,
        "sent_as_offered": 0,
        "sent_edited": 1,
    }


async def test_an_article_is_offered_and_sent_as_it_is(warmline: Warmline) -> None:
    agent, at = await asked(warmline, "bob", "may I bring my dog to your shop?")
    items = (await agent.get(f"{at}/suggestions"))["items"]
    assert items[0]["source"] == "article"
    assert items[0]["title"].endswith("Dogs")
    body = {"text": items[0]["text"], "suggestion_id": items[0]["id"]}
    await agent.post(f"{at}/messages", body, status=201)
    lead = await warmline.staff("lead@demo.test")
    (figures,) = (await lead.get("/suggestions/figures"))["items"]
    assert (figures["sent_as_offered"], figures["inserted"]) == (1, 0)


async def test_a_suggestion_of_another_conversation_counts_as_none_and_stops_nothing(
    warmline: Warmline,
) -> None:
    agent, at = await asked(warmline, "bob", "may I bring my dog to your shop?")
    (first, *_) = (await agent.get(f"{at}/suggestions"))["items"]
    await warmline.rest("cy", "I need a human")
    (other,) = await warmline.waiting(agent)
    theirs = f"/conversations/{other['conversation_id']}"
    await agent.post(f"{theirs}/claim")
    await agent.post(f"{theirs}/suggestions/{first['id']}/insert", status=404)
    body = {"text": first["text"], "suggestion_id": first["id"]}
    await agent.post(f"{theirs}/messages", body, status=201)
    lead = await warmline.staff("lead@demo.test")
    figures = (await lead.get("/suggestions/figures"))["items"]
    assert all(one["sent_as_offered"] == 0 for one in figures)
    await agent.get("/conversations/unknown/suggestions", status=404)


async def test_what_is_not_read_yet_is_read_beside_and_offered_the_next_time(
    warmline: Warmline,
) -> None:
    agent, conversation_id = await handed_over(warmline, "ada", "hello")
    first = f"/conversations/{conversation_id}"
    await agent.post(f"{first}/claim")
    for number in range(22):
        await warmline.rest("ada", f"can I have my {number} old boots mended by you?")
        body = {"text": "Yes, bring the boots to our workshop, we look at them."}
        await agent.post(f"{first}/messages", body, status=201)
    await agent.post(f"{first}/resolve")
    other, at = await asked(warmline, "bob", "can you mend my old boots?")
    await other.get(f"{at}/suggestions")
    database = warmline.app[SERVICES].database

    async def read() -> bool | None:
        async with database.read() as uow:
            return await uow.past_answers.count() == 22 or None

    assert await eventually(read)
    await warmline.rest("bob", "so would you mend my old boots?")
    items = (await other.get(f"{at}/suggestions"))["items"]
    # Said in the same words so often, it is one answer.
    assert len(of(items, "answer")) == 1


def test_the_best_are_of_several_sources_and_none_says_the_same_twice() -> None:
    def one(source: Any, text: str, score: float) -> Candidate:
        return Candidate(source, "", text, score)

    candidates = [
        one("answer", "a", 0.9),
        one("answer", "A!", 0.89),
        one("answer", "b", 0.8),
        one("answer", "c", 0.7),
        one("article", "d", 0.5),
    ]
    assert [each.text for each in best(candidates)] == ["a", "b", "d"]
    assert [each.text for each in best(candidates[:4])] == ["a", "b", "c"]
    assert best([]) == []


async def test_a_canned_reply_about_what_was_asked_is_offered(warmline: Warmline) -> None:
    lead = await warmline.staff("lead@demo.test")
    lost = {
        "name": "Lost parcel",
        "text": "Sorry {customer_name}, your parcel got lost. We send it again at once.",
    }
    hours = {"name": "Opening hours", "text": "We are open from nine to six."}
    for words in (lost, hours):
        await lead.post("/canned-replies", words, status=201)
    agent, at = await asked(warmline, "ada", "my parcel got lost, what now?")
    items = (await agent.get(f"{at}/suggestions"))["items"]
    assert of(items, "canned") == [lost["text"]]
