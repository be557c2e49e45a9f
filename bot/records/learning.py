"""What leads say of the log, and the models made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

DiscoveryState = Literal["never", "running", "done", "failed"]
# `retired`: was live once; `pruned`: its file was deleted to make room.
ModelState = Literal["training", "candidate", "live", "retired", "failed", "pruned"]


@dataclass(frozen=True, slots=True)
class Label:
    """What a lead says a logged message is about, which teaches the next model. `intent` None: not
    to be learnt from. `batch` names what was given in one go; undone, it counts no more."""

    id: str
    turn_id: str
    conversation_id: str
    customer_id: str
    user_id: str
    intent: str | None
    entities: list[dict[str, Any]]
    batch: str
    created_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class MustPass:
    """A message that every candidate has to serve as `intent`, by who added it."""

    id: str
    text: str
    intent: str
    added_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Discovery:
    """The current search for what the bot does not know: over how many days, how far it is, and
    over how many messages it went. One whose lease ran out died; `error` is a kind of failure."""

    run: str | None
    state: DiscoveryState
    days: int
    progress: float
    messages: int
    error: str | None
    started_by: str | None
    started_at: datetime | None
    lease_until: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class MessageCluster:
    """Messages alike in meaning that no intent was given to: `name` is a suggestion, `nearest` the
    intent they are least far from. `centre` is their meaning (float16)."""

    id: str
    run: str
    place: int
    name: str
    keywords: list[str]
    nearest: str | None
    similarity: float | None
    centre: bytes
    created_at: datetime
    dismissed_at: datetime | None = None
    dismissed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """A model that was trained, or that is being trained; `id` is its file's name without
    `.tar.gz`. `lessons` counts what it learnt from labels, `error` says why it cannot be used, and
    `step` and `share` how far its training is, as of `alive_at`. `previous` was live before it. One
    that learnt from messages erased since is `recalled_at` that time: it becomes live no more."""

    id: str
    state: ModelState
    started_at: datetime
    made_from: str | None = None
    started_by: str | None = None
    finished_at: datetime | None = None
    alive_at: datetime | None = None
    step: str | None = None
    share: float | None = None
    sha256: str | None = None
    size: int | None = None
    data_sha256: str | None = None
    lessons: dict[str, int] = field(default_factory=dict)
    card: dict[str, Any] | None = None
    report: dict[str, Any] | None = None
    gate_passed: bool | None = None
    error: str | None = None
    promoted_at: datetime | None = None
    promoted_by: str | None = None
    reason: str | None = None
    previous: str | None = None
    recalled_at: datetime | None = None
