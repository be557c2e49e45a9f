"""Leases on conversations: the right to take their turns, which runs out unless it is renewed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Conversation
from bot.errors import LeaseLost, StaleOwner
from bot.lease import FURTHEST
from bot.store.conversations import COLUMNS, read_conversation
from bot.store.tables import UtcDateTime, conversations


def has_come(moment: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether it is not, or no longer, to be waited for until this moment; binds `bounds`."""
    return sa.or_(
        moment.is_(None),
        moment <= sa.bindparam("at", type_=UtcDateTime),
        moment > sa.bindparam("furthest", type_=UtcDateTime),
    )


def bounds(at: datetime) -> dict[str, datetime]:
    """What statements with `has_come` are to be run with."""
    return {"at": at, "furthest": at + FURTHEST}


# Statements of every turn are built once: building one costs more than running it.
_ID = conversations.c.id == sa.bindparam("conversation")
_TAKE = (
    conversations.update()
    .where(
        _ID,
        sa.or_(
            has_come(conversations.c.lease_until),
            conversations.c.lease_token == sa.bindparam("token"),
        ),
    )
    .values(lease_token=sa.bindparam("token"), lease_until=sa.bindparam("until"))
    .returning(*COLUMNS)
)
_RENEW = (
    conversations.update()
    .where(_ID, conversations.c.lease_token == sa.bindparam("token"))
    .values(lease_until=sa.bindparam("until"))
)
_HOLDER = (
    sa.select(conversations.c.lease_token, conversations.c.owner_epoch)
    .where(_ID)
    .with_for_update(key_share=True)
)
_END_TURN = (
    conversations.update()
    .where(
        _ID,
        conversations.c.lease_token == sa.bindparam("token"),
        conversations.c.owner_epoch == sa.bindparam("epoch"),
    )
    .values(
        last_seq=conversations.c.last_seq + sa.bindparam("lines"),
        updated_at=sa.bindparam("at"),
        lease_token=None,
        lease_until=None,
    )
    .returning(conversations.c.last_seq, conversations.c.channel, conversations.c.address)
)
_RELEASE = (
    conversations.update()
    .where(_ID, conversations.c.lease_token == sa.bindparam("token"))
    .values(lease_token=None, lease_until=None)
)
_REVOKED = "revoked"
_REVOKE = (
    conversations.update()
    .where(_ID, conversations.c.lease_token.is_not(None))
    .values(lease_token=_REVOKED, lease_until=None)
)


class Leases:
    """Reads and writes the lease in `conversations`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take(
        self, conversation_id: str, token: str, *, at: datetime, until: datetime
    ) -> Conversation | None:
        """Become the only one who may take this conversation's turns until `until`; None when
        somebody else is. From here on the row is locked."""
        names = {"conversation": conversation_id, "token": token}
        values = {**names, "until": until, **bounds(at)}
        row = (await self._connection.execute(_TAKE, values)).one_or_none()
        return read_conversation(row) if row else None

    async def renew(self, conversation_id: str, token: str, *, until: datetime) -> None:
        """Keep the lease for longer; nothing happens when somebody else has it by now."""
        await self._connection.execute(
            _RENEW, {"conversation": conversation_id, "token": token, "until": until}
        )

    async def check(self, conversation: Conversation, token: str) -> None:
        """Lock the conversation; raise LeaseLost or StaleOwner unless the lease is still this
        one's and the owner the one it was taken under."""
        found = await self._connection.execute(_HOLDER, {"conversation": conversation.id})
        row = found.one_or_none()
        if row is not None and row.lease_token == _REVOKED:
            raise StaleOwner("the conversation lost a message during the turn")
        if row is None or row.lease_token != token:
            raise LeaseLost("the lease ran out during the turn, and somebody else took it")
        if row.owner_epoch != conversation.owner_epoch:
            raise StaleOwner("the conversation changed owner during the turn")

    async def end_turn(
        self, conversation: Conversation, token: str, *, lines: int, at: datetime
    ) -> Conversation:
        """Lock the conversation, give the lease back and take the next `lines` sequence numbers,
        all in one step; the conversation as it is by then. Raise as `check` does."""
        values = {
            "conversation": conversation.id,
            "token": token,
            "epoch": conversation.owner_epoch,
            "lines": lines,
            "at": at,
        }
        row = (await self._connection.execute(_END_TURN, values)).one_or_none()
        if row is None:
            await self.check(conversation, token)
            raise LookupError("a conversation that refuses its own turn")
        # The customer may have gone on to another channel since the turn was begun.
        return replace(conversation, updated_at=at, **row._mapping)

    async def revoke(self, conversation_id: str) -> None:
        """Let nothing be written that was computed until now: its turn is taken anew."""
        await self._connection.execute(_REVOKE, {"conversation": conversation_id})

    async def release(self, conversation_id: str, token: str) -> None:
        await self._connection.execute(_RELEASE, {"conversation": conversation_id, "token": token})
