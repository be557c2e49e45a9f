"""From a block's record to the shape of the API."""

from __future__ import annotations

from bot.abuse.block import Block
from bot.clock import iso, iso_or_none, now
from bot.conversation import Conversation
from bot.store.database import UnitOfWork
from desk import block_shapes as shapes
from desk.views.names import People, people


async def holding(uow: UnitOfWork, row: Conversation) -> shapes.Block | None:
    """The block that keeps this conversation's customer from being answered."""
    found = await uow.blocks.of_customer(row.customer_id, at=now())
    return block(found, await people(uow, [found.customer_id])) if found else None


def block(row: Block, names: People) -> shapes.Block:
    """One block."""
    return shapes.Block(
        id=row.id,
        conversation_id=row.conversation_id,
        customer=names.customer(row.customer_id),
        channel=row.channel,
        reason=row.reason,
        by=names.agent(row.blocked_by),
        at=iso(row.created_at),
        until=iso_or_none(row.until),
        lifted_at=iso_or_none(row.lifted_at),
        lifted_by=names.agent(row.lifted_by),
        heard=row.heard,
        last_heard_at=iso_or_none(row.last_heard_at),
    )
