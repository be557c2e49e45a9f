"""What an agent may answer with: canned replies, suggestions, passages."""

from __future__ import annotations

from pydantic import BaseModel


class CannedReply(BaseModel):
    """`text` may hold {agent_name}, {customer_name} and {order_number}, for a page to fill in."""

    id: str
    name: str
    text: str


class CannedReplies(BaseModel):
    items: list[CannedReply]
    next: str | None


class Suggestion(BaseModel):
    """A reply for an agent to take and edit; `source`: `answer` (an agent's earlier one), `article`
    or `canned`. What `[name]`, `[number]`, `[email]` and `[link]` stand for is left open."""

    id: str
    message_id: str
    source: str
    title: str
    text: str


class Suggestions(BaseModel):
    items: list[Suggestion]
    next: str | None


class SourceFigures(BaseModel):
    """What became of the suggestions of a source."""

    source: str
    offered: int
    inserted: int
    sent_as_offered: int
    sent_edited: int


class SuggestionFigures(BaseModel):
    items: list[SourceFigures]
    next: str | None


class Passage(BaseModel):
    """A passage of one of the shop's articles: its own words. `score` compares passages of one
    answer, no more; `article` is the name of its file."""

    article: str
    title: str
    heading: str
    text: str
    url: str
    score: float


class Passages(BaseModel):
    items: list[Passage]
    next: str | None
