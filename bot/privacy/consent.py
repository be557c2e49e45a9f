"""Consent, where `privacy.yml` asks for it: given before anything else is kept of a visitor, under
the version of the words that they read, and taken back whenever they like."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from bot.clock import now
from bot.errors import Conflict, NotAllowed
from bot.messages import CustomerClaim
from bot.sender_limit import admit_newcomer
from bot.services import Services
from bot.store.database import UnitOfWork
from bot.taken import counted
from bot.thread import identified


async def require_consent(services: Services, channel: str, address: str) -> None:
    """Raise NotAllowed where consent is asked for and not given to the words as they are now."""
    if not await may_keep(services, channel, address):
        raise NotAllowed("Please agree to the privacy notice first.", code="consent_required")


async def may_keep(services: Services, channel: str, address: str) -> bool:
    """Whether more may be kept of whoever writes from there."""
    policy = services.privacy.now if services.privacy else None
    if policy is None or policy.consent != "ask":
        return True
    async with services.database.read() as uow:
        identity = await uow.customers.identity(channel, address)
    return (
        identity is not None
        and identity.consent_version == policy.version
        and identity.withdrawn_at is None
    )


async def give_consent(
    services: Services, channel: str, address: str, claim: CustomerClaim, version: str
) -> None:
    """Write down that they agreed to these words; raise Conflict when there are newer ones, and
    TooMany for a newcomer among too many: it is the first row of theirs."""
    policy = services.privacy.now if services.privacy else None
    if policy is None or version != policy.version:
        raise Conflict("The privacy notice has changed. Please read it again.", code="old_notice")
    async with services.database.read() as uow:
        is_new = await uow.customers.identity(channel, address) is None
    async with counted(services.limits) as taken:
        if is_new:
            await admit_newcomer(services, taken, channel, claim)
        with contextlib.suppress(IntegrityError):
            async with services.database.write() as uow:
                await _give(uow, channel, address, claim, version, at=now())
            return
        # Written at the same moment by somebody else: found now.
        async with services.database.write() as uow:
            await _give(uow, channel, address, claim, version, at=now())


async def _give(
    uow: UnitOfWork,
    channel: str,
    address: str,
    claim: CustomerClaim,
    version: str,
    *,
    at: datetime,
) -> None:
    identity = await identified(uow, channel, address, claim, at=at)
    if identity.consent_version == version and identity.withdrawn_at is None:
        return
    given = replace(identity, consent_version=version, consented_at=at, withdrawn_at=None)
    await uow.customers.told(given)


async def withdraw_consent(services: Services, channel: str, address: str) -> None:
    """From now on nothing more is kept of them; what there is goes when its time is over, or when
    they ask for it."""
    async with services.database.write() as uow:
        identity = await uow.customers.identity(channel, address)
        if identity is not None and identity.consented_at and identity.withdrawn_at is None:
            await uow.customers.told(replace(identity, withdrawn_at=now()))
