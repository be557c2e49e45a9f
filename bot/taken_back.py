"""What a customer took back on their channel goes from everywhere: the transcript, the log, cards
of hand-offs, what the assistant remembers, and what programs are still to be told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.collected import is_from
from bot.contact import forget_contact
from bot.readable import DELETED
from bot.records import Handoff, Message
from bot.store.database import UnitOfWork

_PROOF = "proof"  # the slot that counts wrong guesses: it is kept, or they could be made anew


async def take_back(uow: UnitOfWork, said: Message) -> None:
    """Leave nothing of the message's words. A turn that is being taken knows them, so it is taken
    anew. Lock the conversation first."""
    await uow.leases.revoke(said.conversation_id)
    gone = [line for line in await uow.messages.blank(said, text=DELETED) if line.text != DELETED]
    await uow.turns.blank(said.id, text=DELETED)
    await forget_contact(uow, said)
    await uow.notices.forget(said.conversation_id)
    for handoff in await uow.handoffs.all_of(said.conversation_id):
        without = _without(handoff, said, gone)
        if without != handoff:
            await uow.handoffs.set_words(without)
    events, _ = await uow.trackers.get(said.conversation_id)
    kept = [_forgetting(event, said.id, [line.text for line in gone]) for event in events]
    if kept != events:
        await uow.trackers.rewrite(said.conversation_id, kept)


def _without(handoff: Handoff, said: Message, gone: Collection[Message]) -> Handoff:
    """The hand-off as it is without these lines."""
    ids = {said.id, *(line.id for line in gone)}
    card = dict(handoff.card)
    if "wants" in card and card["wants"].get("message_id") in ids:
        card["wants"] = {**card["wants"], "text": DELETED}
    if "collected" in card:
        # Cards of earlier versions do not say where a value is from.
        card["collected"] = [one for one in card["collected"] if one.get("message_id") not in ids]
    evidence = handoff.evidence
    is_quoted = handoff.turn_id is not None and handoff.turn_id == said.turn_id
    if is_quoted or any(_quotes(evidence, line.text) for line in gone):
        before, mark, quoted = evidence.partition("“")
        after = quoted.rpartition("”")[2]
        evidence = f"{before}“{DELETED}”{after}" if mark else evidence
    return replace(handoff, card=card, evidence=evidence)


def _quotes(evidence: str, text: str) -> bool:
    """Whether it shows the text, or its beginning, as a piece of evidence does."""
    shown = " ".join(text.split())[:40]
    return bool(shown) and shown in evidence


def _forgetting(event: dict[str, Any], message_id: str, texts: Sequence[str]) -> dict[str, Any]:
    """The event of a tracker (JSON) without words of these texts."""
    if event.get("event") == "user":
        is_it = event.get("message_id") == message_id or _repeats(event.get("text"), texts)
        parsed = event.get("parse_data") or {}
        blank = {**parsed, "text": DELETED, "entities": []}
        return {**event, "text": DELETED, "parse_data": blank} if is_it else event
    if event.get("event") != "slot" or not any(
        _is_said(one, texts) for one in _leaves(event.get("value"))
    ):
        return event
    kept = {**event["value"], "code": None} if event["name"] == _PROOF else None
    return {**event, "value": kept}


def _is_said(value: object, texts: Sequence[str]) -> bool:
    return _repeats(value, texts) or any(is_from(value, text) for text in texts)


def _repeats(value: object, texts: Sequence[str]) -> bool:
    """Whether it is one of the texts, or several messages that were taken as one."""
    return any(f"\n{text}\n" in f"\n{value}\n" for text in texts)


def _leaves(value: Any) -> Iterator[object]:
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _leaves(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _leaves(each)
    elif value is not None and not isinstance(value, bool):
        yield value
