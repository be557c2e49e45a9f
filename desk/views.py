"""From records to the shapes of the API: one function a noun, one read for a page of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from actions.contact import phone_text
from bot import change_words, records
from bot.clock import iso, now
from bot.conversation import Conversation, State
from bot.handoff_request import REASONS
from bot.mood import Mood, moods_of
from bot.rules import Rules
from bot.services import Services
from bot.signals import signals_of
from bot.store.database import UnitOfWork
from bot.waiting import outlook
from desk import shapes, survey_views
from desk.routes import API
from desk.snooze_shapes import Snooze

GUEST = "Guest"
EFFECTS_SHOWN = 20
EARLIER_SHOWN = 5
RESULTS = {"made": "ok", "refused": "refused", "unknown": "unknown"}
# Cards of earlier versions do not say where a value is from.
UNTRACED = {"message_id": None, "settable": True}


def _maybe(moment: datetime | None) -> str | None:
    return iso(moment) if moment else None


def message(
    row: records.Message, *, reader: str = "agent", delivery: records.Delivery | None = None
) -> shapes.Message:
    """`reader` is whose own messages carry the id that their page gave them."""
    # An external id is "sender:id their page gave".
    own = row.external_id if row.author == reader else None
    return shapes.Message(
        id=row.id,
        seq=row.seq,
        turn_id=row.turn_id,
        author=row.author,
        author_name=row.author_name,
        text=row.text,
        buttons=[shapes.Button(**button) for button in row.buttons],
        channel=row.channel,
        created_at=iso(row.created_at),
        in_reply_to=row.in_reply_to,
        private=row.private,
        client_id=own.rpartition(":")[2] if own else None,
        event=row.data.get("event"),
        about=row.data.get("about"),
        image=row.image,
        attachments=[
            _attachment(row.id, number, each, reader) for number, each in enumerate(row.attachments)
        ],
        delivery=shapes.Delivery(state=delivery.state, error=delivery.error) if delivery else None,
    )


def _attachment(
    message_id: str, number: int, attachment: dict[str, Any], reader: str
) -> shapes.Attachment:
    to_fetch = attachment.get("reference") and reader == "agent"
    shown: dict[str, Any] = {**attachment}
    shown.pop("reference", None)
    # The widget is a page of this server, by whichever name it was reached.
    link = urlsplit(shown.pop("link", None) or "").path or None
    return shapes.Attachment(
        **shown,
        url=f"{API}/messages/{message_id}/attachments/{number}" if to_fetch else link,
    )


def reason(code: str) -> shapes.Reason:
    return shapes.Reason(code=code, text=REASONS.get(code, code))


def user(row: records.User) -> shapes.User:
    return shapes.User(id=row.id, email=row.email, name=row.name, role=row.role)


def agent(row: records.Agent, *, load: int) -> shapes.Agent:
    return shapes.Agent(
        user_id=row.user_id,
        presence=row.presence,
        queues=list(row.queues),
        skills=list(row.skills),
        capacity=row.capacity,
        load=load,
        missed_offers=row.missed_offers,
    )


def colleague(row: records.User, serving: records.Agent, *, online: bool) -> shapes.Colleague:
    return shapes.Colleague(
        **user(row).dict(),
        online=online,
        presence=serving.presence,
        queues=list(serving.queues),
        skills=list(serving.skills),
        capacity=serving.capacity,
    )


def place(row: records.Handoff, names: People, offer: records.Offer | None) -> dict[str, Any]:
    """The fields of shapes.Place."""
    asked = names.agent(offer.agent_id) if offer else None
    return {
        "offer": shapes.Offer(agent=asked, until=iso(offer.until)) if offer and asked else None,
        "queue": row.queue,
        "priority": row.priority,
        "ranked_at": iso(row.ranked_at),
        "warn_at": _maybe(row.warn_at),
        "due_at": _maybe(row.due_at),
        "replied_at": _maybe(row.replied_at),
        "tier": row.tier,
    }


def turn(row: records.Turn) -> shapes.Turn:
    return shapes.Turn(
        id=row.id,
        conversation_id=row.conversation_id,
        message_id=row.message_id,
        text=row.text,
        intent=row.intent,
        confidence=row.confidence,
        ranking=[shapes.Ranked(**ranked) for ranked in row.ranking],
        entities=[shapes.Entity(**entity) for entity in row.entities],
        outcome=row.outcome or "failed",
        reason=row.reason,
        actions=[run["action"] for run in row.actions],
        channel=row.channel,
        model=row.model,
        created_at=iso(row.created_at),
        duration_ms=row.duration_ms,
    )


def dead_letter(row: records.DeadLetter) -> shapes.DeadLetter:
    return shapes.DeadLetter(
        id=row.id,
        kind=row.kind,
        conversation_id=row.conversation_id,
        channel=row.channel,
        state=row.state,
        error=row.error,
        attempts=row.attempts,
        text=row.text,
        author=row.author,
        created_at=iso(row.created_at),
    )


def customer(row: records.Customer | None, customer_id: str) -> shapes.Person:
    return shapes.Person(id=customer_id, name=(row.name if row else None) or GUEST)


def signal(row: records.Signal) -> shapes.Signal:
    return shapes.Signal(id=row.id, kind=row.kind, at=iso(row.at), about=row.about)


async def signals(
    uow: UnitOfWork, customer_id: str, handoff: records.Handoff | None
) -> list[shapes.Signal]:
    """What the customer did lately: what leads, then the newest."""
    return [signal(row) for row in await signals_of(uow, customer_id, handoff, at=now())]


def prepared(row: dict[str, Any]) -> shapes.Prepared:
    known = {name: row[name] for name in shapes.Prepared.__fields__ if name in row}
    return shapes.Prepared(**known, outcome=change_words.decision_in_words(row))


def change(row: records.Effect) -> shapes.Change:
    result = row.result if isinstance(row.result, dict) else {}
    by = row.arguments.get("by") or {}
    return shapes.Change(
        name=change_words.name_of(row),
        text=change_words.in_words(row),
        state=change_words.state_of(row),
        outcome=change_words.outcome_of(row),
        by=by.get("name") or "Bot",
        how=by.get("how"),
        reference=result.get("reference"),
        before=result.get("before") or {},
        after=result.get("after") or {},
        turn_id=row.turn_id,
        at=iso(row.finished_at or row.created_at),
    )


class People:
    """Names for a page of rows, read once."""

    def __init__(
        self, agents: dict[str, records.User], customers: dict[str, records.Customer]
    ) -> None:
        self._agents = agents
        self._customers = customers

    def agent(self, agent_id: str | None) -> shapes.Person | None:
        found = self._agents.get(agent_id) if agent_id else None
        return shapes.Person(id=found.id, name=found.name) if found else None

    def customer(self, customer_id: str) -> shapes.Person:
        return customer(self._customers.get(customer_id), customer_id)


async def people(uow: UnitOfWork, customer_ids: Iterable[str]) -> People:
    agents = {agent.id: agent for agent in await uow.staff.everybody()}
    return People(agents, await uow.customers.many(set(customer_ids)))


async def conversations(uow: UnitOfWork, rows: list[Conversation]) -> list[shapes.Conversation]:
    """A page of conversations, each with its last line and hand-off."""
    ids = [row.id for row in rows]
    names = await people(uow, (row.customer_id for row in rows))
    newest = await uow.messages.newest(ids)
    handoffs = await uow.handoffs.latest(ids)
    offers = await uow.offers.open_on(handoffs.values())
    mentions = await uow.mentions.waiting(ids)
    tags = await uow.tags.many(ids)
    return [
        shapes.Conversation(
            id=row.id,
            state=row.state.value,
            owner_epoch=row.owner_epoch,
            channel=row.channel,
            customer=names.customer(row.customer_id),
            agent=names.agent(row.agent_id),
            created_at=iso(row.created_at),
            updated_at=iso(row.updated_at),
            last_message=message(newest[row.id]) if row.id in newest else None,
            handoff=_brief(handoffs.get(row.id), names, offers),
            snoozed=_snooze(row),
            mentions=mentions.get(row.id, []),
            tags=tags.get(row.id, []),
        )
        for row in rows
    ]


async def handoffs(uow: UnitOfWork, rows: list[records.Handoff]) -> list[shapes.Handoff]:
    """A page of the queue."""
    names = await people(uow, (row.customer_id for row in rows))
    newest = await uow.messages.newest([row.conversation_id for row in rows])
    channels = await uow.conversations.channels({row.conversation_id for row in rows})
    offers = await uow.offers.open_on(rows)
    return [
        shapes.Handoff(
            **place(row, names, offers.get(row.id)),
            id=row.id,
            conversation_id=row.conversation_id,
            state=row.state.value,
            reason=reason(row.reason),
            evidence=row.evidence,
            requested_at=iso(row.requested_at),
            accepted_at=_maybe(row.accepted_at),
            closed_at=_maybe(row.closed_at),
            agent=names.agent(row.agent_id),
            customer=names.customer(row.customer_id),
            channel=channels[row.conversation_id],
            last_message=(
                message(newest[row.conversation_id]) if row.conversation_id in newest else None
            ),
            intent=row.card["wants"]["intent"],
        )
        for row in rows
    ]


async def conversation_detail(
    uow: UnitOfWork, row: Conversation, services: Services, *, messages: int = 1000
) -> shapes.ConversationDetail:
    """One conversation with its transcript, its customer and its card."""
    (brief,) = await conversations(uow, [row])
    handoff = (await uow.handoffs.latest([row.id])).get(row.id)
    names = await people(uow, [row.customer_id])
    identities = await uow.customers.identities(row.customer_id)
    here = (row.channel, row.address)
    current = next((i for i in identities if (i.channel, i.address) == here), None)
    transcript = await uow.messages.transcript(row.id, limit=messages)
    deliveries = await uow.outbox.deliveries(row.id)
    effects = await uow.effects.recent(row.id, limit=EFFECTS_SHOWN)
    lately = await signals(uow, row.customer_id, handoff)
    customer = names.customer(row.customer_id)
    verification = shapes.Verification(
        level=current.verification if current else "anyone",
        how=current.how if current else "not verified",
    )
    moods = moods_of(transcript, upset=services.rules.triggers.frustration)
    return shapes.ConversationDetail(
        **brief.dict(exclude={"customer", "handoff"}),
        customer=shapes.KnownCustomer(
            **customer.dict(),
            identities=[
                shapes.Identity(channel=i.channel, address=_shown(i), verification=i.verification)
                for i in identities
            ],
            verification=verification,
            joins=[_join(join, names) for join in await uow.joins.of_customer(row.customer_id)],
            earlier=await _earlier(uow, row),
        ),
        handoff=(
            _card(
                handoff,
                names,
                effects,
                signals=lately,
                who=_who(handoff, customer, verification),
                moods=moods,
                offer=(await uow.offers.open_on([handoff])).get(handoff.id),
            )
            if handoff
            else None
        ),
        write_until=await _write_until(uow, row, services),
        wrap_up=_wrap_up(await uow.wrap_ups.latest(row.id), names),
        survey=await survey_views.latest(uow, row.id),
        changes=[change(effect) for effect in effects],
        messages=[message(line, delivery=deliveries.get(line.id)) for line in transcript],
    )


async def widget_conversation(
    uow: UnitOfWork, row: Conversation, rules: Rules, *, bot_typing: bool
) -> shapes.WidgetConversation:
    """The customer's own view: who answers, and how it looks for them while they wait."""
    agent = await uow.staff.get(row.agent_id) if row.agent_id else None
    handoff = await uow.handoffs.open_of(row.id) if row.state is State.WAITING else None
    seen = await outlook(uow, rules, handoff, at=now()) if handoff else None
    estimate = seen.estimate if seen else None
    return shapes.WidgetConversation(
        id=row.id,
        state=row.state.value,
        agent=shapes.AgentName(name=agent.name) if agent else None,
        queue_position=seen.position if seen else None,
        estimated_seconds=round(estimate.total_seconds()) if estimate is not None else None,
        back_at=_maybe(seen.back_at) if seen else None,
        bot_typing=bot_typing,
        survey=await survey_views.panel(uow, row, at=now()),
        last_seq=row.last_seq,
    )


