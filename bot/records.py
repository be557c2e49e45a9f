"""What the store remembers, as frozen rows that the use cases pass around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal

Author = Literal["customer", "bot", "agent", "system"]
# Each may do what those before it may: a program reports signals, an agent answers, a lead decides
# what the bot does, an admin who may do what.
Role = Literal["program", "agent", "lead", "admin"]
RANKS: tuple[Role, ...] = ("program", "agent", "lead", "admin")
# What an API token is good for, besides its user's role: reading, changing, reporting signals, and
# deciding who may do what.
Scope = Literal["read", "write", "signals", "admin"]
SESSION_ID_LENGTH = 24  # characters
# `operator`: whoever runs commands where Warmline is installed; `bot`: Warmline by itself.
Actor = Literal["person", "operator", "bot"]
SignalKind = Literal["checkout_error", "page_viewed", "parcel_delayed", "payment_failed"]
# `dead`: given up, a person decides; `dropped`: a person decided that nothing is to follow.
TurnState = Literal["pending", "done", "dead", "dropped"]
Outcome = Literal["answered", "misunderstood", "handed_off", "observed", "resumed", "failed"]
# `sending`: a process has it in hand; `unknown`: it had, and nobody knows whether it arrived.
OutboxState = Literal[
    "pending", "sending", "unknown", "sent", "delivered", "read", "failed", "dead", "dropped"
]
# What an agent says came of a conversation; of a turn it is Outcome.
WrapUpOutcome = Literal["solved", "not_solved", "spam"]
DiscoveryState = Literal["never", "running", "done", "failed"]
EffectState = Literal["intended", "done"]
NoticeEvent = Literal[
    "conversation_created",
    "conversation_updated",
    "conversation_status_changed",
    "message_created",
    "message_updated",
    "handoff_requested",
    "handoff_accepted",
    "handoff_resolved",
]
NoticeState = Literal["pending", "sending", "delivered", "dead", "dropped"]
LetterKind = Literal["turn", "delivery"]
# `wrap_up`: finishing what they had, and not yet there for the next customer.
PresenceState = Literal["online", "away", "wrap_up"]
# `returned`: an agent had them and was lost; only the program gives it.
Priority = Literal["normal", "high", "urgent", "returned"]
SuggestionSource = Literal["answer", "article", "canned"]
# `withdrawn`: somebody else took the customer, or the agent was no longer there. `passed_on`: never
# made, because the agent had the customer and put them back into a queue.
OfferState = Literal["open", "accepted", "declined", "missed", "withdrawn", "passed_on"]
# `retired`: was live once; `pruned`: its file was deleted to make room.
ModelState = Literal["training", "candidate", "live", "retired", "failed", "pruned"]
# Begun; its rows are gone, and what else held them is not yet; done.
ErasureState = Literal["begun", "deleted", "done"]


class HandoffState(str, Enum):
    """A hand-off's own life, apart from its conversation's."""

    REQUESTED = "requested"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    RESOLVED = "resolved"
    RETURNED = "returned"
    ABANDONED = "abandoned"
    EXPIRED = "expired"


OPEN_HANDOFFS = (HandoffState.REQUESTED, HandoffState.OFFERED, HandoffState.ACCEPTED)
WAITING_HANDOFFS = (HandoffState.REQUESTED, HandoffState.OFFERED)


@dataclass(frozen=True, slots=True)
class Customer:
    """A person who writes to us; `reference` is the shop's own id for them, `tier` the membership
    they have there, as it was read last."""

    id: str
    reference: str | None
    name: str | None
    email: str | None
    created_at: datetime
    tier: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Where a customer writes from, and how far that proves who they are. The versions are those of
    the privacy notice that was said here, and that they agreed to until they withdrew it; they were
    warned once a secret had to be removed."""

    id: str
    customer_id: str
    channel: str
    address: str
    verification: str
    how: str
    created_at: datetime
    notice_version: str | None = None
    noticed_at: datetime | None = None
    warned_at: datetime | None = None
    consent_version: str | None = None
    consented_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """Two customers who proved to be one: `customer_id` goes on, with the identities of
    `joined_id`. `moved` is what the join changed, as it was before."""

    id: str
    customer_id: str
    joined_id: str
    proof: str
    moved: dict[str, Any]
    created_at: datetime
    undone_at: datetime | None = None
    undone_by: str | None = None


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """A code by its hash, and the identity that whoever shows it proves to have: it was given to
    this `channel` and `address`. `shown_by` is who alone may show it."""

    code_hash: str
    customer_id: str
    channel: str
    address: str
    shown_by: str | None
    created_at: datetime
    expires_at: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a transcript. `private` lines are for agents only; `data` says in code what a
    system line says in words, or a customer's that is no message. `address` is where a customer
    wrote from; `attachments` are bot.messages.Attachment as JSON."""

    id: str
    conversation_id: str
    customer_id: str
    seq: int
    turn_id: str | None
    author: Author
    agent_id: str | None
    author_name: str | None
    text: str
    payload: str | None
    buttons: list[dict[str, str]]
    channel: str
    external_id: str | None
    in_reply_to: str | None
    private: bool
    data: dict[str, Any]
    created_at: datetime
    image: str | None = None
    attachments: list[dict[str, Any]] = field(default_factory=list)
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One customer message and everything that was made of it: the lead's log."""

    id: str
    conversation_id: str
    customer_id: str
    message_id: str
    seq: int
    state: TurnState
    attempts: int
    next_attempt_at: datetime | None
    error: str | None
    channel: str
    text: str
    parsed: dict[str, Any] | None
    intent: str | None
    confidence: float | None
    ranking: list[dict[str, Any]]
    entities: list[dict[str, Any]]
    outcome: Outcome | None
    reason: str | None
    actions: list[dict[str, Any]]
    model: str | None
    duration_ms: float | None
    created_at: datetime
    finished_at: datetime | None
    decision: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """A change that an action made outside, or set out to make: `intended` until its result is
    known. `key` is the same whenever the same turn sets out to make the same change."""

    key: str
    conversation_id: str
    customer_id: str
    turn_id: str
    action: str
    ordinal: int
    arguments: dict[str, Any]
    state: EffectState
    result: Any
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Signal:
    """Something a customer just did or met, as the shop reported it; `about` is an order's number,
    a SKU or a page's path."""

    id: str
    kind: SignalKind
    at: datetime
    about: str | None


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """What an agent answered once, with nothing of that customer's in it, and the meaning of the
    question (float16); both None for an answer that is not to be repeated."""

    message_id: str
    conversation_id: str
    customer_id: str
    text: str | None
    meaning: bytes | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A reply that an agent was offered for a customer's message, from `source` and its `title`
    there; `edited` says whether it was sent as `sent_id` in other words."""

    id: str
    conversation_id: str
    customer_id: str
    message_id: str
    place: int
    source: SuggestionSource
    title: str
    text: str
    offered_at: datetime
    inserted_at: datetime | None = None
    inserted_by: str | None = None
    sent_id: str | None = None
    edited: bool | None = None


@dataclass(frozen=True, slots=True)
class Handoff:
    """Why, when and to whom the bot gave a conversation; `card` holds what it knew by then.

    `queued_at` is when it came into its `queue` last, `ranked_at` what the queue is ordered by
    (bot.priority), `due_at` when a first reply is promised, and `replied_at` when it came. `tier`
    is the customer's membership, as far as it was known when they asked.
    """

    id: str
    conversation_id: str
    customer_id: str
    turn_id: str | None
    state: HandoffState
    reason: str
    evidence: str
    card: dict[str, Any]
    agent_id: str | None
    requested_at: datetime
    accepted_at: datetime | None
    closed_at: datetime | None
    queue: str
    priority: Priority
    queued_at: datetime
    ranked_at: datetime
    warn_at: datetime | None
    due_at: datetime | None
    replied_at: datetime | None
    tier: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A waiting hand-off put before one agent, who may take it `until` then; the next one is asked
    once it has ended."""

    id: str
    handoff_id: str
    conversation_id: str
    customer_id: str
    agent_id: str
    state: OfferState
    offered_at: datetime
    until: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class WrapUp:
    """What the agent who resolved a conversation said of it: what came of it, and what it was
    really about, which teaches the lead where the bot was wrong."""

    id: str
    conversation_id: str
    customer_id: str
    agent_id: str
    outcome: WrapUpOutcome
    intent: str | None
    created_at: datetime


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


