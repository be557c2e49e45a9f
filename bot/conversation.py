"""A conversation, who owns it, and which changes of owner are legal. Pure: no clock, no store."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from bot.errors import Conflict


class State(str, Enum):
    """Who answers the customer now."""

    BOT = "bot"
    WAITING = "waiting"
    AGENT = "agent"
    RESOLVED = "resolved"


LEGAL: dict[State, frozenset[State]] = {
    State.BOT: frozenset({State.WAITING, State.AGENT, State.RESOLVED}),
    State.WAITING: frozenset({State.AGENT, State.BOT, State.RESOLVED}),
    State.AGENT: frozenset({State.AGENT, State.WAITING, State.BOT, State.RESOLVED}),
    State.RESOLVED: frozenset({State.BOT}),
}


@dataclass(frozen=True, slots=True)
class Conversation:
    """One customer's thread. `owner_epoch` rises with every change of owner and fences replies.

    `snoozed_at` is since when its agent has put it off, None while they have not; `snoozed_until`
    is when it comes back, or came back last; None for when the customer writes."""

    id: str
    customer_id: str
    channel: str
    address: str
    state: State
    owner_epoch: int
    agent_id: str | None
    queue: str
    last_seq: int
    seen_seq: int
    created_at: datetime
    updated_at: datetime
    snoozed_at: datetime | None = None
    snoozed_until: datetime | None = None


def change_owner(
    conversation: Conversation,
    state: State,
    *,
    agent_id: str | None = None,
    queue: str | None = None,
) -> Conversation:
    """The conversation under its new owner; raise Conflict when the change is not legal."""
    if state not in LEGAL[conversation.state]:
        raise Conflict(
            f"A conversation that is '{conversation.state.value}' cannot become '{state.value}'.",
            code="wrong_state",
            detail={"state": conversation.state.value},
        )
    if (state is State.AGENT) != (agent_id is not None):
        raise ValueError("an agent owns exactly the conversations in state 'agent'")
    return replace(
        conversation,
        state=state,
        owner_epoch=conversation.owner_epoch + 1,
        agent_id=agent_id,
        queue=queue or conversation.queue,
        snoozed_at=None,
        snoozed_until=None,
    )
