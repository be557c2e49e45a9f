"""Two whom a customer was taken for: one whose conversation the customer wrote into, and one who
wrote into the customer's. Both were joined by a code, and taken apart again by an agent."""

from __future__ import annotations

from dataclasses import dataclass

from bot.agent_message import send_as_agent
from bot.clock import now
from bot.handoff import claim
from bot.intake import receive
from bot.join_undo import undo
from bot.messages import InboundMessage
from bot.records import User
from bot.services import Services
from bot.store.tables import handoffs, joins
from bot.turn import take_turns
from tests import traces
from tests.contract.test_joins import carry, identity, rows
from tests.processes import message, to_queue, turn_of

HOSTS, HOST = "nobody else hums so greenly", "guest:the-host"
GUESTS, GUEST = "nobody else hums so purply", "+15550990042"


@dataclass(frozen=True, slots=True)
class Host:
    """Whose conversation it was, and what stands for each table in it."""

    customer_id: str
    came: InboundMessage
    ids: dict[str, str]


async def host_of(services: Services, agent: User) -> Host:
    """The customer wrote here from their second telephone, was handed off and answered; their lines
    are what the card and the assistant's memory quote."""
    own = await receive(services, message(HOSTS, HOST, channel="web"))
    conversation_id, customer_id = own.message.conversation_id, own.message.customer_id
    await take_turns(services, conversation_id)
    await carry(services, message("a code", traces.SECOND_PHONE, channel="whatsapp"), HOST)
    came = message(traces.STRAY, traces.SECOND_PHONE, channel="whatsapp")
    stray = await receive(services, came)
    assert stray.message.conversation_id == conversation_id
    await take_turns(services, conversation_id)
    await to_queue(services, conversation_id)
    await claim(services, conversation_id, agent)
    await send_as_agent(services, conversation_id, agent, "Dear zyxxcaller", client_id="2")
    async with services.database.write() as uow:
        (handoff,) = await uow.handoffs.all_of(conversation_id)
        assert handoff.card["wants"]["text"] == traces.STRAY
    await remember(services, conversation_id, customer_id, traces.STRAY)
    async with services.database.writer.begin() as connection:
        asked = {"evidence": f"Not understood: {traces.STRAY}", "turn_id": turn_of(stray)}
        await connection.execute(handoffs.update().where(handoffs.c.id == handoff.id).values(asked))
    ids = {
        "customers": customer_id,
        "conversations": conversation_id,
        "messages": stray.message.id,
        "turns": turn_of(stray),
        "users": agent.id,
        "handoffs": handoff.id,
    }
    return Host(customer_id, came, ids)


async def guest_in(services: Services, conversation_id: str, visitor: str) -> None:
    """Somebody else writes into the customer's conversation; the last turn is theirs."""
    await carry(services, message("a code", GUEST, channel="twilio"), visitor)
    written = await receive(services, message(GUESTS, GUEST, channel="twilio"))
    assert written.message.conversation_id == conversation_id
    await take_turns(services, conversation_id)
    await remember(services, conversation_id, written.message.customer_id, GUESTS)


async def take_apart(services: Services, agent: User) -> None:
    """Undo the join that was made last."""
    await undo(services, (await rows(services, joins))[-1]["id"], agent)


async def guest_id(services: Services) -> str:
    return (await identity(services, "twilio", GUEST)).customer_id


async def remember(services: Services, conversation_id: str, customer_id: str, text: str) -> None:
    """As an assistant does that is no echo."""
    events = [{"event": "user", "text": text}]
    async with services.database.write() as uow:
        await uow.trackers.put(conversation_id, customer_id, events, seq=1, at=now())
