"""From records to the shapes of the API: one function a noun, one read for a page of rows."""

from desk.views.chat import (
    widget_conversation,
)
from desk.views.handoff_card import (
    card,
    change,
    prepared,
    signal,
    signals,
    who_is,
)
from desk.views.inbox import (
    conversation_detail,
    conversations,
)
from desk.views.log import (
    dead_letter,
    given_labels,
    logged_turns,
    turn,
)
from desk.views.names import (
    People,
    customer,
    people,
)
from desk.views.queue import (
    brief,
    handoffs,
    place,
    reason,
)
from desk.views.staff import (
    agent,
    colleague,
    user,
)
from desk.views.transcript import (
    message,
)

__all__ = [
    "People",
    "agent",
    "brief",
    "card",
    "change",
    "colleague",
    "conversation_detail",
    "conversations",
    "customer",
    "dead_letter",
    "given_labels",
    "handoffs",
    "logged_turns",
    "message",
    "people",
    "place",
    "prepared",
    "reason",
    "signal",
    "signals",
    "turn",
    "user",
    "who_is",
    "widget_conversation",
]
