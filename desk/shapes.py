"""The JSON that the API answers with. The same models write the OpenAPI document.

Times are ISO 8601 in UTC; ids are opaque.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from desk.search_shapes import FoundLine
from desk.snooze_shapes import Snooze
from desk.survey_shapes import Survey, WidgetSurvey

ChosenPriority = Literal["normal", "high", "urgent"]


class Button(BaseModel):
    title: str
    payload: str


class Person(BaseModel):
    id: str
    name: str


class Attachment(BaseModel):
    """What was sent beside words. `url` is where the reader can fetch it: agents whatever there is,
    customers what agents sent them. `size` is in bytes."""

    kind: str
    name: str | None
    content_type: str | None
    size: int | None
    latitude: float | None
    longitude: float | None
    url: str | None


class Delivery(BaseModel):
    """How far a message got: `pending`, `sending`, `sent`, `delivered`, `read`, `failed`, `dead`,
    `unknown` or `dropped`; `error` says in code why no further."""

    state: str
    error: str | None


class Message(BaseModel):
    """One line of a transcript. `client_id` is what the writer's own page called it, for them.

    `event` says what a line is that nobody wrote as a message: an `edit`, a `deletion`, a
    `reaction`, an `opt_out` of a customer's, and what the system does; `about` is then the message
    it is about. `image` is the URL of a picture of the bot's. `delivery` is for agents, of lines on
    their way to a customer.
    """

    id: str
    seq: int
    turn_id: str | None
    author: str
    author_name: str | None
    text: str
    buttons: list[Button]
    channel: str
    created_at: str
    in_reply_to: str | None
    private: bool
    client_id: str | None
    event: str | None
    about: str | None
    image: str | None
    attachments: list[Attachment]
    delivery: Delivery | None


class CannedReply(BaseModel):
    """`text` may hold {agent_name}, {customer_name} and {order_number}, for a page to fill in."""

    id: str
    name: str
    text: str


class Reason(BaseModel):
    code: str
    text: str


class Offer(BaseModel):
    """Which agent is being asked to take somebody who waits, and until when."""

    agent: Person
    until: str


class Place(BaseModel):
    """A hand-off's place in its queue: waiting ones are served by rising `ranked_at`.

    A first reply is promised until `due_at`, and a warning is due at `warn_at`; both are null where
    nothing is promised, and mean nothing once `replied_at` says that it came. `priority` is
    `normal`, `high`, `urgent` or, after an agent was lost, `returned`. `offer` is null unless the
    `state` is `offered`; `tier` is the customer's membership in the shop's own word, as far as it
    was known.
    """

    queue: str
    priority: str
    ranked_at: str
    warn_at: str | None
    due_at: str | None
    replied_at: str | None
    offer: Offer | None
    tier: str | None


class Handoff(Place):
    id: str
    conversation_id: str
    state: str
    reason: Reason
    evidence: str
    requested_at: str
    accepted_at: str | None
    closed_at: str | None
    agent: Person | None
    customer: Person
    channel: str
    last_message: Message | None
    intent: str | None


class HandoffBrief(Place):
    """`intent` is what the customer wants, as far as the bot knew."""

    id: str
    state: str
    reason: Reason
    intent: str | None
    requested_at: str


class Conversation(BaseModel):
    id: str
    state: str
    owner_epoch: int
    channel: str
    customer: Person
    agent: Person | None
    created_at: str
    updated_at: str
    last_message: Message | None
    handoff: HandoffBrief | None
    snoozed: Snooze | None
    mentions: list[str] = Field(description="Users mentioned in a note who have not looked yet")
    tags: list[str] = Field(description="By name")


class ListedConversation(Conversation):
    """`found` is what a search found in it."""

    found: FoundLine | None = None


class Identity(BaseModel):
    channel: str
    address: str
    verification: str


class Verification(BaseModel):
    level: str
    how: str


class Join(BaseModel):
    """Customers who proved to be one: by what, with which channel, and who undid it."""

    id: str
    channel: str
    proof: str
    created_at: str
    undone_at: str | None
    undone_by: str | None


class EarlierConversation(BaseModel):
    id: str
    channel: str
    updated_at: str
    last_message: Message | None


class KnownCustomer(Person):
    """`joins` and `earlier`, other conversations of theirs, are newest first."""

    identities: list[Identity]
    verification: Verification
    joins: list[Join]
    earlier: list[EarlierConversation]


class Wish(BaseModel):
    intent: str | None
    text: str
    message_id: str


class Who(BaseModel):
    """Who the customer is taken to be. `level` and `how` are what their address proves, `proof` is
    what they proved in the conversation, by the time the bot stopped."""

    name: str
    level: str
    how: str
    proof: str | None


class Collected(BaseModel):
    """`source`: `message` (the customer wrote it), `agent`, `account` or `conversation` (the bot
    concluded it); `message_id` is where it was said. What is `settable` can be told the bot when
    the conversation is given back."""

    name: str
    value: Any
    source: str
    message_id: str | None
    settable: bool


class Tried(BaseModel):
    """What the bot ran or changed. `result`: `ok`, `failed`, `refused` (by the shop) or `unknown`;
    `about` is the intent it was for."""

    action: str
    result: str
    detail: str | None
    about: str | None


class Mood(BaseModel):
    """How one of the customer's messages sounds: `calm`, `annoyed` or `upset`; `score` is 0..1."""

    message_id: str
    level: str
    score: float