@dataclass(frozen=True, slots=True)
class Survey:
    """What the customer of a resolved hand-off was asked, at the end of it, and answered: `csat`
    how satisfied they are and `effort` how easy it was, both from 1 to 5, best.

    `day` is that of `asked_at` in UTC, for figures by day. `answered_at` is when the first answer
    came; `closed_at` when both had, or the customer wanted to be asked no more.
    """

    id: str
    conversation_id: str
    customer_id: str
    handoff_id: str
    agent_id: str
    channel: str
    address: str
    queue: str
    day: date
    csat: int | None
    effort: int | None
    comment: str | None
    asked_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """A message on its way to a customer's address.

    `next_attempt_at` is when to look at it next: to send it, as the end of the lease of who sends
    it, or to ask what became of it; None when nothing more happens by itself. `give_up_at` ends the
    tries, or the looking, and is None before the first of them. `parts_sent` are those of a long
    message that its provider has.
    """

    id: str
    message_id: str
    conversation_id: str
    customer_id: str
    channel: str
    address: str
    seq: int
    state: OutboxState
    attempts: int
    next_attempt_at: datetime | None
    give_up_at: datetime | None
    provider_id: str | None
    error: str | None
    created_at: datetime
    parts_sent: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far a message got on its way to the customer, and in code why no further."""

    state: OutboxState
    error: str | None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A turn or a delivery by its own id, as a person sees it who decides what becomes of it."""

    id: str
    kind: LetterKind
    conversation_id: str
    channel: str
    state: TurnState | OutboxState
    error: str | None
    attempts: int
    text: str
    author: Author
    created_at: datetime


