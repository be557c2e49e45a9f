"""Whom a note mentions: a colleague by their name after an @, until they have looked.

The names are read from the note itself, so that a program's note and one typed by hand mention as
well as one that was picked from the list.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from bot.errors import NotFound
from bot.events import Event
from bot.records import User
from bot.services import Services


def mentioned_in(text: str, staff: Collection[User]) -> list[User]:
    """Those whose whole name stands behind an @; of two names that begin alike, the longer one."""
    people = [one for one in staff if one.role != "program" and one.name]
    names = sorted({one.name.lower() for one in people}, key=len, reverse=True)
    if not names:
        return []
    pattern = rf"(?<!\w)@({'|'.join(map(re.escape, names))})(?!\w)"
    found = {name.lower() for name in re.findall(pattern, text, re.IGNORECASE)}
    return [one for one in people if one.name.lower() in found]


async def looked(services: Services, conversation_id: str, user: User) -> None:
    """They have seen where they were mentioned in this conversation."""
    async with services.database.write() as uow:
        if await uow.conversations.get(conversation_id) is None:
            raise NotFound("There is no such conversation.")
        changed = await uow.mentions.looked(conversation_id, user.id)
    if changed:
        await services.bus.publish(Event("conversation", conversation_id))
