"""What outlives whom it is about: changes, and erasures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

# `operator`: whoever runs commands where Warmline is installed; `bot`: Warmline by itself.
Actor = Literal["person", "operator", "bot"]
# Begun; its rows are gone, and what else held them is not yet; done.
ErasureState = Literal["begun", "deleted", "done"]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who changed what: `user_id` is the person, None for other actors. `details` hold ids, numbers
    and names of settings, and never what a customer could be known by."""

    id: str
    user_id: str | None
    action: str
    subject: str
    details: Mapping[str, Any]
    created_at: datetime
    actor: Actor = "person"
    conversation_id: str | None = None


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What of the audit log is looked for; none means any. `actions` are some by their whole names,
    or all of a kind by what stands before the dot. `by` is a user's id, or an actor's name."""

    by: str | None = None
    actions: tuple[str, ...] = ()
    conversation_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Erasure:
    """That a person's data was erased: by whom, when, how much of what, and which models had
    learnt from it. `who` are keyed hashes of what they could be asked for by; `customer_ids` are
    known only until their rows are gone."""

    id: str
    state: ErasureState
    user_id: str | None
    who: list[str]
    customer_ids: list[str]
    counts: dict[str, int]
    models: list[str]
    created_at: datetime
    finished_at: datetime | None = None
