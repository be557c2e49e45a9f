"""The assistant: one customer message in, one reply out, by a Rasa model in this process.

Nothing is sent or stored here; the turn commits what this returns. Rasa's own steps are used in
Rasa's own order, but the reply is collected, and parsing, the only heavy part, leaves the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timezone
from types import MappingProxyType
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    Event,
    FollowupAction,
    LoopInterrupted,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from actions.context.reading import membership_read, read_ahead
from bot.assistant.acting import Acting, acting, begin, hear
from bot.assistant.caller import caller_known
from bot.assistant.deciding import decision_of
from bot.assistant.policy import HANDOFF_ACTION, KNOWLEDGE_ACTION
from bot.assistant.reply import (
    NOT_UNDERSTOOD,
    ActionRun,
    AssistantReply,
    CustomerMessage,
    HandoffRequest,
    Memory,
    ReplyMessage,
    Understanding,
    as_read,
    prepared_changes,
    requests_in,
)
from bot.assistant.signal_question import open_question
from bot.assistant.tracker import catch_up, dump, restore
from bot.ledger import Ledger
from bot.messages import Button

RANKING = 5
# What a customer's name and what they just met may change the answer to.
NAMES_MATTER = NOT_UNDERSTOOD | {"greet"}
LAST_RESORT = "I could not finish that myself, so I am getting a person for you."
NO_VALUES: Mapping[str, Any] = MappingProxyType({})


class Assistant:
    """A loaded model, ready to answer. Calls for different conversations may overlap."""

    def __init__(self, processor: MessageProcessor, *, model: str) -> None:
        self.model = model
        self._processor = processor
        self._domain = processor.domain
        self.intents = frozenset(self._domain.intents)
        self.entities = frozenset(self._domain.entities)
        self.domain_slots = frozenset(slot.name for slot in self._domain.slots)
        # The slots an agent may set when giving a conversation back: those a customer may fill.
        self.slot_names = frozenset(slot.name for slot in self._domain.slots if _is_collected(slot))
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="understanding")

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def reply(
        self,
        conversation_id: str,
        message: CustomerMessage,
        memory: Memory,
        ledger: Ledger | None = None,
    ) -> AssistantReply:
        """Understand the message and act on it; `ledger` remembers for another try, if any."""
        tracker, ran = self._start(conversation_id, memory, Acting(message.id, ledger))
        vouched = message.customer.get("verification") not in (None, "anyone")
        reference = message.customer.get("reference") if vouched else None
        read_ahead(reference, message.channel, message.address)
        collector = Collector(message.channel)
        before = len(tracker.events)
        question = open_question(tracker.events)
        understanding = await self._hear(tracker, message, collector, question=question)
        tracker = await self._processor.run_action_extract_slots(collector, tracker)
        await self._processor._run_prediction_loop(collector, tracker)
        reply = await self._finish(tracker, collector, before, understanding, ran)
        return await _with_signals(reply, message.customer, ledger)

    async def observe(
        self, conversation_id: str, message: CustomerMessage, memory: Memory
    ) -> AssistantReply:
        """Understand a message that a person will answer: remembered and logged, not acted on."""
        tracker, ran = self._start(conversation_id, memory, Acting(message.id))
        collector = Collector(message.channel)
        before = len(tracker.events)
        understanding = await self._hear(tracker, message, collector)
        tracker = await self._processor.run_action_extract_slots(collector, tracker)
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME), self._domain)
        return AssistantReply(
            messages=(),
            events=dump(tracker),
            understanding=understanding,
            handoff=None,
            actions=tuple(ran),
            slots=self._slots(tracker),
            decision=decision_of(list(tracker.events)[before:]),
        )

    async def read(self, text: str) -> Understanding:
        """What the text is read as by itself, outside any conversation."""
        user = UserMessage(as_read(text))
        return _understanding(await self._parse_aside(user, None))

    async def resume(
        self,
        conversation_id: str,
        message: CustomerMessage,
        memory: Memory,
        ledger: Ledger | None = None,
    ) -> AssistantReply:
        """Go on after an agent gave the conversation back, with the system's line that says so: an
        open form asks its question again."""
        tracker, ran = self._start(conversation_id, memory, Acting(message.id, ledger))
        collector = Collector(message.channel)
        before = len(tracker.events)
        if tracker.active_loop_name:
            # The interruption keeps the form from reading the last message as an answer again.
            tracker.update(LoopInterrupted(True), self._domain)
            tracker.update(FollowupAction(tracker.active_loop_name), self._domain)
            await self._processor._run_prediction_loop(collector, tracker)
        else:
            collector.finished = True
        return await self._finish(tracker, collector, before, None, ran)

    def _start(
        self, conversation_id: str, memory: Memory, acting: Acting
    ) -> tuple[DialogueStateTracker, list[ActionRun]]:
        begin(acting)
        tracker = restore(conversation_id, memory.events, self._domain)
        catch_up(tracker, memory.since, self._domain)
        return tracker, acting.ran

    async def _hear(
        self,
        tracker: DialogueStateTracker,
        message: CustomerMessage,
        collector: Collector,
        *,
        question: str | None = None,
    ) -> Understanding:
        """Put the message into the tracker; a "yes" to a `question` as the press of its button."""
        text = message.payload or as_read(message.text)
        user = UserMessage(
            text,
            collector,
            sender_id=tracker.sender_id,
            input_channel=message.channel,
            message_id=message.id,
            metadata={"customer": dict(message.customer), "shown_text": message.text},
        )
        parsed = message.parsed
        if parsed is None:
            parsed = await self._parse_aside(user, tracker)
        user.parse_data = parsed
        understanding = _understanding(parsed)
        hear(parsed, understanding)
        user.metadata["customer"] = await caller_known(
            message.customer, acting().ledger, wholly=understanding.intent in NAMES_MATTER
        )
        if question is not None and understanding.intent == "affirm":
            user.text = question
            user.parse_data = await self._parse_aside(user, tracker)
        await self._processor._handle_message_with_tracker(user, tracker)
        return understanding

    async def _parse_aside(
        self, user: UserMessage, tracker: DialogueStateTracker | None
    ) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._parse, user, tracker)

    def _parse(self, user: UserMessage, tracker: DialogueStateTracker | None) -> dict[str, Any]:
        parsed: dict[str, Any] = self._processor._parse_message_with_graph(user, tracker)
        self._processor._update_full_retrieval_intent(parsed)
        return parsed

    async def _finish(
        self,
        tracker: DialogueStateTracker,
        collector: Collector,
        before: int,
        understanding: Understanding | None,
        ran: list[ActionRun],
    ) -> AssistantReply:
        messages = collector.bubbles()
        made = list(tracker.events)[before:]
        handoff = _handoff(made)
        failed = [run for run in ran if run.error]
        if handoff is None and failed:
            evidence = f"The action {failed[0].action} could not be completed ({failed[0].error})."
            handoff, messages = HandoffRequest("action_failed", evidence), ()
        elif handoff is None and not messages and not collector.finished:
            handoff = HandoffRequest("no_answer", "The assistant had nothing to say to this.")
        if handoff is not None and handoff.reason == "action_failed":
            # What was said before the failure may be untrue: say only that a person is coming.
            messages = messages[-1:]
        if handoff is not None and not messages:
            messages = (await self._handoff_words(tracker, collector),)
        return AssistantReply(
            messages=messages,
            events=dump(tracker),
            understanding=understanding,
            handoff=handoff,
            actions=tuple(ran),
            slots=self._slots(tracker),
            tier=membership_read(datetime.now(timezone.utc).date()),
            misunderstood=understanding is not None
            and understanding.intent in NOT_UNDERSTOOD
            and KNOWLEDGE_ACTION not in [run.action for run in ran],
            decision=decision_of(made),
        )

    async def _handoff_words(
        self, tracker: DialogueStateTracker, collector: Collector
    ) -> ReplyMessage:
        said = await self._processor.nlg.generate(HANDOFF_ACTION, tracker, collector.name())
        return ReplyMessage((said or {}).get("text") or LAST_RESORT)

    async def words(
        self, response: str, channel: str, values: Mapping[str, Any] = NO_VALUES
    ) -> ReplyMessage | None:
        """What the domain's `utter_…` says on this channel outside any turn, with `values` for its
        braces; None where it has none, as a model has that was trained before there was one."""
        collector = Collector(channel)
        nobody = restore(response, [], self._domain)
        said = await self._processor.nlg.generate(response, nobody, channel, **values)
        if said is not None:
            await collector.send_response(nobody.sender_id, said)
        return next(iter(collector.bubbles()), None)

    def _slots(self, tracker: DialogueStateTracker) -> dict[str, Any]:
        values: dict[str, Any] = tracker.current_slot_values()
        return {
            name: value
            for name, value in values.items()
            if value is not None and name in self.slot_names
        }


class Collector(CollectingOutputChannel):  # type: ignore[misc]
    """Keeps what the bot says; `finished` means that saying nothing is right."""

    def __init__(self, channel: str) -> None:
        super().__init__()
        self._channel = channel
        self._bubbles: list[ReplyMessage] = []
        self.finished = False

    def name(self) -> str:
        """The customer's channel, so that responses written for one channel apply."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep a response whole: Rasa would take it apart, with the picture after the words."""
        said = [message.get("text"), message.get("attachment")]
        text = "\n".join(part for part in said if isinstance(part, str) and part)
        image = message.get("image") or None
        if text or image:
            # Quick replies are what Rasa calls buttons that vanish once one of them is pressed.
            offered = [*(message.get("buttons") or ()), *(message.get("quick_replies") or ())]
            buttons = tuple(
                Button(title=button["title"], payload=button.get("payload") or button["title"])
                for button in offered
            )
            self._bubbles.append(ReplyMessage(text, buttons, image))

    def bubbles(self) -> tuple[ReplyMessage, ...]:
        return tuple(self._bubbles)


