"""What an agent can do for a customer with one click, and doing it.

What is chosen becomes a prepared change of the hand-off's card and is approved at once, so it is
made, written down and told like any other (bot.approval): under the agent's name, once for the id
that the page gave it, and once in a hand-off, whichever button or dialog it was chosen in.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

from actions import documents
from actions.context.model import CustomerContext
from actions.context.reading import as_on_file
from actions.context.source import Shop
from actions.offers import Offer, offer_of, offers_for
from actions.policy import current_policy
from actions.say import Say
from bot.approval import approve, is_same_change
from bot.change_words import decision_in_words
from bot.clock import now
from bot.conversation import Conversation
from bot.errors import Conflict, InvalidInput, NotFound, Unavailable
from bot.handoff_request import UNDECIDED
from bot.messages import channel_of
from bot.ownership import lock_conversation, require_owner
from bot.records import Handoff, User
from bot.services import Services
from bot.text import clean

log = logging.getLogger(__name__)
BUDGET_SECONDS = 3.0
# The same change is taken up in any of these states; first where it may have been made already.
TAKEN_UP = ("trying", "failed", "refused", "waiting")


@dataclass(frozen=True, slots=True)
class NextAction:
    """One of them as an agent sees it; `will` is the read-back with its amounts, None where
    `fields` have to be filled in first or the bot has no words for it, and `why` what takes it
    beyond what the bot may do alone. `version` differs as soon as any of it does."""

    name: str
    title: str
    will: str | None
    why: str | None
    fields: tuple[str, ...]
    version: str


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of it, in words for the agent, and a draft for the customer if it was made."""

    made: bool
    outcome: str
    draft: str | None


async def next_actions(
    services: Services, shop: Shop, conversation_id: str
) -> list[NextAction] | None:
    """What can be done now, what the hand-off is about first; None if the shop did not answer in
    time. Raises NotFound."""
    async with services.database.read() as uow:
        conversation = await uow.conversations.get(conversation_id)
        if conversation is None:
            raise NotFound("There is no such conversation.")
        customer = await uow.customers.get(conversation.customer_id)
        handoff = await uow.handoffs.open_of(conversation_id)
    reference = customer.reference if customer else None
    try:
        offers = await asyncio.wait_for(_offers(shop, reference, conversation), BUDGET_SECONDS)
    except Exception as error:
        kind = type(error).__name__
        log.error("actions_unknown conversation_id=%s error=%s", conversation_id, kind)
        return None
    first = sorted(offers, key=lambda offer: not _is_about(offer, handoff))
    return [await _read_back(services, offer, conversation) for offer in first]


async def act(
    services: Services,
    shop: Shop,
    conversation_id: str,
    name: str,
    user: User,
    *,
    action_id: str,
    version: str,
    filled: Mapping[str, str],
) -> Acted:
    """Do it, once for this `action_id`, as far as it is still what was read back as `version`.
    Raises NotFound, Conflict, InvalidInput, or Unavailable when the shop does not answer."""
    async with services.database.read() as uow:
        conversation = await uow.conversations.get(conversation_id)
        if conversation is None:
            raise NotFound("There is no such conversation.")
        require_owner(conversation, user)
        customer = await uow.customers.get(conversation.customer_id)
        handoff = await uow.handoffs.open_of(conversation_id)
    chosen = _chosen(handoff, action_id) if handoff else None
    if chosen is None:
        reference = customer.reference if customer else None
        offer = await _offer(shop, reference, conversation, name, filled)
        action = await _read_back(services, offer, conversation)
        if action.version != version:
            raise Conflict(
                "This is what would be done now. Please confirm that.",
                code="changed",
                detail={"action": asdict(action)},
            )
        prepared_id = await _prepare(services, conversation_id, user, offer, action_id)
    else:
        prepared_id = chosen["id"]
    await approve(services, shop, conversation_id, prepared_id, user)
    async with services.database.read() as uow:
        after = await uow.handoffs.open_of(conversation_id)
    prepared = _chosen(after, action_id) if after else None
    if prepared is None:
        raise NotFound("This hand-off is over.")
    made = prepared["state"] == "approved"
    draft = await _draft(services, conversation, prepared) if made else None
    return Acted(made, decision_in_words(prepared) or "", draft)


async def _read_back(services: Services, offer: Offer, conversation: Conversation) -> NextAction:
    will = await _words(services, offer.ask, conversation)
    version = _version(offer)
    return NextAction(offer.name, offer.title, will, offer.why, offer.fields, version)


