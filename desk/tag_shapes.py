"""What the API says of tags."""

from __future__ import annotations

from pydantic import BaseModel, Field


class Tag(BaseModel):
    name: str
    open: int = Field(description="How many open conversations have it")


class Tags(BaseModel):
    items: list[Tag]
    next: str | None


class ConversationTags(BaseModel):
    """All tags of a conversation, by name."""

    tags: list[str]
