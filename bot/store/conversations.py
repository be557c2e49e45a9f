"""Conversations: who owns them, and their place in the queue."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Conversation, State
from bot.store.occasions import Occasions
from bot.store.tables import conversations, identities, mentions, tags
from bot.store.values import values_of

COLUMNS = [
    column for column in conversations.c if column.name not in {"lease_token", "lease_until"}
]
_NAMES = [column.name for column in COLUMNS]

# Statements of every turn are built once: building one costs more than running it.
_ID = conversations.c.id == sa.bindparam("conversation")
_ADD = conversations.insert()
_GET = sa.select(*COLUMNS).where(_ID)
# On PostgreSQL FOR NO KEY UPDATE: rows that refer to a locked one can still be written. SQLite's
# one writer needs no lock, and SQLAlchemy leaves the clause out there.
_LOCK = _GET.with_for_update(key_share=True)
# Customers who joined may have two; what they say reaches the person who is at one of them.
_WITH_A_PERSON = sa.case((conversations.c.state.in_(("waiting", "agent")), 0), else_=1)
_OF_CUSTOMER = (
    sa.select(*COLUMNS)
    .where(conversations.c.customer_id == sa.bindparam("customer"))
    .order_by(_WITH_A_PERSON, conversations.c.updated_at.desc(), conversations.c.id.desc())
    .limit(1)
)
_LOCK_OF_ADDRESS = (
    sa.select(*COLUMNS)
    .join(identities, identities.c.customer_id == conversations.c.customer_id)
    .where(
        identities.c.channel == sa.bindparam("channel"),
        identities.c.address == sa.bindparam("address"),
    )
    .order_by(_WITH_A_PERSON, conversations.c.updated_at.desc(), conversations.c.id.desc())
    .limit(1)
    # The identity too: who has waited here for a join to end must not go on with what was before.
    .with_for_update(key_share=True, of=(conversations, identities))
)
_LOCK_OF_CUSTOMER = _OF_CUSTOMER.with_for_update(key_share=True)
_NEXT_SEQ = (
    conversations.update()
    .where(_ID)
    .values(last_seq=conversations.c.last_seq + 1, updated_at=sa.bindparam("at"))
    .returning(conversations.c.last_seq)
)


@dataclass(frozen=True, slots=True)
class ConversationFilter:
    """Which conversations are wanted; what is None does not matter."""

    state: State | None = None
    agent_id: str | None = None
    mentioned_id: str | None = None  # a user who has not looked yet
    tag: str | None = None

    def narrow(
        self, query: sa.Select[Any], *, before: tuple[datetime, str] | None
    ) -> sa.Select[Any]:
        """The query for these alone, newest first, from below `before`."""
        if self.state is not None:
            query = query.where(conversations.c.state == self.state.value)
        if self.agent_id is not None:
            query = query.where(conversations.c.agent_id == self.agent_id)
        if self.mentioned_id is not None:
            of_user = mentions.c.user_id == self.mentioned_id
            query = query.where(
                conversations.c.id.in_(sa.select(mentions.c.conversation_id).where(of_user))
            )
        if self.tag is not None:
            tagged = sa.select(tags.c.conversation_id).where(tags.c.name == self.tag)
            query = query.where(conversations.c.id.in_(tagged))
        if before is not None:
            query = query.where(
                sa.tuple_(conversations.c.updated_at, conversations.c.id)
                < sa.tuple_(
                    sa.literal(before[0], conversations.c.updated_at.type), sa.literal(before[1])
                )
            )
        return query.order_by(conversations.c.updated_at.desc(), conversations.c.id.desc())


ALL = ConversationFilter()


class Conversations:
    """Reads and writes `conversations`."""

    def __init__(self, connection: AsyncConnection, occasions: Occasions) -> None:
        self._connection = connection
        self._occasions = occasions

    async def add(self, conversation: Conversation) -> None:
        values = {**values_of(conversation), "state": conversation.state.value}
        await self._connection.execute(_ADD, values)
        self._occasions.add(
            "conversation_created",
            conversation.id,
            conversation.customer_id,
            **_owner(conversation),
        )

    async def get(self, conversation_id: str) -> Conversation | None:
        return await self._one(_GET, conversation=conversation_id)

    async def lock(self, conversation_id: str) -> Conversation | None:
        """The conversation, which nobody else can change before this transaction has ended.

        Whoever checks something of a conversation before writing locks it first.
        """
        return await self._one(_LOCK, conversation=conversation_id)

    async def of_customer(self, customer_id: str) -> Conversation | None:
        """The customer's newest conversation: the one a new message belongs to."""
        return await self._one(_OF_CUSTOMER, customer=customer_id)

    async def lock_of_address(self, channel: str, address: str) -> Conversation | None:
        """The newest conversation of whoever writes from this address, locked."""
        return await self._one(_LOCK_OF_ADDRESS, channel=channel, address=address)

    async def lock_of_customer(self, customer_id: str) -> Conversation | None:
        """The same, locked."""
        return await self._one(_LOCK_OF_CUSTOMER, customer=customer_id)

    async def newest(
        self, customer_ids: Collection[str], *, but: str | None = None, limit: int = 100
    ) -> list[Conversation]:
        """The conversations of these customers, newest first, without the one named `but`."""
        rows = await self._connection.execute(
            sa.select(*COLUMNS)
            .where(conversations.c.customer_id.in_(customer_ids), conversations.c.id != (but or ""))
            .order_by(conversations.c.updated_at.desc(), conversations.c.id.desc())
            .limit(limit)
        )
        return [read_conversation(row) for row in rows]

    async def channels(self, ids: set[str]) -> dict[str, str]:
        """The channel of each conversation of a page, by id."""
        rows = await self._connection.execute(
            sa.select(conversations.c.id, conversations.c.channel).where(
                conversations.c.id.in_(ids)
            )
        )
        return {row.id: row.channel for row in rows}

    async def page(
        self,
        wanted: ConversationFilter = ALL,
        *,
        before: tuple[datetime, str] | None = None,
        limit: int,
    ) -> list[Conversation]:
        """Newest first; `before` is the (updated_at, id) of the last row of the page above."""
        query = wanted.narrow(sa.select(*COLUMNS), before=before)
        rows = await self._connection.execute(query.limit(limit))
        return [read_conversation(row) for row in rows]

    async def set_owner(self, changed: Conversation, *, expected_epoch: int, at: datetime) -> bool:
        """Write a new owner unless somebody did so since `expected_epoch`; False if they did."""
        here = (
            conversations.c.id == changed.id,
            conversations.c.owner_epoch == expected_epoch,
        )
        was = await self._connection.scalar(sa.select(conversations.c.state).where(*here))
        result = await self._connection.execute(
            conversations.update()
            .where(*here)
            .values(
                state=changed.state.value,
                owner_epoch=changed.owner_epoch,
                agent_id=changed.agent_id,
                queue=changed.queue,
                snoozed_at=changed.snoozed_at,
                snoozed_until=changed.snoozed_until,
                updated_at=at,
            )
        )
        if result.rowcount:
            self._occasions.add(
                "conversation_updated"
                if was == changed.state.value
                else "conversation_status_changed",
                changed.id,
                changed.customer_id,
                was=was,
                **_owner(changed),
            )
        return bool(result.rowcount)

    async def set_snooze(self, changed: Conversation) -> None:
        """Write since when it is put off and until when; lock it first."""
        await self._connection.execute(
            conversations.update()
            .where(conversations.c.id == changed.id)
            .values(snoozed_at=changed.snoozed_at, snoozed_until=changed.snoozed_until)
        )
        self._occasions.add("conversation_updated", changed.id, changed.customer_id)

    async def snoozed_until(self, at: datetime) -> list[str]:
        """Those whose snooze is over by then."""
        rows = await self._connection.execute(
            sa.select(conversations.c.id)
            .where(conversations.c.snoozed_at.is_not(None), conversations.c.snoozed_until <= at)
            .order_by(conversations.c.snoozed_until)
        )
        return list(rows.scalars())

    async def answered_at(
        self, conversation: Conversation, *, channel: str, address: str
    ) -> Conversation:
        """Replies go where the customer wrote last."""
        if (conversation.channel, conversation.address) == (channel, address):
            return conversation
        await self._connection.execute(
            conversations.update()
            .where(conversations.c.id == conversation.id)
            .values(channel=channel, address=address)
        )
        self._occasions.add(
            "conversation_updated", conversation.id, conversation.customer_id, channel=channel
        )
        return replace(conversation, channel=channel, address=address)

    async def next_seq(self, conversation: Conversation, *, at: datetime) -> Conversation:
        """Take the next sequence number and mark the conversation as just changed."""
        seq = (
            await self._connection.execute(_NEXT_SEQ, {"conversation": conversation.id, "at": at})
        ).scalar_one()
        return replace(conversation, last_seq=seq, updated_at=at)

    async def mark_seen(self, conversation_id: str, seq: int) -> None:
        """The customer has read up to `seq`; an older mark changes nothing."""
        await self._connection.execute(
            conversations.update()
            .where(
                conversations.c.id == conversation_id,
                conversations.c.seen_seq < seq,
                conversations.c.last_seq >= seq,
            )
            .values(seen_seq=seq)
        )

    async def _one(self, query: sa.Select[Any], **values: object) -> Conversation | None:
        row = (await self._connection.execute(query, values)).one_or_none()
        return read_conversation(row) if row else None


def _owner(conversation: Conversation) -> dict[str, Any]:
    return {
        "state": conversation.state.value,
        "owner_epoch": conversation.owner_epoch,
        "agent_id": conversation.agent_id,
        "queue": conversation.queue,
    }


def read_conversation(row: sa.Row[Any]) -> Conversation:
    """A row that begins with COLUMNS, as a value."""
    values = dict(zip(_NAMES, row, strict=False))
    return Conversation(**{**values, "state": State(row.state)})
