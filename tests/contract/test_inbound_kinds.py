"""What customers do beside writing: kept in words, on every database, and no reason to answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.abuse.limits import AbuseLimits
from bot.clock import now
from bot.errors import InvalidInput
from bot.handoff import claim, resolve
from bot.intake import ATTACHMENT, receive
from bot.messages import Attachment, Button, Limit
from bot.records import Message
from bot.sender_limit import PLEASE_WAIT
from bot.services import Services
from bot.transcript import add_message
from bot.turn import take_turns
from tests.conftest import over_both_databases
from tests.contract.test_deliveries import answer, items
from tests.processes import add_agent, at_once, message, read_conversation

pytestmark = over_both_databases
PICTURE = Attachment("image", reference="media-7", content_type="image/jpeg")


async def lines(services: Services, conversation_id: str) -> list[Message]:
    return (await read_conversation(services, conversation_id))[1]


async def test_an_edit_a_reaction_and_a_deletion_are_lines_without_turns(
    pair: tuple[Services, ...],
) -> None:
    services = pair[0]
    said = await receive(services, message("helo", external_id="m1", channel="memory"))
    await take_turns(services, said.message.conversation_id)
    for kind, text, external_id in (
        ("edit", "hello", "m1:edit"),
        ("reaction", "👍", "m1:reaction"),
        ("reaction", "", "m1:reaction:back"),
    ):
        done = message(text, kind=kind, external_id=external_id, about="m1", channel="memory")
        received = await receive(services, done)
        again = await receive(services, done)
        assert (received.turn_id, received.duplicate) == (None, False)
        assert (again.turn_id, again.duplicate) == (None, True)
        assert again.message.id == received.message.id
    conversation_id = said.message.conversation_id
    first, bot, edit, reaction, back = await lines(services, conversation_id)
    assert (first.text, bot.author) == ("helo", "bot")
    assert edit.text == "Corrected a message: hello"
    assert reaction.text == "Reacted with 👍: “helo”"
    assert back.text == "Took a reaction back: “helo”"
    assert {line.data["about"] for line in (edit, reaction, back)} == {first.id}
    deleted = message("", kind="deletion", external_id="m1:d", about="m1", channel="memory")
    await receive(services, deleted)
    *earlier, last = await lines(services, conversation_id)
    assert (last.text, last.data["about"]) == ("Deleted a message.", first.id)
    taken_back = [line.text for line in earlier if line.author == "customer"]
    assert taken_back == ["Deleted by the customer."] * 4, "nothing of its words is left"
    assert earlier[1].text == bot.text
    async with services.database.read() as uow:
        turn = await uow.turns.get(said.turn_id or "")
    assert turn is not None
    assert turn.text == "Deleted by the customer."


async def test_a_message_deleted_before_its_turn_is_not_answered(
    pair: tuple[Services, ...],
) -> None:
    services = pair[0]
    said = await receive(services, message("oops", external_id="m1", channel="memory"))
    deleted = message("", kind="deletion", external_id="m1:d", about="m1", channel="memory")
    await receive(services, deleted)
    await take_turns(services, said.message.conversation_id)
    assert [line.author for line in await lines(services, said.message.conversation_id)] == [
        "customer",
        "customer",
    ]


async def test_nobody_deletes_or_reads_what_another_wrote(pair: tuple[Services, ...]) -> None:
    services = pair[0]
    ada = await receive(services, message("secret", "ada", external_id="m1", channel="memory"))
    about = {"about": "m1", "channel": "memory"}
    ben = await receive(services, message("", "ben", kind="deletion", external_id="d", **about))
    await receive(services, message("👍", "ben", kind="reaction", external_id="r", **about))
    assert [line.text for line in await lines(services, ada.message.conversation_id)] == ["secret"]
    seen = [line.text for line in await lines(services, ben.message.conversation_id)]
    assert seen == ["Deleted a message.", "Reacted with 👍."]


async def test_a_reaction_to_our_message_says_which(pair: tuple[Services, ...]) -> None:
    services = pair[0]
    said = await answer(services, "hello")
    (item,) = await items(services)
    async with services.database.write() as uow:
        assert await uow.outbox.change(item, replace(item, state="sent", provider_id="p-1"))
    reaction = message("❤️", kind="reaction", external_id="r1", about="p-1", channel="memory")
    received = await receive(services, reaction)
    assert received.message.text == "Reacted with ❤️: “You said: hello”"
    assert received.message.data["about"] == item.message_id
    assert received.message.conversation_id == said.message.conversation_id
    deleted = message("", kind="deletion", external_id="d1", about="p-1", channel="memory")
    await receive(services, deleted)
    ours = (await lines(services, said.message.conversation_id))[1]
    assert ours.text == "You said: hello"  # what we said stays said


async def test_what_a_customer_corrects_is_found_by_the_beginning_of_its_id(
    pair: tuple[Services, ...],
) -> None:
    services = pair[0]
    first = await receive(services, message("helo", external_id="7:21:900", channel="memory"))
    await receive(services, message("other", external_id="7:211:901", channel="memory"))
    for about, wanted in (("7:21", {"about": first.message.id}), ("7:2", {}), ("7_21", {})):
        edit = message("hello", kind="edit", about=about, channel="memory")
        received = await receive(services, edit)
        assert received.message.data == {"event": "edit", **wanted}
    strange = message("hello", "ben", kind="edit", about="7:21", channel="memory")
    assert (await receive(services, strange)).message.data == {"event": "edit"}


async def test_what_is_no_message_does_not_reopen_a_closed_conversation(
    pair: tuple[Services, ...],
) -> None:
    services = pair[0]
    said = await answer(services, "hello")
    conversation_id = said.message.conversation_id
    nora = await add_agent(services, "Nora")
    await claim(services, conversation_id, nora)
    await resolve(services, conversation_id, nora)
    await receive(services, message("👍", kind="reaction", external_id="r", channel="memory"))
    assert (await read_conversation(services, conversation_id))[0].state.value == "resolved"
    await receive(services, message("one more thing", channel="memory"))
    assert (await read_conversation(services, conversation_id))[0].state.value == "bot"


async def test_an_attachment_without_words_says_what_it_is(pair: tuple[Services, ...]) -> None:
    services = pair[0]
    place = Attachment("location", name="Café", latitude=48.2082, longitude=16.3738)
    for attachments, text, wanted, payload in (
        ((PICTURE,), "", "Sent a picture.", ATTACHMENT),
        ((PICTURE, PICTURE), "  ", "Sent a picture.\nSent a picture.", ATTACHMENT),
        ((PICTURE,), "it is torn", "it is torn", None),
        ((place,), "", "Sent a location: Café (48.20820, 16.37380).", ATTACHMENT),
        (
            (Attachment("file", "f", name="a\x00\u202eb.pdf"),),
            "",
            "Sent a file: ab.pdf.",
            ATTACHMENT,
        ),
    ):
        said = await receive(services, message(text, attachments=attachments, channel="memory"))
        assert said.message.text == wanted
        assert said.message.payload == payload
        assert len(said.message.attachments) == len(attachments)
        assert said.turn_id is not None
    with pytest.raises(InvalidInput):
        await receive(services, message("", channel="memory"))


async def test_a_number_that_an_agent_asked_for_is_no_button(pair: tuple[Services, ...]) -> None:
    services = pair[0]
    said = await answer(services, "hello")
    async with services.database.write() as uow:
        conversation = await uow.conversations.lock(said.message.conversation_id)
        assert conversation is not None
        offered = (Button("Track an order", "/track_order"), Button("A person", "/person"))
        _, conversation = await add_message(
            uow, conversation, author="bot", text="Which?", buttons=offered, at=now()
        )
        await add_message(uow, conversation, author="agent", text="Aside", private=True, at=now())
    assert (await receive(services, message("1", choice=1, channel="memory"))).message.payload
    async with services.database.write() as uow:
        conversation = await uow.conversations.lock(said.message.conversation_id)
        assert conversation is not None
        await add_message(uow, conversation, author="agent", text="How many boxes?", at=now())
    received = await receive(services, message("2", choice=2, channel="memory"))
    assert (received.message.text, received.message.payload) == ("2", None)


async def test_a_number_is_the_button_only_where_a_choice_was_offered_last(
    pair: tuple[Services, ...],
) -> None:
    services = pair[0]
    said = await answer(services, "hello")
    conversation_id = said.message.conversation_id

    async def typed(number: int) -> Message:
        received = await receive(services, message(str(number), choice=number, channel="memory"))
        return received.message

    assert (await typed(1)).payload is None, "nothing was offered"
    async with services.database.write() as uow:
        conversation = await uow.conversations.lock(conversation_id)
        assert conversation is not None
        offered = (Button("Track an order", "/track_order"), Button("A person", "/person"))
        await add_message(
            uow, conversation, author="bot", text="Which?", buttons=offered, turn_id="t9", at=now()
        )
    second = await typed(2)
    assert (second.text, second.payload) == ("A person", "/person")
    assert (await typed(3)).payload is None
    assert (await typed(0)).payload is None
    async with services.database.write() as uow:
        conversation = await uow.conversations.lock(conversation_id)
        assert conversation is not None
        await add_message(
            uow, conversation, author="bot", text="How many?", turn_id="t10", at=now()
        )
    assert (await typed(2)).payload is None, "the bot asked something else since"


async def test_who_writes_too_fast_is_asked_to_wait_once_and_loses_nothing(
    pair: tuple[Services, ...],
) -> None:
    slow = replace(pair[0], abuse=AbuseLimits(sender=Limit(messages_a_second=0.001, burst=3)))
    received = [await receive(slow, message(str(n), channel="memory")) for n in range(6)]
    assert [one.turn_id is not None for one in received] == [True] * 3 + [False] * 3
    conversation_id = received[0].message.conversation_id
    texts = [line.text for line in await lines(slow, conversation_id)]
    assert texts.count(PLEASE_WAIT) == 1
    assert [text for text in texts if text != PLEASE_WAIT] == [str(n) for n in range(6)]
    other = await receive(slow, message("hello", "ben", channel="memory"))
    assert other.turn_id is not None
    program = await receive(slow, message("7", channel="memory"), is_program=True)
    assert program.turn_id is not None


async def test_replies_go_where_the_customer_wrote_last(pair: tuple[Services, ...]) -> None:
    services = pair[0]
    first = await receive(services, message("one", "web-ada", reference="C-1", channel="web"))
    other = await receive(services, message("two", "+441", reference="C-1", channel="memory"))
    assert other.message.conversation_id == first.message.conversation_id
    await take_turns(services, first.message.conversation_id)
    assert [(item.channel, item.address) for item in await items(services)] == [
        ("memory", "+441"),
        ("memory", "+441"),
    ]
    conversation, said = await read_conversation(services, first.message.conversation_id)
    assert (conversation.channel, conversation.address) == ("memory", "+441")
    assert [(line.channel, line.address) for line in said[:2]] == [
        ("web", "web-ada"),
        ("memory", "+441"),
    ]


async def test_the_same_event_at_once_is_one_line(pair: tuple[Services, ...]) -> None:
    await receive(pair[0], message("hello", external_id="m1", channel="memory"))
    done = message("👍", kind="reaction", external_id="r1", about="m1", channel="memory")
    came = await at_once(*(receive(services, done) for services in pair for _ in range(5)))
    assert not [one for one in came if isinstance(one, BaseException)]
    assert len({one.message.id for one in came if not isinstance(one, BaseException)}) == 1
