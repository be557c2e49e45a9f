"""Offers: in queues with `offer_seconds`, whoever waits is put before one agent after the other.

Which offer is open stands in the database, so it outlasts a restart, and several workers may look:
each step locks the conversation and then the agent, and sees whether somebody was there first.
Nobody is kept from a customer by it: who claims one that is offered to somebody else has it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.agents import presence_changed
from bot.auditing import audit
from bot.clock import new_id, now
from bot.conversation import State
from bot.errors import Conflict, NotFound
from bot.events import Event
from bot.handoff import give_to
from bot.next_in_line import REMEMBERED
from bot.one_of_many import one_of_many
from bot.ownership import lock_conversation, publish
from bot.records import Agent, Handoff, HandoffState, Offer, OfferState, User
from bot.rules import Rules
from bot.services import Services
from bot.store.database import UnitOfWork

log = logging.getLogger(__name__)

MISSED_IN_A_ROW = 2  # then they are taken to be away


@dataclass(frozen=True, slots=True)
class Candidate:
    """An agent who is there and has room; `served_at` is when they took their last customer."""

    agent: Agent
    room: int
    served_at: datetime | None


def best(
    candidates: Sequence[Candidate], asked: Mapping[str, int], *, known: str | None, again: bool
) -> Candidate | None:
    """Whom to ask next: of those who were asked least, whom the customer knows, then who has most
    room, then who is idle for longest. Nobody is asked twice unless it may begin `again`."""
    fewest = min((asked.get(one.agent.user_id, 0) for one in candidates), default=0)
    if fewest > 0 and not again:
        return None
    return max(
        (one for one in candidates if asked.get(one.agent.user_id, 0) == fewest),
        key=lambda one: (
            one.agent.user_id == known,
            one.room,
            -one.served_at.timestamp() if one.served_at else 0.0,
        ),
        default=None,
    )


async def accept(services: Services, handoff_id: str, user: User) -> str:
    """Take the customer who is offered to this agent, and say which conversation it is; raise
    Conflict when the offer is over. Accepting twice is accepting once."""
    async with services.database.write() as uow:
        handoff = await _handoff(uow, handoff_id)
        conversation = await lock_conversation(uow, handoff.conversation_id)
        if conversation.agent_id == user.id:
            return conversation.id
        offer = await uow.offers.open_to(user.id)
        is_open = offer is not None and offer.handoff_id == handoff_id
        if not is_open and conversation.state is not State.AGENT:
            raise Conflict("This offer is over: the next was asked.", code="offer_over")
        slot_names = services.assistant.slot_names
        message = await give_to(uow, conversation, user, slot_names=slot_names, at=now())
        await uow.agents.lock(user.id)
        await uow.agents.set_missed_offers(user.id, 0)
    await publish(services, conversation.id, message)
    return conversation.id


async def decline(services: Services, handoff_id: str, user: User) -> None:
    """Let the next one be asked; an offer that is over anyway is no error."""
    async with services.database.read() as uow:
        await _handoff(uow, handoff_id)
        offer = await uow.offers.open_to(user.id)
    if offer is not None and offer.handoff_id == handoff_id:
        await _end(services, offer, "declined", at=now())


async def tend_offers(services: Services, *, at: datetime | None = None) -> datetime | None:
    """End the offers that ran out or whose agent is gone, and make those that can be made; when
    the first of the open ones runs out, None where there is none."""
    at = at or now()
    async with services.database.read() as uow:
        offers = await uow.offers.open()
        ending = await _ending(uow, offers, at=at)
    if not offers and not services.rules.offering():
        return None
    for offer, state in ending:
        with one_of_many("offer_not_ended", offer.conversation_id):
            await _end(services, offer, state, at=at)
    async with services.database.read() as uow:
        chosen = await _chosen(uow, services.rules, at=at)
    for handoff, agent_id, why in chosen:
        with one_of_many("not_offered", handoff.conversation_id):
            await _offer(services, handoff, agent_id, why, at=at)
    async with services.database.read() as uow:
        return min((offer.until for offer in await uow.offers.open()), default=None)


async def _handoff(uow: UnitOfWork, handoff_id: str) -> Handoff:
    handoff = await uow.handoffs.get(handoff_id)
    if handoff is None:
        raise NotFound("There is no such hand-off.")
    return handoff


async def _ending(
    uow: UnitOfWork, offers: list[Offer], *, at: datetime
) -> list[tuple[Offer, OfferState]]:
    there = {agent.user_id for agent in await uow.agents.present(at=at)} if offers else set()
    missed: list[tuple[Offer, OfferState]] = [(one, "missed") for one in offers if one.until <= at]
    return [
        *missed,
        *((one, "withdrawn") for one in offers if one.until > at and one.agent_id not in there),
    ]


async def _end(services: Services, offer: Offer, state: OfferState, *, at: datetime) -> None:
    """Unless somebody ended it before."""
    sent_away = False
    async with services.database.write() as uow:
        await lock_conversation(uow, offer.conversation_id)
        if not await uow.offers.end(offer, state, at=at):
            return
        await uow.handoffs.set_offered(offer.handoff_id, is_offered=False)
        declined = state == "declined"
        await audit(
            uow,
            f"offer.{state}",
            offer.id,
            by=offer.agent_id if declined else None,
            actor=None if declined else "bot",
            conversation_id=offer.conversation_id,
            at=at,
        )
        if state != "withdrawn":
            agent = await uow.agents.lock(offer.agent_id)
            missed = agent.missed_offers + 1 if state == "missed" else 0
            await uow.agents.set_missed_offers(agent.user_id, missed)
            sent_away = missed >= MISSED_IN_A_ROW and agent.presence == "online"
            if sent_away:
                await uow.agents.set_presence(agent.user_id, "away")
                details = {"missed": missed}
                await audit(
                    uow, "user.set_away", agent.user_id, by=None, actor="bot", details=details
                )
    log.info("offer_ended conversation_id=%s state=%s", offer.conversation_id, state)
    await services.bus.publish(Event("conversation", offer.conversation_id))
    if sent_away:
        await services.bus.publish(presence_changed(offer.agent_id))


async def _chosen(
    uow: UnitOfWork, rules: Rules, *, at: datetime
) -> list[tuple[Handoff, str, Mapping[str, Any]]]:
    """Who is to be offered to whom, and by which facts, the head of the line first."""
    offering = rules.offering()
    free = await _free(uow, at=at) if offering else []
    served = offering.intersection(name for one in free for name in rules.queues_of(one.agent))
    if not served:
        return []
    waiting = await uow.handoffs.waiting_in(served)
    customers = {handoff.customer_id for handoff in waiting}
    known = await uow.handoffs.last_agents(customers, since=at - REMEMBERED)
    had_it = await uow.offers.had_it(waiting)
    chosen: list[tuple[Handoff, str, Mapping[str, Any]]] = []
    for handoff in waiting:
        able = [one for one in free if handoff.queue in rules.queues_of(one.agent)]
        if handoff.state is not HandoffState.REQUESTED or not able:
            continue
        earlier = had_it.get(handoff.id, [])
        asked = Counter(offer.agent_id for offer in earlier)
        ended_at = max((offer.ended_at for offer in earlier if offer.ended_at), default=None)
        # As long as an offer: who could not take it then may be able to by now.
        pause = timedelta(seconds=rules.queue(handoff.queue).offer_seconds or 0)
        again = ended_at is None or ended_at + pause <= at
        one = best(able, asked, known=known.get(handoff.customer_id), again=again)
        if one is not None:
            free.remove(one)
            why = {
                "of": len(able),
                "known": known.get(handoff.customer_id) == one.agent.user_id,
                "room": one.room,
                "asked_before": asked[one.agent.user_id],
            }
            chosen.append((handoff, one.agent.user_id, why))
    return chosen


async def _free(uow: UnitOfWork, *, at: datetime) -> list[Candidate]:
    """Who is there, has room, and is not being offered anybody."""
    present = await uow.agents.present(at=at)
    asked = {offer.agent_id for offer in await uow.offers.open()}
    ids = [agent.user_id for agent in present if agent.user_id not in asked]
    loads = await uow.agents.loads(ids)
    served_at = await uow.offers.last_accepted(ids)
    return [
        Candidate(agent, room, served_at.get(agent.user_id))
        for agent in present
        if agent.user_id in ids and (room := agent.capacity - loads.get(agent.user_id, 0)) > 0
    ]


async def _offer(
    services: Services, found: Handoff, agent_id: str, why: Mapping[str, Any], *, at: datetime
) -> None:
    """Unless one of both has changed since it was decided."""
    seconds = services.rules.queue(found.queue).offer_seconds
    async with services.database.write() as uow:
        await lock_conversation(uow, found.conversation_id)
        handoff = await uow.handoffs.open_of(found.conversation_id)
        agent = await uow.agents.lock(agent_id)
        if (
            seconds is None
            or handoff is None
            or handoff.state is not HandoffState.REQUESTED
            or handoff.queue != found.queue
            or not await _can_take(uow, agent)
        ):
            return
        offer = Offer(
            id=new_id(),
            handoff_id=handoff.id,
            conversation_id=handoff.conversation_id,
            customer_id=handoff.customer_id,
            agent_id=agent_id,
            state="open",
            offered_at=at,
            until=at + timedelta(seconds=seconds),
            ended_at=None,
        )
        await uow.offers.add(offer)
        await audit(
            uow,
            "offer.made",
            offer.id,
            by=None,
            actor="bot",
            conversation_id=offer.conversation_id,
            at=at,
            details={"agent": agent_id, **why},
        )
        await uow.handoffs.set_offered(handoff.id, is_offered=True)
    log.info("offered conversation_id=%s", found.conversation_id)
    await services.bus.publish(Event("conversation", found.conversation_id))


async def _can_take(uow: UnitOfWork, agent: Agent) -> bool:
    return (
        agent.presence == "online"
        and agent.revoked_at is None
        and await uow.agents.load(agent.user_id) < agent.capacity
        and await uow.offers.open_to(agent.user_id) is None
    )
