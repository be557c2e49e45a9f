"""The conversation's state machine, pure."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from bot.conversation import LEGAL, Conversation, State, change_owner
from bot.errors import Conflict

AT = datetime(2026, 1, 1, tzinfo=timezone.utc)


def conversation(state: State) -> Conversation:
    agent = "a1" if state is State.AGENT else None
    return Conversation("c", "k", "web", "x", state, 5, agent, "support", 3, 0, AT, AT)


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_only_legal_changes_of_owner_happen_and_each_raises_the_epoch(
    before: State, after: State
) -> None:
    agent = "a2" if after is State.AGENT else None
    if after in LEGAL[before]:
        changed = change_owner(conversation(before), after, agent_id=agent)
        assert (changed.state, changed.agent_id, changed.owner_epoch) == (after, agent, 6)
    else:
        with pytest.raises(Conflict) as caught:
            change_owner(conversation(before), after, agent_id=agent)
        assert caught.value.detail == {"state": before.value}


@pytest.mark.parametrize("before", [State.BOT, State.WAITING])
def test_no_conversation_becomes_an_agents_without_naming_one(before: State) -> None:
    with pytest.raises(ValueError, match="agent"):
        change_owner(conversation(before), State.AGENT)
