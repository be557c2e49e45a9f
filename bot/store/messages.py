"""The transcript: messages in the order of their sequence numbers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.messages import Button
from bot.records import Message
from bot.store.occasions import Occasions
from bot.store.tables import conversations, messages, outbox
from bot.store.values import values_of

# Statements of every turn are built once: building one costs more than running it.
_ADD = messages.insert()
_GET = sa.select(messages).where(messages.c.id == sa.bindparam("message"))
_BY_EXTERNAL_ID = sa.select(messages).where(
    messages.c.channel == sa.bindparam("channel"),
    messages.c.external_id == sa.bindparam("external"),
)
_TRANSCRIPT = (
    sa.select(messages)
    .where(
        messages.c.conversation_id == sa.bindparam("conversation"),
        messages.c.seq > sa.bindparam("after"),
    )
    .order_by(messages.c.seq.desc())
    .limit(sa.bindparam("most"))
)
_PUBLIC_TRANSCRIPT = _TRANSCRIPT.where(messages.c.private.is_(False))
# What was fetched with a turn's request, and what the turn said: two looks, each by its index.
_FETCHED = sa.union_all(
    sa.select(messages)
    .join(outbox, outbox.c.message_id == messages.c.id)
    .where(
        outbox.c.channel == sa.bindparam("channel"),
        outbox.c.provider_id == sa.bindparam("turn"),
        messages.c.author != "system",
    ),
    sa.select(messages).where(
        messages.c.turn_id == sa.bindparam("turn"),
        messages.c.channel == sa.bindparam("channel"),
        messages.c.author != "customer",
        messages.c.private.is_(False),
    ),
)
# From the end of each transcript backwards: the highest of a group would be sought among all of it.
_LINES = messages.alias("lines")
_NEWEST = (
    sa.select(messages)
    .join(conversations, conversations.c.id == messages.c.conversation_id)
    .where(
        conversations.c.id.in_(sa.bindparam("conversations", expanding=True)),
        messages.c.seq
        == sa.select(_LINES.c.seq)
        .where(
            _LINES.c.conversation_id == conversations.c.id,
            _LINES.c.private.is_(False),
            _LINES.c.author != "system",
        )
        .order_by(_LINES.c.seq.desc())
        .limit(1)
        .scalar_subquery(),
    )
)
# Of the bot's last turn, which may have said several things; an agent's words have no buttons.
_NEWEST_SAID = (
    sa.select(messages.c.author, messages.c.turn_id, messages.c.buttons)
    .where(
        messages.c.conversation_id == sa.bindparam("conversation"),
        messages.c.author.in_(("bot", "agent")),
        messages.c.private.is_(False),
    )
    .order_by(messages.c.seq.desc())
    .limit(5)
)
_OF_AGENT = sa.select(messages).where(
    messages.c.conversation_id == sa.bindparam("conversation"),
    messages.c.author == "agent",
    messages.c.external_id == sa.bindparam("external"),
)


class Messages:
    """Reads and writes `messages`."""

    def __init__(self, connection: AsyncConnection, occasions: Occasions) -> None:
        self._connection = connection
        self._occasions = occasions

    async def add(self, *added: Message) -> None:
        await self._connection.execute(_ADD, [values_of(message) for message in added])
        for message in added:
            self._occasions.add_message(message)

    async def get(self, message_id: str) -> Message | None:
        return await self._one(_GET, message=message_id)

    async def many(self, message_ids: Collection[str]) -> dict[str, Message]:
        """Those with these ids, by id."""
        rows = await self._connection.execute(
            sa.select(messages).where(messages.c.id.in_(message_ids))
        )
        return {row.id: Message(**row._mapping) for row in rows}

    async def by_external_id(self, channel: str, external_id: str) -> Message | None:
        """The message a retry repeats, if we have it."""
        return await self._one(_BY_EXTERNAL_ID, channel=channel, external=external_id)

    async def transcript(
        self, conversation_id: str, *, after: int = 0, private: bool = True, limit: int = 1000
    ) -> list[Message]:
        """Messages with a sequence number above `after`; the newest `limit` of them, in order."""
        rows = await self._connection.execute(
            _TRANSCRIPT if private else _PUBLIC_TRANSCRIPT,
            {"conversation": conversation_id, "after": after, "most": limit},
        )
        return [Message(**row._mapping) for row in reversed(rows.all())]

    async def around(
        self, conversation_id: str, turn_ids: Collection[str], *, after: int, until: int | None
    ) -> list[Message]:
        """The lines after one number, up to and including another, and beyond it those of these
        turns; in order."""
        within = messages.c.seq > after
        if until is not None:
            within = sa.and_(within, messages.c.seq <= until)
        rows = await self._connection.execute(
            sa.select(messages)
            .where(
                messages.c.conversation_id == conversation_id,
                sa.or_(within, messages.c.turn_id.in_(turn_ids)),
            )
            .order_by(messages.c.seq)
        )
        return [Message(**row._mapping) for row in rows]

    async def fetched_with(self, turn_id: str, channel: str) -> list[Message]:
        """What a pull channel's customer fetched with this turn's request, the turn's own lines
        last."""
        rows = await self._connection.execute(_FETCHED, {"turn": turn_id, "channel": channel})
        found = {row.id: Message(**row._mapping) for row in rows}
        return sorted(found.values(), key=lambda line: (line.turn_id == turn_id, line.seq))

    async def newest(self, conversation_ids: list[str]) -> dict[str, Message]:
        """The last public line of each conversation of a page, by conversation."""
        rows = await self._connection.execute(_NEWEST, {"conversations": conversation_ids})
        return {row.conversation_id: Message(**row._mapping) for row in rows}

    async def last_of_customer(self, conversation_id: str) -> Message | None:
        rows = await self._connection.execute(
            sa.select(messages)
            .where(messages.c.conversation_id == conversation_id, messages.c.author == "customer")
            .order_by(messages.c.seq.desc())
            .limit(1)
        )
        row = rows.one_or_none()
        return Message(**row._mapping) if row else None

    async def last_from(
        self, conversation_id: str, places: Collection[tuple[str, str]]
    ) -> Message | None:
        """The customer's last line from one of these places, each a channel and an address."""
        rows = await self._connection.execute(
            sa.select(messages)
            .where(
                messages.c.conversation_id == conversation_id,
                messages.c.author == "customer",
                sa.tuple_(messages.c.channel, messages.c.address).in_(places),
            )
            .order_by(messages.c.seq.desc())
            .limit(1)
        )
        row = rows.one_or_none()
        return Message(**row._mapping) if row else None

    async def heard_at(self, customer_id: str, channel: str, address: str) -> datetime | None:
        """When the customer last wrote from this address."""
        found = await self._connection.execute(
            sa.select(sa.func.max(messages.c.created_at)).where(
                messages.c.customer_id == customer_id,
                messages.c.author == "customer",
                messages.c.channel == channel,
                messages.c.address == address,
            )
        )
        at: datetime | None = found.scalar_one()
        return at

    async def offered(self, conversation_id: str, payload: str, *, window: int = 50) -> str | None:
        """The title of the button with this payload in one of the last `window` bot messages."""
        rows = await self._connection.execute(
            sa.select(messages.c.buttons)
            .where(messages.c.conversation_id == conversation_id, messages.c.author == "bot")
            .order_by(messages.c.seq.desc())
            .limit(window)
        )
        for row in rows:
            for button in row.buttons:
                if button["payload"] == payload:
                    return str(button["title"])
        return None

    async def numbered(self, conversation_id: str, number: int) -> Button | None:
        """The button with this number, from 1, if the newest words to the customer were a choice
        of the bot's: asked by an agent, a number is the answer to that."""
        rows = await self._connection.execute(_NEWEST_SAID, {"conversation": conversation_id})
        newest = rows.all()
        for row in newest:
            if row.author == "agent":
                return None
            if row.turn_id == newest[0].turn_id and row.buttons:
                offered = [Button(**button) for button in row.buttons]
                return offered[number - 1] if 0 < number <= len(offered) else None
        return None

    async def written_by_agent(self, conversation_id: str, external_id: str) -> Message | None:
        """What an agent's page repeats, on whichever channel it went out."""
        return await self._one(_OF_AGENT, conversation=conversation_id, external=external_id)

    async def said_as(self, conversation_id: str, channel: str, name: str) -> Message | None:
        """What the customer said under this name, where an external id is a name and more: Telegram
        names a message in an edit, and a delivery of one in its id."""
        rows = await self._connection.execute(
            sa.select(messages)
            .where(
                messages.c.conversation_id == conversation_id,
                messages.c.channel == channel,
                messages.c.external_id.startswith(f"{name}:", autoescape=True),
                messages.c.author == "customer",
            )
            .order_by(messages.c.seq)
            .limit(1)
        )
        row = rows.one_or_none()
        return Message(**row._mapping) if row else None

    async def blank(self, message: Message, *, text: str) -> list[Message]:
        """The customer took it back: nothing of it remains but that, also where they had corrected
        it or where a reaction quotes it. All these lines, as they were."""
        rows = await self._connection.execute(
            sa.select(messages).where(
                messages.c.conversation_id == message.conversation_id,
                messages.c.author == "customer",
                messages.c.turn_id.is_(None),
            )
        )
        found = [Message(**row._mapping) for row in rows]
        gone = [message, *(one for one in found if one.data.get("about") == message.id)]
        await self._connection.execute(
            messages.update()
            .where(messages.c.id.in_([one.id for one in gone]))
            .values(text=text, attachments=[], payload=None)
        )
        self._occasions.add(
            "message_updated", message.conversation_id, message.customer_id, message_id=message.id
        )
        return gone

    async def _one(self, query: sa.Select[Any], **values: object) -> Message | None:
        row = (await self._connection.execute(query, values)).one_or_none()
        return Message(**row._mapping) if row else None
