"""The JSON of what the bot does not know: the current search, and the clusters it found."""

from __future__ import annotations

from pydantic import BaseModel


class ClusterMessage(BaseModel):
    """One message and its copies: `turn_ids` are all of them, `turn_id` the one that is shown."""

    text: str
    turn_id: str
    conversation_id: str
    turn_ids: list[str]


class Cluster(BaseModel):
    """`name` is a suggestion; `messages` counts copies and `texts` does not. `trend` is how many
    came on each of the days looked at, today's last."""

    id: str
    name: str
    keywords: list[str]
    nearest: str | None
    similarity: float | None
    messages: int
    texts: int
    trend: list[int]
    examples: list[ClusterMessage]


class Discovery(BaseModel):
    """`state` is never, running, done or failed; `progress` goes to 1, and `messages` is over how
    many it went."""

    state: str
    days: int
    progress: float
    messages: int
    error: str | None
    started_at: str | None
    finished_at: str | None
    clusters: list[Cluster]


class ClusterMessages(BaseModel):
    items: list[ClusterMessage]
    next: str | None