async def _write_until(uow: UnitOfWork, row: Conversation, services: Services) -> str | None:
    window = services.windows.get(row.channel)
    if window is None:
        return None
    heard_at = await uow.messages.heard_at(row.customer_id, row.channel, row.address)
    return iso(heard_at + window) if heard_at else None


async def _earlier(uow: UnitOfWork, row: Conversation) -> list[shapes.EarlierConversation]:
    """Other conversations of this customer, also from when they were not yet known to be one."""
    everybody = await uow.joins.joined_into(row.customer_id)
    rows = await uow.conversations.newest(everybody, but=row.id, limit=EARLIER_SHOWN)
    newest = await uow.messages.newest([each.id for each in rows])
    return [
        shapes.EarlierConversation(
            id=each.id,
            channel=each.channel,
            updated_at=iso(each.updated_at),
            last_message=message(newest[each.id]) if each.id in newest else None,
        )
        for each in rows
    ]


def _wrap_up(row: records.WrapUp | None, names: People) -> shapes.WrapUp | None:
    if row is None:
        return None
    return shapes.WrapUp(
        outcome=row.outcome,
        intent=row.intent,
        agent=names.agent(row.agent_id),
        at=iso(row.created_at),
    )


def _join(join: records.Join, names: People) -> shapes.Join:
    undone_by = names.agent(join.undone_by)
    return shapes.Join(
        id=join.id,
        channel=join.moved["channel"],
        proof=join.proof,
        created_at=iso(join.created_at),
        undone_at=_maybe(join.undone_at),
        undone_by=undone_by.name if undone_by else None,
    )


