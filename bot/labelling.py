"""Labels that leads give to logged messages, and take back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from bot.assistant.reply import NOT_SURE, OUT_OF_SCOPE
from bot.auditing import audit
from bot.clock import new_id, now
from bot.errors import InvalidInput, NotFound
from bot.events import Event
from bot.records import Label, Turn, User
from bot.services import Services
from bot.store.database import UnitOfWork

MOST_TURNS = 200


async def label_turns(
    services: Services,
    user: User,
    turn_ids: Sequence[str],
    intent: str | None,
    entities: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Say what these messages are about, in place of what the lead said before; the batch, by which
    it is undone. `entities` are spans of the text of a single turn. Raises InvalidInput, NotFound.
    """
    wanted = list(dict.fromkeys(turn_ids))
    if not 1 <= len(wanted) <= MOST_TURNS:
        raise InvalidInput(
            "turn_ids", f"'turn_ids' must name 1 to {MOST_TURNS} turns; send the others after them."
        )
    if entities and len(wanted) > 1:
        raise InvalidInput("entities", "'entities' belong to one message: label it by itself.")
    batch, at = new_id(), now()
    async with services.database.write() as uow:
        await _check_intent(uow, services, intent)
        # Locked, so that two presses, two leads or a deletion come one after the other.
        found = await uow.reviews.lock(wanted)
        missing = set(wanted) - {turn.id for turn in found}
        if missing:
            raise NotFound(
                f"There is no finished turn '{min(missing)}'. It may have been erased or taken"
                " back: reload.",
                detail={"field": "turn_ids"},
            )
        await uow.labels.put(
            [
                Label(
                    id=new_id(),
                    turn_id=turn.id,
                    conversation_id=turn.conversation_id,
                    customer_id=turn.customer_id,
                    user_id=user.id,
                    intent=intent,
                    entities=[_span(turn, one, services.assistant.entities) for one in entities],
                    batch=batch,
                    created_at=at,
                    undone_at=None,
                )
                for turn in found
            ]
        )
        await uow.reviews.settle(wanted)
        details = {"intent": intent, "turns": len(found), "spans": len(entities)}
        if len(found) == 1:
            details["turn"] = found[0].id
        await audit(uow, "label.given", batch, by=user.id, at=at, details=details)
    await services.bus.publish(Event("label", "", {"batch": batch}))
    return batch


async def undo(services: Services, user: User, batch: str) -> list[str]:
    """Take back what this lead gave in one go; the turns that have no label of theirs now."""
    async with services.database.write() as uow:
        given = await uow.labels.batch(batch, by=user.id)
        await uow.reviews.lock(given)
        taken_back = await uow.labels.undo(batch, by=user.id, at=now())
        await uow.reviews.settle(taken_back)
        if taken_back:
            details = {"turns": len(taken_back)}
            await audit(uow, "label.taken_back", batch, by=user.id, details=details)
    if not given:
        raise NotFound("There is nothing of yours to undo under this batch.")
    await services.bus.publish(Event("label", "", {"batch": batch}))
    return taken_back


async def known_intents(uow: UnitOfWork, services: Services) -> Collection[str]:
    """What a message can be said to be about: what the live model knows or a lead added, and out
    of scope."""
    added = {intent.name for intent in await uow.new_intents.all()}
    return (services.assistant.intents - {NOT_SURE}) | added | {OUT_OF_SCOPE}


async def _check_intent(uow: UnitOfWork, services: Services, intent: str | None) -> None:
    if intent is not None and intent not in await known_intents(uow, services):
        raise InvalidInput(
            "intent",
            f"There is no intent '{intent[:80]}'. Choose a known one, or add it first.",
        )


def _span(turn: Turn, entity: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    start, end, name = entity["start"], entity["end"], entity["entity"]
    if not 0 <= start < end <= len(turn.text):
        raise InvalidInput(
            "entities",
            f"'entities' has a span from {start} to {end}, and the text has {len(turn.text)}"
            " characters: select it anew.",
        )
    if name not in known:
        raise InvalidInput(
            "entities", f"'entities' names '{name[:80]}', which there is not: choose a known one."
        )
    return {"start": start, "end": end, "entity": name, "value": turn.text[start:end]}
