"""What the API says a search found."""

from __future__ import annotations

from pydantic import BaseModel


class SnippetPart(BaseModel):
    """Text, not markup: `hit` where it is to be marked."""

    text: str
    hit: bool


class FoundLine(BaseModel):
    """Where the words are: the newest message that has them, or, where `message_id` is None, the
    customer's name. The parts make one line."""

    message_id: str | None
    author: str | None
    private: bool
    parts: list[SnippetPart]
