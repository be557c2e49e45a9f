"""The JSON of a block: as a lead's list shows it, and as it stands on its conversation."""

from __future__ import annotations

from pydantic import BaseModel, Extra, Field

from bot.abuse.block import BlockReason
from desk.shapes.message import Person


class NewBlock(BaseModel):
    """Whom to block: the customer wherever they write, unless `only_address`."""

    reason: BlockReason
    hours: int | None = Field(default=None, ge=1, le=8_784, description="None for good")
    only_address: bool = Field(
        default=False, description="Only the address that the conversation is answered at"
    )

    class Config:
        extra = Extra.forbid


class Block(BaseModel):
    """Who is not answered, why, by whom and until when: None for good. `heard` counts what they
    wrote since; `channel` says where an address alone is blocked."""

    id: str
    conversation_id: str
    customer: Person
    channel: str | None
    reason: BlockReason
    by: Person | None
    at: str
    until: str | None
    lifted_at: str | None
    lifted_by: Person | None
    heard: int
    last_heard_at: str | None


class Blocks(BaseModel):
    items: list[Block]
    next: str | None
