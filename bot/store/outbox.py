"""The outbox: messages on their way to customers, written in the transaction that made them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import now
from bot.messages import Button, OutboundMessage
from bot.records import Delivery, OutboxItem
from bot.store.occasions import Occasions
from bot.store.tables import UtcDateTime, messages, outbox
from bot.store.values import values_of

# Statements of every turn are built once: building one costs more than running it.
_ADD = outbox.insert()
_HEARD = messages.alias("heard")
# Of the customer at this address; the index of the transcript finds it from its end.
_HEARD_AT = (
    sa.select(_HEARD.c.created_at)
    .where(
        _HEARD.c.conversation_id == outbox.c.conversation_id,
        _HEARD.c.author == "customer",
        _HEARD.c.channel == outbox.c.channel,
        _HEARD.c.address == outbox.c.address,
    )
    .order_by(_HEARD.c.seq.desc())
    .limit(1)
    .scalar_subquery()
)
_WITH_MESSAGE = (
    sa.select(
        outbox,
        messages.c.text,
        messages.c.author,
        messages.c.buttons,
        messages.c.image,
        _HEARD_AT.label("heard_at"),
    )
    .join(messages, messages.c.id == outbox.c.message_id)
    .order_by(outbox.c.conversation_id, outbox.c.seq)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
# Written out in the statement: a partial index serves only a query that names its condition.
OPEN: sa.BindParameter[Any] = sa.bindparam(
    "open", ("pending", "sending", "unknown"), expanding=True, literal_execute=True, unique=True
)
_EARLIER = outbox.alias("earlier")
_BEHIND = sa.exists().where(
    _EARLIER.c.conversation_id == outbox.c.conversation_id,
    _EARLIER.c.state.in_(OPEN),
    _EARLIER.c.channel == outbox.c.channel,
    _EARLIER.c.address == outbox.c.address,
    _EARLIER.c.seq < outbox.c.seq,
    sa.or_(
        _EARLIER.c.state != "unknown",
        _EARLIER.c.give_up_at > sa.bindparam("fresh", type_=UtcDateTime),
    ),
)
# Ordered by id, SQLite would walk through all there ever was rather than sort the few.
_DUE = (
    _WITH_MESSAGE.order_by(None)
    .order_by(outbox.c.next_attempt_at, outbox.c.id)
    .where(
        outbox.c.channel == sa.bindparam("channel"),
        outbox.c.state.in_(OPEN),
        outbox.c.next_attempt_at <= sa.bindparam("at", type_=UtcDateTime),
        sa.or_(outbox.c.state != "pending", ~_BEHIND),
    )
)
_HAND_OUT = (
    outbox.update()
    .where(
        outbox.c.conversation_id == sa.bindparam("conversation"),
        outbox.c.state.in_(OPEN),  # for the index of what is open: many may never fetch
        outbox.c.state == "pending",
        outbox.c.channel == sa.bindparam("on_channel"),
        outbox.c.address == sa.bindparam("to_address"),
    )
    .values(state="delivered", provider_id=sa.bindparam("turn"), attempts=outbox.c.attempts + 1)
    .returning(*outbox.c)
)
_HAND_OUT_OWN = _HAND_OUT.where(
    outbox.c.message_id.in_(
        sa.select(messages.c.id).where(messages.c.turn_id == sa.bindparam("turn"))
    )
)
# Found by the index of what is open: most conversations have nothing in it. Held with a reason, not
# put off after a try: that has an end, and keeps its time.
_REOPEN = (
    outbox.update()
    .where(
        outbox.c.conversation_id == sa.bindparam("conversation"),
        outbox.c.state.in_(OPEN),
        outbox.c.state == "pending",
        outbox.c.channel == sa.bindparam("on_channel"),
        outbox.c.address == sa.bindparam("to_address"),
        outbox.c.error.is_not(None),
        outbox.c.give_up_at.is_(None),
    )
    .values(next_attempt_at=sa.bindparam("at", type_=UtcDateTime), error=None)
    .returning(outbox.c.message_id)
)
_WAITING = (
    sa.select(outbox.c.channel, sa.func.min(outbox.c.created_at).label("since"))
    .where(
        outbox.c.channel.in_(sa.bindparam("channels", expanding=True)),
        outbox.c.state.in_(OPEN),
        outbox.c.state != "unknown",
        sa.or_(
            outbox.c.give_up_at.is_not(None),
            outbox.c.next_attempt_at <= sa.bindparam("at", type_=UtcDateTime),
        ),
    )
    .group_by(outbox.c.channel)
)
_BY_PROVIDER_ID = (
    sa.select(outbox)
    .where(
        outbox.c.channel == sa.bindparam("channel"),
        outbox.c.provider_id == sa.bindparam("provider_id"),
    )
    .order_by(outbox.c.id)
    .limit(1)
    .with_for_update()
)
# The number of attempts fences: it rises with every send, so that who stood still and comes back
# when another has sent changes nothing.
_WAS = (
    outbox.c.id == sa.bindparam("item"),
    outbox.c.state == sa.bindparam("was_state"),
    outbox.c.attempts == sa.bindparam("was_attempts"),
)
_CHANGED = (
    "state",
    "attempts",
    "parts_sent",
    "next_attempt_at",
    "give_up_at",
    "provider_id",
    "error",
)
_CHANGE = outbox.update().where(*_WAS).values({name: sa.bindparam(name) for name in _CHANGED})
_CLAIM = _CHANGE.where(outbox.c.next_attempt_at == sa.bindparam("was_due", type_=UtcDateTime))
_RENEW = (
    outbox.update().where(*_WAS).values(next_attempt_at=sa.bindparam("until", type_=UtcDateTime))
)
_KEEP_PART = outbox.update().where(*_WAS).values(parts_sent=sa.bindparam("parts"))
_NOT_SHOWN = ("pending", "sending", "sent", "dead", "unknown")
MOST = 200


class Outbox:
    """Reads and writes `outbox`."""

    def __init__(self, connection: AsyncConnection, occasions: Occasions) -> None:
        self._connection = connection
        self._occasions = occasions

    async def add(self, *items: OutboxItem) -> None:
        await self._connection.execute(_ADD, [values_of(item) for item in items])

    async def due(
        self, channel: str, *, at: datetime, fresh: datetime
    ) -> list[tuple[OutboxItem, OutboundMessage]]:
        """What to look at now, longest due first: of each address the first item that waits, sends
        whose lease has run out, and unknown ones that may be asked about.

        What is behind an item that waits, waits with it; so it does behind an unknown one that is
        looked for until after `fresh`.
        """
        return await self._with_messages(_DUE, channel=channel, at=at, fresh=fresh)

    async def waiting_since(self, channels: Sequence[str], *, at: datetime) -> dict[str, datetime]:
        """When the oldest message on each of these channels was written that is to be sent now or
        was tried: what is held for a customer who is away is not late."""
        rows = await self._connection.execute(_WAITING, {"channels": list(channels), "at": at})
        return {row.channel: row.since for row in rows}

    async def by_provider_id(self, channel: str, provider_id: str) -> OutboxItem | None:
        """The item that the provider calls so, locked."""
        found = await self._connection.execute(
            _BY_PROVIDER_ID, {"channel": channel, "provider_id": provider_id}
        )
        row = found.one_or_none()
        return OutboxItem(**row._mapping) if row else None

    async def of_message(self, message_id: str) -> OutboxItem | None:
        """The item that carries this message, locked."""
        found = await self._connection.execute(
            sa.select(outbox).where(outbox.c.message_id == message_id).with_for_update()
        )
        row = found.one_or_none()
        return OutboxItem(**row._mapping) if row else None

    async def deliveries(self, conversation_id: str) -> dict[str, Delivery]:
        """How far each of the conversation's messages got, by the message's id."""
        rows = await self._connection.execute(
            sa.select(outbox.c.message_id, outbox.c.state, outbox.c.error).where(
                outbox.c.conversation_id == conversation_id
            )
        )
        return {row.message_id: Delivery(row.state, row.error) for row in rows}

    async def claim(self, was: OutboxItem, becomes: OutboxItem) -> bool:
        """Become the one who does something about an item that is due; False when somebody else
        was first."""
        changed = await self._connection.execute(
            _CLAIM, {**_was(was), **_values(becomes), "was_due": was.next_attempt_at}
        )
        return self._told(was, becomes, changed.rowcount)

    async def change(self, was: OutboxItem, becomes: OutboxItem) -> bool:
        """Write what became of an item that is ours; False when it is no longer."""
        changed = await self._connection.execute(_CHANGE, {**_was(was), **_values(becomes)})
        return self._told(was, becomes, changed.rowcount)

    def _told(self, was: OutboxItem, becomes: OutboxItem, changed: int) -> bool:
        if changed and was.state != becomes.state:
            self._occasions.add_delivery(
                becomes.conversation_id,
                becomes.customer_id,
                becomes.message_id,
                becomes.state,
                becomes.error,
            )
        return bool(changed)

    async def keep_part(self, item: OutboxItem, parts_sent: int) -> bool:
        """Write how many parts of an item that is ours have been sent, and nothing else: its lease
        may just have been renewed. False when it is no longer ours."""
        kept = await self._connection.execute(_KEEP_PART, {**_was(item), "parts": parts_sent})
        return bool(kept.rowcount)

    async def renew(self, item: OutboxItem, *, until: datetime) -> None:
        """Keep a claimed item for longer."""
        await self._connection.execute(_RENEW, {**_was(item), "until": until})

    async def hand_out(
        self, channel: str, address: str, conversation_id: str, turn_id: str, *, only_own: bool
    ) -> None:
        """What one address has not fetched yet, or of it only what this turn said, is fetched with
        this turn's request."""
        values = {
            "conversation": conversation_id,
            "on_channel": channel,
            "to_address": address,
            "turn": turn_id,
        }
        rows = await self._connection.execute(_HAND_OUT_OWN if only_own else _HAND_OUT, values)
        self._settled(rows.all())

    async def fetched(self, conversation_id: str, channel: str, up_to_seq: int) -> list[OutboxItem]:
        """A page has shown its customer everything up to this sequence number; what was new to
        them, whatever had become of telling them otherwise."""
        read = _in_order(
            outbox.c.conversation_id == conversation_id,
            outbox.c.channel == channel,
            outbox.c.message_id.in_(
                sa.select(messages.c.id).where(
                    messages.c.conversation_id == conversation_id,
                    messages.c.seq <= up_to_seq,
                )
            ),
            states=_NOT_SHOWN,
        )
        rows = await self._connection.execute(
            outbox.update()
            .where(outbox.c.id.in_(read))
            .values(state="delivered", next_attempt_at=None, error=None)
            .returning(*outbox.c)
        )
        return self._settled(rows.all())

    async def wake(self, channel: str, address: str, *, at: datetime) -> None:
        """The customer is back: what was held for them is due now."""
        held = _in_order(
            outbox.c.channel == channel,
            outbox.c.address == address,
            outbox.c.next_attempt_at > at,
        )
        await self._connection.execute(
            outbox.update().where(outbox.c.id.in_(held)).values(next_attempt_at=at)
        )

    async def drop_unsent(self, channel: str, address: str, *, error: str) -> None:
        """Send nothing of what waits for this address."""
        unsent = _in_order(outbox.c.channel == channel, outbox.c.address == address)
        rows = await self._connection.execute(
            outbox.update()
            .where(outbox.c.id.in_(unsent))
            .values(state="dropped", error=error, next_attempt_at=None)
            .returning(*outbox.c)
        )
        self._settled(rows.all())

    async def reopened(self, conversation_id: str, channel: str, address: str) -> tuple[str, ...]:
        """What waited for the customer to write from this address again is due now; the ids of its
        messages."""
        values = {"conversation": conversation_id, "on_channel": channel, "to_address": address}
        rows = await self._connection.execute(_REOPEN, {**values, "at": now()})
        return tuple(row.message_id for row in rows)

    def _settled(self, rows: Sequence[sa.Row[Any]]) -> list[OutboxItem]:
        items = [OutboxItem(**row._mapping) for row in rows]
        for item in sorted(items, key=lambda item: item.seq):
            self._occasions.add_delivery(
                item.conversation_id, item.customer_id, item.message_id, item.state, item.error
            )
        return items

    async def _with_messages(
        self, query: sa.Select[Any], **values: object
    ) -> list[tuple[OutboxItem, OutboundMessage]]:
        rows = await self._connection.execute(query, {**values, "most": MOST})
        found = []
        for row in rows:
            item: dict[str, Any] = {c.name: row._mapping[c] for c in outbox.c}
            outbound = OutboundMessage(
                id=row.message_id,
                channel=row.channel,
                address=row.address,
                author=row.author,
                text=row.text,
                buttons=tuple(Button(**button) for button in row.buttons),
                image=row.image,
                heard_at=row.heard_at,
            )
            found.append((OutboxItem(**item), outbound))
        return found


def _was(item: OutboxItem) -> dict[str, Any]:
    return {"item": item.id, "was_state": item.state, "was_attempts": item.attempts}


def _values(item: OutboxItem) -> dict[str, Any]:
    return {name: getattr(item, name) for name in _CHANGED}


def _in_order(
    *conditions: sa.ColumnElement[bool], states: Sequence[str] = ("pending",)
) -> sa.Select[tuple[str]]:
    """The ids of these items, locked in one order: then two who change several of the same wait for
    each other, and never both."""
    return (
        sa.select(outbox.c.id)
        .where(outbox.c.state.in_(states), *conditions)
        .order_by(outbox.c.id)
        .with_for_update()
    )
