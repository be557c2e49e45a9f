"""Who asked for no more messages gets none, on every database, until they ask again."""

from __future__ import annotations

from bot.intake import receive
from bot.opt_out import HELP, WELCOME_BACK
from bot.services import Services
from tests.conftest import over_both_databases
from tests.contract.test_deliveries import MemoryConnector, answer, delivering, items, settled
from tests.processes import message, read_conversation
from tests.provider import write

pytestmark = over_both_databases


async def told(services: Services, kind: str, text: str, **more: object) -> None:
    given = {"kind": kind, "channel": "memory", "address": "ada", **more}
    await receive(services, message(text, **given))  # type: ignore[arg-type]


async def test_after_stop_what_waits_is_dropped_and_nothing_more_is_sent(
    pair: tuple[Services, ...],
) -> None:
    services, connector = pair[0], MemoryConnector()
    await write(services, "ada", "one", "two", channel="memory")
    await write(services, "ben", "three", channel="memory")
    await told(services, "opt_out", "STOP")
    assert [(item.state, item.error) for item in await items(services, "ada")] == [
        ("dropped", "opted_out")
    ] * 2
    async with delivering(pair[1], connector):  # another process, as after a restart
        await write(services, "ada", "four", channel="memory")
        await settled(services, *["dropped"] * 3, address="ada")
        await settled(services, "sent", address="ben")
        assert connector.sent == ["three"]
        await told(services, "opt_in", "START")
        await write(services, "ada", "five", channel="memory")
        await settled(services, *["dropped"] * 3, "sent", "sent", address="ada")
    assert connector.sent == ["three", WELCOME_BACK, "five"]


async def test_stop_is_said_to_a_person_in_the_transcript_and_never_answered(
    pair: tuple[Services, ...],
) -> None:
    said = await answer(pair[0], "hello")
    await told(pair[0], "opt_out", "Stop")
    _, lines = await read_conversation(pair[0], said.message.conversation_id)
    assert [(line.author, line.text) for line in lines[2:]] == [("customer", "Stop")]
    assert lines[2].data == {"event": "opt_out"}


async def test_help_is_answered_once_unless_the_provider_did(pair: tuple[Services, ...]) -> None:
    services = pair[0]
    await told(services, "help", "HELP", external_id="h1")
    await told(services, "help", "HELP", external_id="h1")
    await told(services, "help", "INFO", answered=True)
    await told(services, "opt_in", "START", answered=True)
    async with services.database.write() as uow:
        conversation = await uow.conversations.lock_of_address("memory", "ada")
        assert conversation is not None
        lines = await uow.messages.transcript(conversation.id)
    assert [line.text for line in lines] == ["HELP", HELP, "INFO", "START"]


async def test_help_is_answered_where_it_was_asked_for(pair: tuple[Services, ...]) -> None:
    services = pair[0]
    await receive(services, message("hi", "+441", reference="C-1", channel="memory"))
    last = await receive(services, message("hi", "web-ada", reference="C-1", channel="web"))
    await told(services, "help", "HELP", address="+441")
    await told(services, "opt_in", "START", address="+441")
    sent_to = [(item.channel, item.address) for item in await items(services)]
    assert sent_to == [("memory", "+441")] * 2
    conversation, _ = await read_conversation(services, last.message.conversation_id)
    assert conversation.channel == "web"  # everything else is said where they wrote last


async def test_it_is_an_address_that_opts_out_not_a_customer(pair: tuple[Services, ...]) -> None:
    services, connector = pair[0], MemoryConnector()
    await receive(services, message("hi", "+441", reference="C-1", channel="memory"))
    await told(services, "opt_out", "STOP", address="+441")
    await receive(services, message("hi", "+442", reference="C-1", channel="memory"))
    async with delivering(services, connector):
        await write(services, "+442", "still here", channel="memory")
        await settled(services, "sent", address="+442")
    assert connector.sent == ["still here"]
