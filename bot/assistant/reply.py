"""What the assistant is asked and what it answers: values without a trace of rasa in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.messages import Button

Resume = Literal["continue", "drop", "done"]
# Verdicts about a message rather than requests: what Rasa's own fallback and ours say of it.
NOT_SURE, OUT_OF_SCOPE = "nlu_fallback", "out_of_scope"
NOT_UNDERSTOOD = frozenset({NOT_SURE, OUT_OF_SCOPE})
READ_CHARACTERS = 2_000  # the model reads the beginning of a longer text


def as_read(text: str) -> str:
    """A customer's text as the model is asked about it. A leading slash is Rasa's command syntax; a
    customer's text is never a command."""
    return text[:READ_CHARACTERS].lstrip("/ \t\n") or "?"


def requests_in(parsed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The parse data's ranking without verdicts: the requests, the likeliest first."""
    ranking = parsed.get("intent_ranking") or ()
    return [one for one in ranking if one["name"] not in NOT_UNDERSTOOD]


@dataclass(frozen=True, slots=True)
class CustomerMessage:
    """The message to answer. `payload` must already be checked: it is obeyed, text never is.

    `address` is where it came from, within its channel. `parsed` is what an earlier try of this
    turn read in it, for this one to act on the same.
    """

    id: str
    text: str
    payload: str | None
    channel: str
    customer: Mapping[str, Any]
    address: str | None = None
    parsed: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class AgentSaid:
    """Something an agent wrote while the conversation was theirs."""

    text: str
    agent: str


@dataclass(frozen=True, slots=True)
class Returned:
    """An agent gave the conversation back: what to do with an open form, and slots they set."""

    resume: Resume
    slots: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AgentChanged:
    """A change that the bot had prepared and an agent made; `reference` is what the shop calls it
    by."""

    name: str
    arguments: Mapping[str, Any]
    reference: str | None


Happening = AgentSaid | AgentChanged | Returned


@dataclass(frozen=True, slots=True)
class Memory:
    """What the assistant remembered at its last turn (Rasa's events as JSON), and what happened
    in the conversation since."""

    events: list[dict[str, Any]]
    since: tuple[Happening, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplyMessage:
    """One bubble of the bot; `image` is the URL of a picture above the text, which may be empty."""

    text: str
    buttons: tuple[Button, ...] = ()
    image: str | None = None


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the model read: `confidence` in 0..1, `ranking` best first; `language` as a code."""

    intent: str | None
    confidence: float
    ranking: list[dict[str, Any]]
    entities: list[dict[str, Any]]
    language: str | None = None


@dataclass(frozen=True, slots=True)
class PreparedChange:
    """A change of the shop's data that an agent makes with one click: in words for them, and as
    actions.context.changes.Change has it."""

    title: str
    why: str
    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HandoffRequest:
    """Why the bot wants a person: a coded `reason`, and `evidence` that an agent can read;
    `signals` (as actions.signals writes them) are what the customer just met."""

    reason: str
    evidence: str
    prepared: tuple[PreparedChange, ...] = ()
    signals: tuple[Mapping[str, Any], ...] = ()


def prepared_changes(value: object) -> tuple[PreparedChange, ...]:
    """The changes in an action's request for a person. One that is not whole is left out: the
    person is to come all the same, and makes it by hand."""
    changes = value if isinstance(value, (list, tuple)) else ()
    return tuple(PreparedChange(**change) for change in changes if _is_whole(change))


def _is_whole(change: object) -> bool:
    return (
        isinstance(change, dict)
        and change.keys() == {"title", "why", "name", "arguments"}
        and all(isinstance(change[word], str) for word in ("title", "why", "name"))
        and isinstance(change["arguments"], dict)
    )


@dataclass(frozen=True, slots=True)
class ActionRun:
    """One custom action that ran, and how it ended; `error` is the exception's type."""

    action: str
    error: str | None = None


@dataclass(frozen=True, slots=True)
class AssistantReply:
    """One turn of the assistant. Nothing has been sent or stored yet. `tier` is the customer's
    membership, "" for none, and None where the turn has not read about them; `decision` is by what
    it was decided (bot.assistant.deciding)."""

    messages: tuple[ReplyMessage, ...]
    events: list[dict[str, Any]]
    understanding: Understanding | None
    handoff: HandoffRequest | None
    actions: tuple[ActionRun, ...]
    slots: Mapping[str, Any] = field(default_factory=dict)
    misunderstood: bool = False
    tier: str | None = None
    decision: Mapping[str, Any] = field(default_factory=dict)