def _shown(identity: records.Identity) -> str:
    """The address as people know it: a widget's is ours, and says nothing to them."""
    if identity.channel != "web":
        return identity.address
    kind, _, reference = identity.address.partition(":")
    return reference if kind == "customer" else "a browser"


def _brief(
    handoff: records.Handoff | None, names: People, offers: Mapping[str, records.Offer]
) -> shapes.HandoffBrief | None:
    if handoff is None:
        return None
    return shapes.HandoffBrief(
        **place(handoff, names, offers.get(handoff.id)),
        intent=handoff.card["wants"]["intent"],
        id=handoff.id,
        state=handoff.state.value,
        reason=reason(handoff.reason),
        requested_at=iso(handoff.requested_at),
    )


def _snooze(row: Conversation) -> Snooze | None:
    at = row.snoozed_at
    return Snooze(at=iso(at), until=_maybe(row.snoozed_until)) if at is not None else None


def _who(
    handoff: records.Handoff, customer: shapes.Person, verification: shapes.Verification
) -> shapes.Who:
    return shapes.Who(
        name=customer.name,
        level=verification.level,
        how=verification.how,
        proof=handoff.card.get("proof"),
    )


def _callback(asked: dict[str, Any] | None) -> shapes.Callback | None:
    return shapes.Callback(**asked, text=phone_text(asked["number"])) if asked else None