class SummaryLine(BaseModel):
    """A sentence of the customer's, in their words, and what it was chosen for: `wish`, `weight`
    (upset, or with a number) or `newest`."""

    message_id: str
    text: str
    why: str


class Summary(BaseModel):
    items: list[SummaryLine]
    next: str | None


class Signal(BaseModel):
    """Something the customer just did or met; `about` is an order's number, a SKU or a page."""

    id: str
    kind: str
    at: str
    about: str | None


class Prepared(BaseModel):
    """A change that the bot prepared and an agent decides on.

    `state`: `waiting`, `trying` (about to be made, by `by`), `approved` (made), `refused` (by the
    shop), `failed` (nobody knows whether it was made) or `declined`; `outcome` says it in words.
    All but `approved` and `declined` can be approved (again).
    """

    id: str
    title: str
    why: str
    name: str
    arguments: dict[str, Any]
    state: str
    result: dict[str, Any] | None
    outcome: str | None
    by: str | None
    at: str | None


class Change(BaseModel):
    """A change outside that was made in this conversation, or that somebody set out to make.

    `state`: `made`, `refused` (by the shop) or `unknown`. `by` is who made it: the bot, for whoever
    was verified as `how` says, or an agent.
    """

    name: str
    text: str
    state: str
    outcome: str
    by: str
    how: str | None
    reference: str | None
    before: dict[str, Any]
    after: dict[str, Any]
    turn_id: str
    at: str


class Lost(BaseModel):
    """Which agent had the customer before: `reason` is `connection` or `revoked`."""

    agent: str
    reason: str
    at: str


class Callback(BaseModel):
    """A call that was asked for: `text` is the number as people write it, `words` what they said
    with it; `by` and `at` are null until it was made."""

    number: str
    text: str
    words: str
    by: str | None
    at: str | None


class Card(Place):
    """Why the bot stopped, and all it knew by then; `signals` are what the customer did lately,
    the one that leads first, and `mood` is how their newest messages sound, oldest first. `contact`
    is an e-mail address left and `callback` a call asked for while nobody was there; `lost` is the
    agent who was lost with the customer unanswered."""

    id: str
    state: str
    reason: Reason
    evidence: str
    requested_at: str
    accepted_at: str | None
    agent: Person | None
    signals: list[Signal]
    contact: str | None
    callback: Callback | None
    lost: Lost | None
    who: Who
    mood: list[Mood]
    wants: Wish
    prepared: list[Prepared]
    collected: list[Collected]
    tried: list[Tried]
    turn_id: str | None


class WrapUp(BaseModel):
    """What the agent who resolved it last said of it: `solved`, `not_solved` or `spam`, and what it
    was really about."""

    outcome: str
    intent: str | None
    agent: Person | None
    at: str


class ConversationDetail(Conversation):
    """`write_until` is when the channel closes for what an agent writes, unless the customer writes
    again; None where it never does."""

    customer: KnownCustomer
    handoff: Card | None  # type: ignore[assignment]
    wrap_up: WrapUp | None
    survey: Survey | None
    changes: list[Change]
    write_until: str | None
    messages: list[Message]