def _version(offer: Offer) -> str:
    """A digest of what the agent is told and of the change; of the values in the words, since the
    bot may have several wordings for them."""
    ask = [offer.ask.response, dict(offer.ask.values)] if offer.ask else None
    change = [offer.change.name, dict(offer.change.arguments)] if offer.change else None
    told = json.dumps([offer.title, offer.why, ask, change], sort_keys=True, default=str)
    return sha256(told.encode()).hexdigest()[:16]


async def _context(
    shop: Shop, reference: str | None, conversation: Conversation
) -> CustomerContext | None:
    on_file = as_on_file(conversation.channel, conversation.address) if not reference else None
    if on_file is not None:
        reference = await shop.reference_at(*on_file)
    return await shop.context(reference) if reference is not None else None


async def _offers(shop: Shop, reference: str | None, conversation: Conversation) -> list[Offer]:
    context = await _context(shop, reference, conversation)
    return await offers_for(shop, context, current_policy(), now=now()) if context else []


async def _offer(
    shop: Shop,
    reference: str | None,
    conversation: Conversation,
    name: str,
    filled: Mapping[str, str],
) -> Offer:
    cleaned = {field: clean(value, field=field) for field, value in filled.items()}
    try:
        context = await asyncio.wait_for(_context(shop, reference, conversation), BUDGET_SECONDS)
    except Exception as error:
        raise Unavailable("The shop's system does not answer right now.") from error
    policy = current_policy()
    offer = await offer_of(shop, context, policy, name, cleaned, now=now()) if context else None
    if offer is None:
        raise Conflict("This can no longer be done.", code="not_offered")
    if offer.change is None or set(cleaned) != set(offer.fields):
        missing = sorted(set(offer.fields) ^ set(cleaned))
        raise InvalidInput(missing[0], f"'{missing[0]}' is expected; needed: {offer.fields}.")
    return offer


async def _prepare(
    services: Services, conversation_id: str, user: User, offer: Offer, action_id: str
) -> str:
    """Write it onto the card as a change that waits for approval, or take up the same change where
    it stands there; the id it has on the card. Raises Conflict when it was made already."""
    if offer.change is None:
        raise ValueError("an offer whose change is not known yet cannot be prepared")
    prepared = {
        "id": action_id,
        "title": offer.title,
        "why": offer.why or f"Chosen by {user.name}",
        "name": offer.change.name,
        "arguments": dict(offer.change.arguments),
        "done": offer.done.as_json() if offer.done else None,
        "document": offer.document,
        **UNDECIDED,
    }
    async with services.database.write() as uow:
        conversation = await lock_conversation(uow, conversation_id)
        require_owner(conversation, user)
        handoff = await uow.handoffs.open_of(conversation_id)
        if handoff is None:
            raise NotFound("This conversation has no hand-off to act on.")
        chosen = _chosen(handoff, action_id)
        if chosen is not None:
            return str(chosen["id"])  # a second click was first
        changes = list(handoff.card.get("prepared", ()))
        same = {each["state"]: each for each in changes if is_same_change(each, prepared)}
        if "approved" in same:
            raise Conflict("The same was done already in this hand-off.", code="made_already")
        there = next((same[state] for state in TAKEN_UP if state in same), None)
        if there is None:
            changes.append(prepared)
        else:
            # The dialog's id finds it from now on, as if it had made it.
            chosen_by = [*there.get("chosen_by", ()), action_id]
            changes[changes.index(there)] = {**there, "chosen_by": chosen_by}
        await uow.handoffs.set_card(replace(handoff, card={**handoff.card, "prepared": changes}))
    return str(there["id"]) if there else action_id


def _chosen(handoff: Handoff, action_id: str) -> dict[str, Any] | None:
    """What was chosen in the dialog with this id."""
    for each in handoff.card.get("prepared", ()):
        if action_id == each["id"] or action_id in each.get("chosen_by", ()):
            found: dict[str, Any] = each
            return found
    return None


def _is_about(offer: Offer, handoff: Handoff | None) -> bool:
    return handoff is not None and handoff.card["wants"]["intent"] == offer.intent


async def _draft(
    services: Services, conversation: Conversation, prepared: Mapping[str, Any]
) -> str | None:
    """What the bot would tell the customer now, for the agent to go on from."""
    done, result = prepared.get("done"), prepared["result"]
    if done is None:
        return None
    reference = result["reference"] or ""
    values = {**result["after"], **done["values"], "reference": reference}
    if prepared["document"] is not None and reference:
        values["link"] = documents.url_of(prepared["document"], reference)
    return await _words(services, Say(done["response"], values), conversation)


async def _words(services: Services, say: Say | None, conversation: Conversation) -> str | None:
    if say is None:
        return None
    said = await services.assistant.words(
        say.response, channel_of(conversation.channel), say.values
    )
    return said.text if said else None