async def _with_signals(
    reply: AssistantReply, customer: Mapping[str, Any], ledger: Ledger | None
) -> AssistantReply:
    """A hand-off takes along what the customer just met: what the shop saw of it is on no record
    of ours."""
    if reply.handoff is None:
        return reply
    caller = await caller_known(customer, ledger, wholly=True)
    handoff = replace(reply.handoff, signals=tuple(caller.get("signals") or ()))
    return replace(reply, handoff=handoff)


def _understanding(parsed: dict[str, Any]) -> Understanding:
    intent = parsed.get("intent") or {}
    return Understanding(
        intent=intent.get("name"),
        confidence=float(intent.get("confidence") or 0.0),
        ranking=[
            {"intent": other["name"], "confidence": round(float(other["confidence"]), 4)}
            for other in requests_in(parsed)[:RANKING]
        ],
        entities=[
            {"entity": entity["entity"], "value": entity["value"]}
            for entity in parsed.get("entities") or []
        ],
        language=(parsed.get("language") or {}).get("name"),
    )


def _handoff(new_events: list[Event]) -> HandoffRequest | None:
    for event in reversed(new_events):
        wanted = (
            (event.metadata or {}).get("handoff") if isinstance(event, ActionExecuted) else None
        )
        if wanted:
            prepared = prepared_changes(wanted.get("prepared"))
            return HandoffRequest(wanted["reason"], wanted["evidence"], prepared)
        if isinstance(event, ActionExecuted) and event.action_name == HANDOFF_ACTION:
            # The customer was told that a person comes: whoever decided it, one must.
            return HandoffRequest("rule", "A rule or story of the assistant calls for a person.")
    return None


def _is_collected(slot: Slot) -> bool:
    return any(mapping.get("type") != "custom" for mapping in slot.mappings)
