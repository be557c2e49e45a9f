"""Tags: short words that agents put on conversations, to find those of a kind again.

A tag needs no making: the first conversation that has it makes it, and the last one that loses it
takes it away.
"""

from __future__ import annotations

import unicodedata

from bot.auditing import audit
from bot.clock import now
from bot.errors import Conflict, InvalidInput
from bot.events import Event
from bot.ownership import lock_conversation
from bot.records import User
from bot.services import Services
from bot.text import clean

LONGEST = 40
MOST = 20


def tag_name(name: str, *, field: str = "name") -> str:
    """How a tag is written, however it was typed: small letters, on one line, nothing unseen.
    Raises InvalidInput naming `field` where nothing else would do."""
    # Joiners, which a text may have, would make two tags that look like one.
    seen = "".join(each for each in name.lower() if unicodedata.category(each) != "Cf")
    tag = " ".join(clean(seen, field=field).split())
    if len(tag) > LONGEST:
        raise InvalidInput(field, f"'{field}' must have at most {LONGEST} characters.")
    if '"' in tag:
        raise InvalidInput(field, f"'{field}' must have no quotation marks: please leave them out.")
    if not tag.strip("."):
        raise InvalidInput(field, f"'{field}' must not be dots alone: it is part of an address.")
    return tag


async def add(services: Services, conversation_id: str, user: User, name: str) -> list[str]:
    """Put it on the conversation, whose tags are then these; raise Conflict when it has MOST."""
    tag = tag_name(name)
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        tags = await uow.tags.of(conversation_id)
        if tag in tags:
            return tags
        if len(tags) >= MOST:
            raise Conflict(
                f"A conversation has at most {MOST} tags: remove one first.",
                code="too_many_tags",
                detail={"field": "name"},
            )
        await uow.tags.add(conversation, tag, user.id, at=now())
        # Which one is not said: agents make tags of whatever they like, also of names.
        await audit(uow, "tag.added", conversation_id, by=user.id, conversation_id=conversation_id)
        tags = await uow.tags.of(conversation_id)
    await services.bus.publish(Event("conversation", conversation_id))
    return tags


async def remove(services: Services, conversation_id: str, user: User, name: str) -> list[str]:
    """Take it off the conversation, whose tags are then these."""
    tag = tag_name(name)
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        was_there = await uow.tags.remove(conversation, tag)
        if was_there:
            await audit(
                uow, "tag.removed", conversation_id, by=user.id, conversation_id=conversation_id
            )
        tags = await uow.tags.of(conversation_id)
    if was_there:
        await services.bus.publish(Event("conversation", conversation_id))
    return tags
