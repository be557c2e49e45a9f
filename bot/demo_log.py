"""The demo's past: three weeks of conversations as the model of today reads them, so that a lead
has something to review, and figures to look at. Nothing of it is sent to anybody."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.assistant.reply import (
    NOT_UNDERSTOOD,
    OUT_OF_SCOPE,
    Understanding,
)
from bot.clock import new_id, now
from bot.conversation import Conversation, State
from bot.demo_plan import Visit, plan
from bot.handoff_request import REASONS
from bot.intake import new_turn
from bot.priority import ranked_at
from bot.records import (
    Author,
    Customer,
    Handoff,
    HandoffState,
    Identity,
    Message,
    Outcome,
    Survey,
    Turn,
    User,
    WrapUp,
)
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.store.turn_log import TurnFilter
from bot.yaml_file import read_mapping

MESSAGES = Path("data", "demo", "messages.yml")
VISITS = 1_400  # some 2,000 messages, with what is said again and thanks
READING = timedelta(seconds=4)
WRITING = timedelta(seconds=45)
TOGETHER = 50  # customers


async def log_messages(services: Services, file: Path, agent_email: str) -> int:
    """Log them in a database without any conversation; how many there are. Takes half a minute, in
    which customers are served as ever."""
    async with services.database.read() as uow:
        agent = await uow.staff.by_email(agent_email)
        if agent is None or await uow.turn_log.page(TurnFilter(), before=None, limit=1):
            return 0
    content = read_mapping(file, missing="It comes with the project: put it back.")
    visits = plan(content, visits=VISITS, until=now())
    with services.live.in_use() as assistant:
        said = dict.fromkeys(text for one in visits for text in (one.text, one.again, one.thanks))
        read = {text: await assistant.read(text) for text in said if text is not None}
        past = _Past(agent, content["answers"], read, assistant.model)
    for visit in visits:
        past.add(visit)
    customers = list(past.customers.values())
    # All or nothing: whoever counts days or reads on from the newest turn sees no half of a past.
    async with services.database.write() as uow:
        for first in range(0, len(customers), TOGETHER):
            await _write(uow, customers[first : first + TOGETHER])
        await uow.reviews.go_back(to=visits[0].at)
    return sum(len(customer.turns) for customer in customers)


@dataclass(slots=True)
class _Customer:
    """All about one customer."""

    customer: Customer
    identity: Identity
    conversation: Conversation
    messages: list[Message] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    handoffs: list[Handoff] = field(default_factory=list)
    wrap_ups: list[WrapUp] = field(default_factory=list)
    surveys: list[Survey] = field(default_factory=list)


async def _write(uow: UnitOfWork, those: Sequence[_Customer]) -> None:
    """All about these; their many lines and turns at once, as other writers wait meanwhile."""
    for one in those:
        await uow.customers.add(one.customer)
        await uow.customers.add_identity(one.identity)
        await uow.conversations.add(one.conversation)
    await uow.messages.add(*(line for one in those for line in one.messages))
    await uow.turns.add(*(turn for one in those for turn in one.turns))
    for one in those:
        for handoff in one.handoffs:
            await uow.handoffs.add(handoff)
        for wrap_up in one.wrap_ups:
            await uow.wrap_ups.add(wrap_up)
        for survey in one.surveys:
            await uow.surveys.add(survey)


class _Past:
    """What is made up visit by visit, by the customer."""

    def __init__(
        self,
        agent: User,
        answers: Mapping[str, str],
        read: Mapping[str, Understanding],
        model: str,
    ) -> None:
        self._agent = agent
        self._answers = answers
        self._read = read
        self._model = model
        self._chance = random.Random(VISITS)  # noqa: S311  (nothing secret hangs on it)
        self.customers: dict[int, _Customer] = {}

    def add(self, visit: Visit) -> None:
        """What was said at a visit: once, again if it was not understood, then to a person."""
        if visit.customer not in self.customers:
            self.customers[visit.customer] = _met(visit)
        known = self.customers[visit.customer]
        turn = self._say(known, visit.text, visit.at)
        if turn.outcome == "misunderstood":
            turn = self._say(known, visit.again, visit.at + WRITING, insists=True)
        if turn.outcome == "handed_off":
            self._hand_off(known, turn)
        elif visit.thanks is not None and turn.outcome == "answered":
            self._say(known, visit.thanks, turn.created_at + WRITING)

    def _say(self, known: _Customer, text: str, at: datetime, *, insists: bool = False) -> Turn:
        """The customer's words, and the bot's to them."""
        read = self._read[text]
        outcome, reason = _outcome(read, insists=insists)
        turn_id = new_id()
        message = self._line(known, "customer", text, at, turn_id=turn_id)
        turn = replace(
            new_turn(turn_id, message),
            state="done",
            attempts=1,
            intent=read.intent,
            confidence=read.confidence,
            ranking=read.ranking,
            entities=read.entities,
            outcome=outcome,
            reason=reason,
            model=self._model,
            duration_ms=READING.total_seconds(),
            finished_at=at + READING,
        )
        known.turns.append(turn)
        self._line(known, "bot", self._answers[outcome], at + READING, answers=message)
        return turn

    def _line(
        self,
        known: _Customer,
        author: Author,
        text: str,
        at: datetime,
        *,
        turn_id: str | None = None,
        answers: Message | None = None,
    ) -> Message:
        seq = known.conversation.last_seq + 1
        here = replace(
            known.conversation, last_seq=seq, seen_seq=seq, updated_at=at, state=State.BOT
        )
        known.conversation = here
        by_agent = author == "agent"
        message = Message(
            id=new_id(),
            conversation_id=here.id,
            customer_id=here.customer_id,
            seq=seq,
            turn_id=turn_id or (answers.turn_id if answers else None),
            author=author,
            agent_id=self._agent.id if by_agent else None,
            author_name=self._agent.name if by_agent else None,
            text=text,
            payload=None,
            buttons=[],
            channel=here.channel,
            external_id=None,
            in_reply_to=answers.id if answers else None,
            private=False,
            data={},
            created_at=at,
            address=here.address if author == "customer" else None,
        )
        known.messages.append(message)
        return message

    def _hand_off(self, known: _Customer, turn: Turn) -> None:
        """An agent takes it, settles it and says what it was about, some customers how they liked
        it."""
        here = known.conversation
        asked = turn.finished_at or turn.created_at
        taken = asked + timedelta(minutes=self._chance.expovariate(0.25))
        done = taken + timedelta(minutes=2 + self._chance.expovariate(0.15))
        reason = turn.reason or ""
        handoff = Handoff(
            id=new_id(),
            conversation_id=here.id,
            customer_id=here.customer_id,
            turn_id=turn.id,
            state=HandoffState.RESOLVED,
            reason=reason,
            evidence=f"{REASONS[reason]}: {turn.text}",
            card={
                "wants": {"intent": None, "text": turn.text, "message_id": turn.message_id},
                "proof": None,
                "collected": [],
                "tried": [],
                "signals": [],
                "prepared": [],
            },
            agent_id=self._agent.id,
            requested_at=asked,
            accepted_at=taken,
            closed_at=done,
            queue=here.queue,
            priority="normal",
            queued_at=asked,
            ranked_at=ranked_at(asked, "normal"),
            warn_at=None,
            due_at=None,
            replied_at=taken + WRITING,
        )
        known.handoffs.append(handoff)
        self._line(known, "agent", self._answers["agent"], taken + WRITING)
        known.conversation = replace(
            known.conversation,
            state=State.RESOLVED,
            owner_epoch=here.owner_epoch + 3,  # to the queue, to the agent, closed
            updated_at=done,
        )
        known.wrap_ups.append(
            WrapUp(new_id(), here.id, here.customer_id, self._agent.id, "solved", None, done)
        )
        rating = self._chance.choice((None, None, 2, 3, 4, 4, 5, 5))
        known.surveys.append(
            Survey(
                id=new_id(),
                conversation_id=here.id,
                customer_id=here.customer_id,
                handoff_id=handoff.id,
                agent_id=self._agent.id,
                channel=here.channel,
                address=here.address,
                queue=here.queue,
                day=done.date(),
                csat=rating,
                effort=rating,
                comment=None,
                asked_at=done,
                answered_at=None if rating is None else done + WRITING,
                closed_at=None if rating is None else done + WRITING,
            )
        )


def _met(visit: Visit) -> _Customer:
    customer = Customer(new_id(), None, None, None, visit.at)
    address = f"past-{visit.customer}"
    return _Customer(
        customer=customer,
        identity=Identity(
            new_id(), customer.id, visit.channel, address, "anyone", "demo", visit.at
        ),
        conversation=Conversation(
            id=new_id(),
            customer_id=customer.id,
            channel=visit.channel,
            address=address,
            state=State.BOT,
            owner_epoch=0,
            agent_id=None,
            queue="support",
            last_seq=0,
            seen_seq=0,
            created_at=visit.at,
            updated_at=visit.at,
        ),
    )


def _outcome(read: Understanding, *, insists: bool) -> tuple[Outcome, str | None]:
    """What the bot makes of a message that it reads so; `insists`: it has asked once already."""
    if read.intent == "contact_human_agent":
        return "handed_off", "customer_asked"
    if read.intent is not None and read.intent not in NOT_UNDERSTOOD:
        return "answered", None
    if insists:
        return "handed_off", "out_of_scope" if read.intent == OUT_OF_SCOPE else "misunderstood"
    return "misunderstood", None
