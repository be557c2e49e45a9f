"""The agents' part of the API: the queue, conversations, and everything done to one."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field, StrictStr

from bot import agent_message, handoff
from bot.clock import now
from bot.conversation import Conversation, State
from bot.errors import NotFound
from bot.events import Event
from bot.records import WAITING_HANDOFFS, HandoffState, WrapUpOutcome
from bot.services import Services
from bot.store.conversations import ConversationFilter
from bot.tags import tag_name
from desk import shapes, views
from desk.customer_panel import CustomerPanel
from desk.paging import Page, decode_moment, encode_moment
from desk.routes import Call, Route
from desk.search_results import found

QUEUE_STATES = {
    "waiting": WAITING_HANDOFFS,
    "accepted": (HandoffState.ACCEPTED,),
    "closed": (
        HandoffState.RESOLVED,
        HandoffState.RETURNED,
        HandoffState.ABANDONED,
        HandoffState.EXPIRED,
    ),
}


class QueuePage(Page):
    state: Literal["waiting", "accepted", "closed"] = "waiting"


class ConversationPage(Page):
    state: State | None = None
    agent: str | None = Field(default=None, description="`me`, or a user's id")
    mentioned: Literal["me"] | None = Field(
        default=None, description="Where I was mentioned and have not looked yet"
    )
    tag: str | None = Field(default=None, max_length=200, description="Those that have this tag")
    search: str | None = Field(
        default=None,
        max_length=200,
        description="Words that one of its messages has, notes too, or the customer's name; the"
        " last may be only begun",
    )


class Nothing(BaseModel):
    """An empty object; a body is not needed."""


class Reply(BaseModel):
    text: StrictStr
    id: StrictStr | None = Field(
        default=None, max_length=100, description="The same id again returns the same message"
    )


class Answer(Reply):
    """A reply, and the suggested one that it was made of, if it was."""

    suggestion_id: StrictStr | None = None
    files: list[StrictStr] = Field(default_factory=list, description="The ids of added files")


class Note(Reply):
    """The same, for colleagues only; `@` and a name in `text` mentions them."""


class Transfer(BaseModel):
    agent_id: StrictStr | None = None
    queue: StrictStr | None = None
    note: StrictStr | None = None


class Return(BaseModel):
    resume: Literal["continue", "drop", "done"] = "continue"
    slots: dict[StrictStr, Any] = Field(default_factory=dict)


class Resolve(BaseModel):
    """What came of it, and its true intent; both may be left out."""

    outcome: WrapUpOutcome | None = None
    intent: StrictStr | None = Field(default=None, description="What it was really about")


class ConversationRoutes:
    """`panel` fetches what the shop knows of a customer."""

    def __init__(self, panel: CustomerPanel) -> None:
        self._panel = panel

    def table(self) -> list[Route]:
        one = "/conversations/{id}"
        detail = shapes.ConversationDetail
        return [
            Route(
                "GET",
                "/handoffs",
                "agent",
                "Hand-offs, who is to be served first at the top",
                self.handoffs,
                query=QueuePage,
                answer=shapes.Handoffs,
            ),
            Route(
                "GET",
                "/queues",
                "agent",
                "Where a conversation can be passed to",
                self.queues,
                query=Page,
                answer=shapes.Queues,
            ),
            Route(
                "GET",
                "/slots",
                "agent",
                "What can be set when giving a conversation back",
                self.slots,
                query=Page,
                answer=shapes.Slots,
            ),
            Route(
                "GET",
                "/conversations",
                "agent",
                "Conversations, newest first",
                self.conversations,
                query=ConversationPage,
                answer=shapes.Conversations,
            ),
            Route("GET", one, "agent", "Transcript, customer, card", self.detail, answer=detail),
            Route(
                "GET",
                f"{one}/customer",
                "agent",
                "What the shop knows of the customer",
                self.customer,
                answer=shapes.ShopData,
            ),
            Route("POST", f"{one}/claim", "agent", "Take it", self.claim, Nothing, answer=detail),
            Route(
                "POST",
                f"{one}/messages",
                "agent",
                "Answer the customer",
                self.reply,
                body=Answer,
                answer=shapes.Message,
                status=201,
            ),
            Route(
                "POST",
                f"{one}/notes",
                "agent",
                "Leave a private note",
                self.note,
                body=Note,
                answer=shapes.Message,
                status=201,
            ),
            Route("POST", f"{one}/typing", "agent", "Show that I am typing", self.typing),
            Route(
                "POST",
                f"{one}/transfer",
                "agent",
                "Pass it to an agent or a queue",
                self.transfer,
                body=Transfer,
                answer=detail,
            ),
            Route(
                "POST",
                f"{one}/return",
                "agent",
                "Give it back to the bot",
                self.give_back,
                body=Return,
                answer=detail,
            ),
            Route(
                "POST", f"{one}/resolve", "agent", "Close it", self.resolve, Resolve, answer=detail
            ),
        ]

    async def handoffs(self, call: Call) -> shapes.Handoffs:
        query: QueuePage = call.query
        after = decode_moment(query.cursor)
        async with call.services.database.read() as uow:
            rows = await uow.handoffs.page(
                QUEUE_STATES[query.state], after=after, limit=query.limit
            )
            items = await views.handoffs(uow, rows)
        full = len(rows) == query.limit
        following = encode_moment(rows[-1].ranked_at, rows[-1].id) if full else None
        return shapes.Handoffs(items=items, next=following)

    async def queues(self, call: Call) -> shapes.Queues:
        at = now()
        items = [
            shapes.Queue(id=key, name=one.name, skills=list(one.skills), open=one.is_open(at))
            for key, one in call.services.rules.queues.items()
        ]
        return shapes.Queues(items=items, next=None)

    async def slots(self, call: Call) -> shapes.Slots:
        names = sorted(call.services.assistant.slot_names)
        return shapes.Slots(items=[shapes.Slot(name=name) for name in names], next=None)

    async def conversations(self, call: Call) -> shapes.Conversations:
        query: ConversationPage = call.query
        agent = call.staff.id if query.agent == "me" else query.agent
        mentioned = call.staff.id if query.mentioned else None
        tag = tag_name(query.tag, field="tag") if query.tag is not None else None
        wanted = ConversationFilter(
            state=query.state, agent_id=agent, mentioned_id=mentioned, tag=tag
        )
        before = decode_moment(query.cursor)
        async with call.services.database.read() as uow:
            if query.search is not None:
                return await found(uow, query.search, wanted, before=before, limit=query.limit)
            rows = await uow.conversations.page(wanted, before=before, limit=query.limit)
            items = await views.conversations(uow, rows)
        full = len(rows) == query.limit
        following = encode_moment(rows[-1].updated_at, rows[-1].id) if full else None
        listed = [shapes.ListedConversation(**dict(item)) for item in items]
        return shapes.Conversations(items=listed, next=following)

    async def detail(self, call: Call) -> shapes.ConversationDetail:
        return await detail_of(call.services, _id(call))

    async def customer(self, call: Call) -> shapes.ShopData:
        async with call.services.database.read() as uow:
            row = existing(await uow.conversations.get(_id(call)))
            customer = await uow.customers.get(row.customer_id)
        reference = customer.reference if customer else None
        return await self._panel.read(reference, row.channel, row.address)

    async def claim(self, call: Call) -> shapes.ConversationDetail:
        await handoff.claim(call.services, _id(call), call.staff)
        return await self.detail(call)

    async def reply(self, call: Call) -> shapes.Message:
        sent = await agent_message.send_as_agent(
            call.services,
            _id(call),
            call.staff,
            call.body.text,
            client_id=call.body.id,
            suggestion_id=call.body.suggestion_id,
            files=call.body.files,
        )
        return views.message(sent)

    async def note(self, call: Call) -> shapes.Message:
        added = await agent_message.add_note(
            call.services, _id(call), call.staff, call.body.text, client_id=call.body.id
        )
        return views.message(added)

    async def typing(self, call: Call) -> None:
        async with call.services.database.read() as uow:
            row = existing(await uow.conversations.get(_id(call)))
            said = await uow.messages.last_of_customer(row.id)
        data = {"author": "agent", "name": call.staff.name}
        if row.agent_id == call.staff.id:
            await call.services.bus.publish(Event("typing", row.id, data))
            if said is not None:
                call.services.composing.show(said.channel, said.address, said.external_id)

    async def transfer(self, call: Call) -> shapes.ConversationDetail:
        wanted: Transfer = call.body
        await handoff.transfer(
            call.services,
            _id(call),
            call.staff,
            agent_id=wanted.agent_id,
            queue=wanted.queue,
            note=wanted.note,
        )
        return await self.detail(call)

    async def give_back(self, call: Call) -> shapes.ConversationDetail:
        wanted: Return = call.body
        await handoff.give_back(
            call.services, _id(call), call.staff, resume=wanted.resume, slots=wanted.slots
        )
        return await self.detail(call)

    async def resolve(self, call: Call) -> shapes.ConversationDetail:
        await handoff.resolve(
            call.services,
            _id(call),
            call.staff,
            outcome=call.body.outcome,
            intent=call.body.intent,
        )
        return await self.detail(call)


def _id(call: Call) -> str:
    return call.request.match_info["id"]


async def detail_of(services: Services, conversation_id: str) -> shapes.ConversationDetail:
    """The conversation as it is now; raise NotFound unless there is one."""
    async with services.database.read() as uow:
        row = existing(await uow.conversations.get(conversation_id))
        return await views.conversation_detail(uow, row, services)


def existing(row: Conversation | None) -> Conversation:
    """Raise NotFound unless there is one."""
    if row is None:
        raise NotFound("There is no such conversation.")
    return row
