"""Conversations as the API shows them: a page of them, and one with all that is known."""

from __future__ import annotations

from bot import records
from bot.clock import iso, iso_or_none, now
from bot.conversation import Conversation
from bot.mood import moods_of
from bot.services import Services
from bot.store.database import UnitOfWork
from desk import block_views, shapes, survey_views
from desk.snooze_shapes import Snooze
from desk.views.handoff_card import card, change, signals, who_is
from desk.views.names import People, people
from desk.views.queue import brief
from desk.views.transcript import message

EFFECTS_SHOWN = 20
EARLIER_SHOWN = 5


async def conversations(uow: UnitOfWork, rows: list[Conversation]) -> list[shapes.Conversation]:
    """A page of conversations, each with its last line and hand-off."""
    ids = [row.id for row in rows]
    names = await people(uow, (row.customer_id for row in rows))
    newest = await uow.messages.newest(ids)
    handoffs = await uow.handoffs.latest(ids)
    offers = await uow.offers.open_on(handoffs.values())
    mentions = await uow.mentions.waiting(ids)
    tags = await uow.tags.many(ids)
    blocked = await uow.blocks.which_of((row.customer_id for row in rows), at=now())
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
            handoff=brief(handoffs.get(row.id), names, offers),
            snoozed=_snooze(row),
            mentions=mentions.get(row.id, []),
            tags=tags.get(row.id, []),
            blocked=row.customer_id in blocked,
        )
        for row in rows
    ]


async def conversation_detail(
    uow: UnitOfWork, row: Conversation, services: Services, *, messages: int = 1000
) -> shapes.ConversationDetail:
    """One conversation with its transcript, its customer and its card."""
    (short,) = await conversations(uow, [row])
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
        **short.dict(exclude={"customer", "handoff"}),
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
            card(
                handoff,
                names,
                effects,
                signals=lately,
                who=who_is(handoff, customer, verification),
                moods=moods,
                offer=(await uow.offers.open_on([handoff])).get(handoff.id),
            )
            if handoff
            else None
        ),
        write_until=await _write_until(uow, row, services),
        wrap_up=_wrap_up(await uow.wrap_ups.latest(row.id), names),
        survey=await survey_views.latest(uow, row.id),
        block=await block_views.holding(uow, row),
        changes=[change(effect) for effect in effects],
        messages=[message(line, delivery=deliveries.get(line.id)) for line in transcript],
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
        undone_at=iso_or_none(join.undone_at),
        undone_by=undone_by.name if undone_by else None,
    )


def _shown(identity: records.Identity) -> str:
    """The address as people know it: a widget's is ours, and says nothing to them."""
    if identity.channel != "web":
        return identity.address
    kind, _, reference = identity.address.partition(":")
    return reference if kind == "customer" else "a browser"


def _snooze(row: Conversation) -> Snooze | None:
    at = row.snoozed_at
    return Snooze(at=iso(at), until=iso_or_none(row.snoozed_until)) if at is not None else None