@dataclass(frozen=True, slots=True)
class TurnView:
    """What a lead narrows the log to, under a name; `filters` as in the page's address."""

    id: str
    user_id: str
    name: str
    filters: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who signs in: an agent, a lead, an admin, or a program of the shop's."""

    id: str
    email: str
    name: str
    role: Role
    password_hash: str
    created_at: datetime
    signed_in_at: datetime | None = None

    def may(self, least: Role) -> bool:
        """Whether they have the rights of that role, or more."""
        return RANKS.index(self.role) >= RANKS.index(least)


@dataclass(frozen=True, slots=True)
class Agent:
    """What a user serves, and whether they are there to do it.

    No `queues` are all of them. `seen_at` is when a page of theirs was last connected, None if
    none ever was; whoever was `revoked_at` some time can no longer sign in. `missed_offers` are
    those in a row that ran out.
    """

    user_id: str
    queues: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    capacity: int = 5
    presence: PresenceState = "online"
    missed_offers: int = 0
    seen_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in user; the token itself is stored only as its SHA-256. `seen_at` is when it was
    used last, to the minute; `device` what it was begun with, in words."""

    token_hash: str
    user_id: str
    csrf_token: str
    created_at: datetime
    expires_at: datetime
    seen_at: datetime | None = None
    device: str = "Unknown"

    @property
    def id(self) -> str:
        """What it is called where it is listed: enough of the hash to be alone, and no secret."""
        return self.token_hash[:SESSION_ID_LENGTH]


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What a program shows instead of signing in; the token itself is stored only as its
    SHA-256."""

    id: str
    token_hash: str
    user_id: str
    name: str
    scopes: list[Scope]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Subscription:
    """A program of somebody else's that is told of these events at its URL."""

    id: str
    url: str
    events: list[NoticeEvent]
    active: bool
    created_by: str
    created_at: datetime
    deleted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One event told to one subscriber, under the same `id` at each try.

    `facts` are what happened; `body` is what was made of them at the first try and is kept for a
    few days. While `pending`, `next_attempt_at` is when it is due; while `sending`, it is the end
    of its sender's lease.
    """

    number: int
    id: str
    subscription_id: str
    conversation_id: str
    customer_id: str
    event: NoticeEvent
    facts: dict[str, Any]
    state: NoticeState
    attempts: int
    next_attempt_at: datetime | None
    give_up_at: datetime | None
    body: str | None
    response_status: int | None
    duration_ms: float | None
    error: str | None
    created_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class File:
    """A file of an agent's, for one conversation; `link` is where its customer opens it, and
    `message_id` the message that it was sent with, None until then."""

    id: str
    conversation_id: str
    customer_id: str
    agent_id: str
    name: str
    content_type: str
    size: int
    link: str
    created_at: datetime
    message_id: str | None = None