class Ranked(BaseModel):
    intent: str
    confidence: float


class Entity(BaseModel):
    entity: str
    value: Any


class Turn(BaseModel):
    id: str
    conversation_id: str
    message_id: str
    text: str
    intent: str | None
    confidence: float | None
    ranking: list[Ranked]
    entities: list[Entity]
    outcome: str
    reason: str | None
    actions: list[str]
    channel: str
    model: str | None
    created_at: str
    duration_ms: float | None


class DeadLetter(BaseModel):
    """A turn (`turn`) or an outbox item (`delivery`) that was given up. `dead`: it did not work;
    `unknown`: nobody knows whether it arrived. `error` says in code what failed last."""

    id: str
    kind: str
    conversation_id: str
    channel: str
    state: str
    error: str | None
    attempts: int
    text: str
    author: str
    created_at: str


class DeadLetterCounts(BaseModel):
    turn: int
    delivery: int


class FacetValue(BaseModel):
    value: str
    count: int


class Facets(BaseModel):
    intents: list[FacetValue]
    outcomes: list[FacetValue]
    channels: list[FacetValue]
    reasons: list[FacetValue]


class User(BaseModel):
    id: str
    email: str
    name: str
    role: str


class Colleague(User):
    """`online`: a page of theirs is open; `presence` is what they say: `online`, `away` or
    `wrap_up`."""

    online: bool
    presence: str
    queues: list[str]
    skills: list[str]
    capacity: int


class Agent(BaseModel):
    """What a user serves: no `queues` are all of them; `load` of their `capacity` is taken. Who
    missed two offers in a row is set to `away`."""

    user_id: str
    presence: str
    queues: list[str]
    skills: list[str]
    capacity: int
    load: int
    missed_offers: int


class SignedIn(BaseModel):
    token: str
    csrf_token: str
    user: User


class Me(BaseModel):
    csrf_token: str
    user: User


class Handoffs(BaseModel):
    items: list[Handoff]
    next: str | None


class Conversations(BaseModel):
    items: list[ListedConversation]
    next: str | None


class Turns(BaseModel):
    items: list[Turn]
    next: str | None


class CannedReplies(BaseModel):
    items: list[CannedReply]
    next: str | None


class DeadLetters(BaseModel):
    items: list[DeadLetter]
    next: str | None


class Colleagues(BaseModel):
    items: list[Colleague]
    next: str | None


class Queue(BaseModel):
    """`open`: within its hours; `skills` are what an agent needs to take from it."""

    id: str
    name: str
    skills: list[str]
    open: bool


class Queues(BaseModel):
    items: list[Queue]
    next: str | None


class Slot(BaseModel):
    name: str


class Slots(BaseModel):
    items: list[Slot]
    next: str | None


class Intent(BaseModel):
    name: str


class Intents(BaseModel):
    items: list[Intent]
    next: str | None


class AgentName(BaseModel):
    name: str


class WidgetConversation(BaseModel):
    """What the customer may know of their own conversation. While they wait: their place, what
    most waited lately (null when that says nothing), and when a team that is away is back."""

    id: str
    state: str
    agent: AgentName | None
    queue_position: int | None
    estimated_seconds: int | None
    back_at: str | None
    bot_typing: bool
    survey: WidgetSurvey | None
    last_seq: int


class WidgetState(BaseModel):
    conversation: WidgetConversation | None
    messages: list[Message]
    version: str


class WidgetSession(BaseModel):
    token: str
    expires_at: str
    customer: AgentName | None


class ReachableChannel(BaseModel):
    """Where a one-time code can be sent to: `address` is ours, `url` opens it with the code."""

    channel: str
    name: str
    address: str | None
    url: str | None


class CarryOver(BaseModel):
    code: str
    expires_at: str
    channels: list[ReachableChannel]


class Begun(BaseModel):
    """It was begun; what becomes of it is not said here."""


class Confirmed(BaseModel):
    joined: bool


class Accepted(BaseModel):
    message: Message


class ShopData(BaseModel):
    """The customer as the shop's own systems know them; `error` says why they do not."""

    profile: dict[str, Any] | None
    orders: list[dict[str, Any]]
    error: str | None


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
