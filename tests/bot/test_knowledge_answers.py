"""What the bot does with a question that an article answers."""

from __future__ import annotations

import pytest

from bot.assistant.assistant import Assistant
from bot.assistant.policy import KNOWLEDGE_ACTION
from bot.assistant.reply import CustomerMessage, Memory
from tests.bot.test_policy import say

QUESTION = "do you give discounts to nurses"
ANSWER = "People who work for the NHS"
FOREIGN = "what's the capital of France"


async def test_it_quotes_the_article_with_a_link_and_a_way_out(assistant: Assistant) -> None:
    (reply,) = await say(assistant, QUESTION)
    (said,) = reply.messages
    assert said.text.startswith(ANSWER)
    assert "/help/student-discount" in said.text
    assert [(one.title, one.payload) for one in said.buttons] == [
        ("That did not help", "/contact_human_agent")
    ]
    assert reply.handoff is None
    assert not reply.misunderstood


async def test_that_did_not_help_brings_a_person(assistant: Assistant) -> None:
    replies = await say(assistant, QUESTION, "/contact_human_agent")
    assert replies[-1].handoff is not None
    assert replies[-1].handoff.reason == "customer_asked"


async def test_an_answer_ends_a_row_of_what_was_not_understood(assistant: Assistant) -> None:
    replies = await say(assistant, FOREIGN, QUESTION, FOREIGN)
    assert [reply.handoff for reply in replies] == [None, None, None]
    replies = await say(assistant, FOREIGN, FOREIGN)
    assert replies[-1].handoff is not None
    assert replies[-1].handoff.reason == "out_of_scope"


async def test_in_a_form_the_question_is_asked_again_afterwards(
    assistant: Assistant, shop_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    nobody = {"reference": None, "verification": "anyone"}
    first, second = (
        CustomerMessage(text, text, None, "web", nobody) for text in ("where is my order", QUESTION)
    )
    asked = await assistant.reply("c", first, Memory([]))
    answered = await assistant.reply("c", second, Memory(asked.events))
    answer, again = answered.messages
    assert answer.text.startswith(ANSWER)
    assert again.text == asked.messages[-1].text
    assert KNOWLEDGE_ACTION in [run.action for run in answered.actions]
    assert answered.handoff is None
    assert not answered.misunderstood


async def test_whom_a_passage_did_not_help_is_not_told_it_again(assistant: Assistant) -> None:
    first, again = await say(assistant, QUESTION, "so do nurses get a discount")
    assert first.messages[0].text.startswith(ANSWER)
    assert ANSWER not in " ".join(message.text for message in again.messages)
    assert again.misunderstood or again.handoff is not None
    *_, later = await say(assistant, QUESTION, "hello", QUESTION)
    assert later.messages[0].text.startswith(ANSWER), "somebody may well ask once more"
