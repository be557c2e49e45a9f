"""Who is told of what: subscribing a URL, changing that, ending it, and telling something again."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace

from bot.auditing import audit
from bot.clock import new_id, now
from bot.errors import Conflict, InvalidInput, NotFound
from bot.notice import resent
from bot.reachable import Reach, Unreachable, check_reach
from bot.records import Notice, NoticeEvent, Subscription, User
from bot.services import Services
from bot.store.database import UnitOfWork

# Every event is written once for each of them, in the transaction that it is about.
MOST = 20
LONGEST_URL = 2000
WHERE = "WARMLINE_WEBHOOK_REACH"


def secret_of(key: str, subscription_id: str) -> str:
    """What a subscriber's notices are signed with: made from the installation's own key, so that it
    stands nowhere and every process knows it."""
    made = hmac.new(key.encode(), f"subscription:{subscription_id}".encode(), hashlib.sha256)
    return f"whsec_{made.hexdigest()}"


async def subscribe(
    services: Services, user: User, url: str, events: Sequence[NoticeEvent], *, reach: Reach
) -> Subscription:
    """Tell this URL of these events from now on."""
    subscription = Subscription(
        id=new_id(),
        url=await _checked(url, reach),
        events=_each_once(events),
        active=True,
        created_by=user.id,
        created_at=now(),
    )
    async with services.database.write() as uow:
        if await uow.subscriptions.count() >= MOST:
            raise Conflict(f"There are {MOST} already: delete one first.", code="too_many")
        await uow.subscriptions.add(subscription)
        details = {"events": list(subscription.events)}
        await audit(uow, "webhook.added", subscription.id, by=user.id, details=details)
    services.database.listeners.forget()
    return subscription


async def change(
    services: Services,
    subscription_id: str,
    user: User,
    *,
    url: str | None,
    events: Sequence[NoticeEvent] | None,
    active: bool | None,
    reach: Reach,
) -> Subscription:
    """Change what is given. While it is not active, nothing is written for it, and what waits
    goes on waiting."""
    checked = await _checked(url, reach) if url is not None else None
    async with services.database.write() as uow:
        was = await _lock(uow, subscription_id)
        changed = replace(
            was,
            url=checked or was.url,
            events=_each_once(events) if events is not None else was.events,
            active=was.active if active is None else active,
        )
        await uow.subscriptions.update(changed)
        # A URL may hold a key: that it was changed is said, and not to what.
        details = {
            "url_changed": changed.url != was.url,
            "events": list(changed.events),
            "active": changed.active,
        }
        await audit(uow, "webhook.changed", subscription_id, by=user.id, details=details)
    services.database.listeners.forget()
    services.database.noticed.set()
    return changed


async def unsubscribe(services: Services, subscription_id: str, user: User) -> None:
    """Tell it nothing more, nor what still waits."""
    async with services.database.write() as uow:
        subscription = await _lock(uow, subscription_id)
        at = now()
        await uow.subscriptions.update(replace(subscription, active=False, deleted_at=at))
        await uow.notices.drop_open(subscription_id, at=at)
        await audit(uow, "webhook.deleted", subscription_id, by=user.id, at=at)
    services.database.listeners.forget()


async def resend(services: Services, subscription_id: str, notice_id: str, user: User) -> Notice:
    """Tell it again, under the same id; raise Conflict while it is being told anyway."""
    async with services.database.write() as uow:
        await _lock(uow, subscription_id)
        notice = await uow.notices.get(notice_id)
        if notice is None or notice.subscription_id != subscription_id:
            raise NotFound("There is no such delivery.")
        again = resent(notice, at=now())
        if notice.state == "sending" or not await uow.notices.change(notice, again):
            raise Conflict("It is being sent just now.", code="under_way")
        details = {"webhook": subscription_id}
        await audit(uow, "webhook.resent", notice_id, by=user.id, details=details)
    services.database.noticed.set()
    return again


async def _lock(uow: UnitOfWork, subscription_id: str) -> Subscription:
    subscription = await uow.subscriptions.lock(subscription_id)
    if subscription is None:
        raise NotFound("There is no such subscription.")
    return subscription


async def _checked(url: str, reach: Reach) -> str:
    if len(url) > LONGEST_URL:
        raise InvalidInput("url", f"'url' is longer than {LONGEST_URL} characters.")
    try:
        await check_reach(url, reach)
    except Unreachable as error:
        cure = f" Allow it with {WHERE}." if reach != "private" and "private" in str(error) else ""
        raise InvalidInput("url", f"'url' cannot be called: {error}.{cure}") from error
    return url


def _each_once(events: Sequence[NoticeEvent]) -> list[NoticeEvent]:
    return list(dict.fromkeys(events))