def _card(
    handoff: records.Handoff,
    names: People,
    effects: list[records.Effect],
    *,
    signals: list[shapes.Signal],
    who: shapes.Who,
    moods: list[Mood],
    offer: records.Offer | None,
) -> shapes.Card:
    # Read now, not kept with the card: a turn that lost the conversation may have been at work.
    changes = [
        shapes.Tried(
            action=change_words.in_words(effect),
            result=RESULTS[change_words.state_of(effect)],
            detail=change_words.outcome_of(effect),
            about=None,
        )
        for effect in reversed(effects)
        if not change_words.is_by_agent(effect)
    ]
    return shapes.Card(
        **place(handoff, names, offer),
        id=handoff.id,
        state=handoff.state.value,
        reason=reason(handoff.reason),
        evidence=handoff.evidence,
        requested_at=iso(handoff.requested_at),
        accepted_at=_maybe(handoff.accepted_at),
        agent=names.agent(handoff.agent_id),
        signals=signals,
        who=who,
        mood=[
            shapes.Mood(message_id=one.message_id, level=one.level, score=one.score)
            for one in moods
        ],
        contact=handoff.card.get("contact"),
        callback=_callback(handoff.card.get("callback")),
        lost=shapes.Lost(**handoff.card["lost"]) if "lost" in handoff.card else None,
        wants=shapes.Wish(**handoff.card["wants"]),
        # Cards of earlier versions prepared nothing.
        prepared=[prepared(each) for each in handoff.card.get("prepared", ())],
        collected=[shapes.Collected(**{**UNTRACED, **fact}) for fact in handoff.card["collected"]],
        tried=[
            *(shapes.Tried(**{"about": None, **each}) for each in handoff.card["tried"]),
            *changes,
        ],
        turn_id=handoff.turn_id,
    )
