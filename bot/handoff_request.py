"""Asking for a person: the hand-off and its card, made from facts as part of the turn's commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.assistant.reply import NOT_UNDERSTOOD, AssistantReply, HandoffRequest
from bot.auditing import audit
from bot.clock import new_id
from bot.collected import collected_facts, proof_of, slots_in
from bot.conversation import Conversation, State
from bot.messages import channel_of
from bot.ownership import set_owner
from bot.priority import greater, priority_of, ranked_at
from bot.records import Handoff, HandoffState, Message, Turn, User
from bot.rules import Rules
from bot.store.database import UnitOfWork
from bot.transcript import add_message
from bot.waiting import announce_wait

# The reasons a hand-off can have, and how they read on a page.
REASONS = {
    "customer_asked": "Asked for a person",
    "low_confidence": "The bot was not sure enough",
    "out_of_scope": "Nothing the bot knows about",
    "misunderstood": "Not understood several times",
    "frustration": "The customer sounds upset",
    "sensitive_topic": "A sensitive topic",
    "language_not_served": "Another language",
    "verification_failed": "Could not be verified",
    "action_failed": "Something the bot tried failed",
    "needs_approval": "Needs your approval",
    "beyond_policy": "Beyond what the bot may do",
    "shop_unavailable": "The shop's system did not answer",
    "rule": "A rule of the shop",
    "no_answer": "The bot had no answer",
    "taken_over": "Taken over by an agent",
}
# Greetings and the like do not say what a customer wants.
TALK = frozenset({"greet", "goodbye", "thank", "affirm", "deny", "bot_challenge", "chitchat"})
NOT_WISHES = TALK | {"contact_human_agent"}
RECENT_TURNS = 10
READ_BACK = 200  # lines, for where a value is from
# What becomes of a prepared change is written into the card beside it.
UNDECIDED = {"state": "waiting", "result": None, "by": None, "at": None}


async def request_handoff(
    uow: UnitOfWork,
    conversation: Conversation,
    turn: Turn,
    reply: AssistantReply,
    rules: Rules,
    *,
    at: datetime,
) -> Message | None:
    """Give the conversation to its queue, with the request and its card; part of the turn's own
    transaction. What the customer is told about the wait comes back, if there is anything."""
    if reply.handoff is None:
        raise ValueError("the reply asks for no hand-off")
    # The log is written by now: this turn is the newest of them.
    card = await _card(uow, conversation, reply.events, reply.slots, reply.handoff)
    customer = await uow.customers.get(conversation.customer_id)
    tier = customer.tier if customer else None
    by: dict[str, Any] = {
        "intent": card["wants"]["intent"],
        "language": reply.understanding.language if reply.understanding else None,
        "channel": channel_of(conversation.channel),
        "tier": tier,
    }
    name = rules.queue_for(**by)
    waiting = await set_owner(uow, conversation, State.WAITING, queue=name, at=at)
    due_at, warn_at = rules.queue(name).due(at)
    priority = greater(priority_of(reply.handoff.reason), rules.priority.of_tier(tier))
    rule = rules.routing_for(**by)
    await uow.turns.decided(
        turn.id,
        {
            **(turn.decision or {}),
            "route": {
                **by,
                "queue": name,
                "rule": None if rule is None else rule + 1,
                "conditions": _conditions(rules, rule),
                "priority": priority,
                "of_reason": priority_of(reply.handoff.reason),
                "of_tier": rules.priority.of_tier(tier),
            },
        },
    )
    handoff = Handoff(
        id=new_id(),
        conversation_id=conversation.id,
        customer_id=conversation.customer_id,
        turn_id=turn.id,
        state=HandoffState.REQUESTED,
        reason=reply.handoff.reason,
        evidence=reply.handoff.evidence,
        card=card,
        agent_id=None,
        requested_at=at,
        accepted_at=None,
        closed_at=None,
        queue=name,
        priority=priority,
        queued_at=at,
        ranked_at=ranked_at(at, priority),
        warn_at=warn_at,
        due_at=due_at,
        replied_at=None,
        tier=tier,
    )
    await uow.handoffs.add(handoff)
    await audit(
        uow,
        "handoff.requested",
        handoff.id,
        by=None,
        actor="bot",
        conversation_id=conversation.id,
        at=at,
        details={"reason": handoff.reason, "queue": name, "priority": priority, "turn": turn.id},
    )
    _, waiting = await add_message(
        uow,
        waiting,
        author="system",
        text=f"Handed to a person: {REASONS.get(handoff.reason, handoff.reason)}.",
        private=True,
        data={"event": "handoff_requested", "reason": handoff.reason},
        at=at,
    )
    return await announce_wait(uow, rules, waiting, handoff, at=at)


def _conditions(rules: Rules, number: int | None) -> dict[str, list[str]]:
    """Of the routing rule with that number, as the file has it now."""
    if number is None:
        return {}
    rule = rules.routing[number]
    names = ("intents", "languages", "channels", "tiers")
    return {name: list(getattr(rule, name)) for name in names if getattr(rule, name)}


async def take_over(
    uow: UnitOfWork,
    conversation: Conversation,
    user: User,
    *,
    slot_names: frozenset[str],
    at: datetime,
) -> None:
    """Write the hand-off of a conversation that nobody asked a person into, accepted at once."""
    events, _ = await uow.trackers.get(conversation.id)
    customer = await uow.customers.get(conversation.customer_id)
    handoff = Handoff(
        id=new_id(),
        conversation_id=conversation.id,
        customer_id=conversation.customer_id,
        turn_id=None,
        state=HandoffState.ACCEPTED,
        reason="taken_over",
        evidence=f"{user.name} took over from the bot.",
        card=await _card(uow, conversation, events, slot_names, None),
        agent_id=user.id,
        requested_at=at,
        accepted_at=at,
        closed_at=None,
        queue=conversation.queue,
        priority="normal",
        queued_at=at,
        ranked_at=at,
        warn_at=None,  # nobody was promised anything
        due_at=None,
        replied_at=None,
        tier=customer.tier if customer else None,
    )
    await uow.handoffs.add(handoff)


async def _card(
    uow: UnitOfWork,
    conversation: Conversation,
    events: Iterable[Mapping[str, Any]],
    slot_names: Iterable[str],
    wanted: HandoffRequest | None,
) -> dict[str, Any]:
    recent = await uow.turns.recent(conversation.id, limit=RECENT_TURNS)
    transcript = await uow.messages.transcript(conversation.id, limit=READ_BACK)
    slots = slots_in(events)
    return {
        "wants": await _wish(uow, conversation, recent),
        "proof": proof_of(slots),
        "collected": collected_facts(slots, slot_names, transcript),
        "tried": _tried(recent[::-1]),
        "signals": list(wanted.signals) if wanted else [],
        "prepared": [
            {"id": new_id(), **asdict(change), **UNDECIDED}
            for change in (wanted.prepared if wanted else ())
        ],
    }


async def _wish(
    uow: UnitOfWork, conversation: Conversation, newest_first: list[Turn]
) -> dict[str, Any]:
    """What the customer is after: the message that brought up the newest subject.

    "10432" may be the newest that has to do with it, but "where is my order?" says it.
    """
    subject: Turn | None = None
    for turn in newest_first:
        if turn.intent is None or turn.intent in NOT_WISHES:
            continue
        if turn.intent in NOT_UNDERSTOOD:
            if subject is None:  # they moved on to something else, whatever it is
                return {"intent": None, "text": turn.text, "message_id": turn.message_id}
            break
        if subject is not None and turn.intent != subject.intent:
            break
        subject = turn
    if subject is None and not newest_first:
        # Taken over before the bot had answered anything.
        said = await uow.messages.last_of_customer(conversation.id)
        return {
            "intent": None,
            "text": said.text if said else "",
            "message_id": said.id if said else "",
        }
    said_in = subject or newest_first[0]
    intent = subject.intent if subject else None
    return {"intent": intent, "text": said_in.text, "message_id": said_in.message_id}


def _tried(oldest_first: list[Turn]) -> list[dict[str, Any]]:
    """The actions that did something or failed; asking and checking answers is no attempt."""
    return [
        {
            "action": run["action"],
            "result": "failed" if run["error"] else "ok",
            "detail": run["error"],
            "about": turn.intent,
        }
        for turn in oldest_first
        for run in turn.actions
        if run["error"] or not run["action"].startswith(("validate_", "action_ask_"))
    ]
