"""Where a message belongs: whose its address is, and that customer's conversation."""

from __future__ import annotations

from datetime import datetime

from bot.clock import new_id
from bot.conversation import Conversation, State, change_owner
from bot.messages import CustomerClaim, InboundMessage
from bot.records import Customer, Identity
from bot.store.database import UnitOfWork
from bot.text import label


async def identified(
    uow: UnitOfWork, channel: str, address: str, claim: CustomerClaim, *, at: datetime
) -> Identity:
    """Who writes from this address: found, or written now.

    Raises IntegrityError when somebody else writes the same at the same moment; it is found at the
    next try.
    """
    found = await uow.customers.identity(channel, address)
    return found or (await _identify(uow, channel, address, claim, at=at))[0]


async def _identify(
    uow: UnitOfWork, channel: str, address: str, claim: CustomerClaim, *, at: datetime
) -> tuple[Identity, bool]:
    """An address that nobody has written from: whose it is from now on, and whether they are new
    themselves."""
    customer = None
    if claim.reference:
        customer = await uow.customers.lock_by_reference(claim.reference)
    is_new = customer is None
    if customer is None:
        customer = Customer(new_id(), claim.reference, label(claim.name), claim.email, at)
        await uow.customers.add(customer)
    identity = Identity(
        id=new_id(),
        customer_id=customer.id,
        channel=channel,
        address=address,
        verification=claim.verification,
        how=claim.how,
        created_at=at,
    )
    await uow.customers.add_identity(identity)
    return identity, is_new


async def thread_of(
    uow: UnitOfWork, inbound: InboundMessage, default_queue: str, *, at: datetime
) -> tuple[Conversation, bool]:
    """The customer's conversation, which is answered from now on where this came from, and whether
    it is a new one."""
    # A customer and their first conversation are one commit: nobody sees the one without the other.
    conversation = await uow.conversations.lock_of_address(inbound.channel, inbound.address)
    if conversation is None:
        customer_id, is_new = await _locked_customer(uow, inbound, at)
        if not is_new:
            conversation = await uow.conversations.lock_of_customer(customer_id)
    if conversation is None:
        conversation = Conversation(
            id=new_id(),
            customer_id=customer_id,
            channel=inbound.channel,
            address=inbound.address,
            state=State.BOT,
            owner_epoch=1,
            agent_id=None,
            queue=default_queue,
            last_seq=0,
            seen_seq=0,
            created_at=at,
            updated_at=at,
        )
        await uow.conversations.add(conversation)
        return conversation, True
    if inbound.kind != "message":
        return conversation, False  # no reason to answer, or to answer elsewhere
    conversation = await uow.conversations.answered_at(
        conversation, channel=inbound.channel, address=inbound.address
    )
    if conversation.state is State.RESOLVED:
        reopened = change_owner(conversation, State.BOT)
        await uow.conversations.set_owner(reopened, expected_epoch=conversation.owner_epoch, at=at)
        return reopened, False
    return conversation, False


async def _locked_customer(
    uow: UnitOfWork, inbound: InboundMessage, at: datetime
) -> tuple[str, bool]:
    """Whose the address is, and whether they are new; locked, so that no join moves it before they
    have a conversation."""
    found = await uow.customers.identity(inbound.channel, inbound.address)
    if found is None:
        found, is_new = await _identify(uow, inbound.channel, inbound.address, inbound.claim, at=at)
        if is_new:
            return found.customer_id, True  # nobody else sees them before this is committed
    while True:
        identity = found
        await uow.customers.lock([identity.customer_id])
        found = await uow.customers.identity(inbound.channel, inbound.address)
        if found is None or found.customer_id == identity.customer_id:
            return identity.customer_id, False
