"""Telling one subscriber one thing, and writing down what came of it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import aiohttp

from bot import metrics
from bot.clock import now
from bot.events import Event
from bot.lease import kept
from bot.notice import TRY_FOR, Answer, answered, backoff, signature, taken
from bot.reachable import CheckedResolver, Reach, Unreachable, check_url
from bot.records import Notice, Subscription
from bot.retry_after import retry_after
from bot.services import Services
from bot.store.database import UnitOfWork

log = logging.getLogger(__name__)
LONGEST_ANSWER_SECONDS = 10.0

# The JSON of a notice, in the shapes of the API: those are the desk's.
Write = Callable[[UnitOfWork, Notice], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Outside:
    """How subscribers are reached: which of them may be, by what, and what each is signed with."""

    reach: Reach
    secret_of: Callable[[str], str]
    write: Write
    seconds: float = LONGEST_ANSWER_SECONDS

    def client(self) -> aiohttp.ClientSession:
        """One for all subscribers: it checks every address, and takes no cookies."""
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=CheckedResolver(self.reach), use_dns_cache=False, limit=0
            ),
            timeout=aiohttp.ClientTimeout(total=self.seconds),
            cookie_jar=aiohttp.DummyCookieJar(),
        )


async def tell(
    services: Services,
    outside: Outside,
    client: aiohttp.ClientSession,
    subscription: Subscription,
    notice: Notice,
) -> None:
    """Take the notice, unless another process was first, and send it."""
    body = notice.body
    if body is None:
        async with services.database.read() as uow:
            body = await outside.write(uow, notice)
    ours = taken(notice, body)
    async with services.database.write() as uow:
        if not await uow.notices.claim(notice, ours):
            return
    begun = time.monotonic()
    async with kept(partial(_renew, services, ours)):
        answer = await _post(outside, client, subscription, ours, body)
    becomes = answered(ours, answer, duration_ms=(time.monotonic() - begun) * 1000)
    async with services.database.write() as uow:
        changed = await uow.notices.change(ours, becomes)
    if not changed:
        return
    metrics.notices.labels(outcome=becomes.state).inc()
    if answer.error is not None:
        log.warning(
            "notice_failed subscription=%s notice=%s error=%s state=%s",
            subscription.id,
            notice.id,
            answer.error,
            becomes.state,
        )
    if answer.again and (answer.status is None or answer.status == 429):
        # What ails one of them ails them all: the others need not find out each for itself.
        seconds = answer.retry_after or min(backoff(1), backoff(ours.attempts))
        await services.limits.pause(pause_name(subscription), seconds)
    # It concerns the leads' page alone: who follows the conversation has nothing to look at.
    data = {"subscription_id": subscription.id}
    await services.bus.publish(Event("notice", "", data))


def pause_name(subscription: Subscription) -> str:
    """What a subscriber's pause is counted under, among the channels'."""
    return f"notices:{subscription.id}"


async def _post(
    outside: Outside,
    client: aiohttp.ClientSession,
    subscription: Subscription,
    notice: Notice,
    body: str,
) -> Answer:
    timestamp = str(int(now().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Warmline",
        "X-Warmline-Event": notice.event,
        "X-Warmline-Delivery": notice.id,
        "X-Warmline-Timestamp": timestamp,
        "X-Warmline-Signature": signature(outside.secret_of(subscription.id), timestamp, body),
    }
    try:
        check_url(subscription.url, outside.reach)
        # A redirect could lead anywhere, and none is needed: the URL can be changed.
        async with client.post(
            subscription.url, data=body.encode(), headers=headers, allow_redirects=False
        ) as response:
            return _said(response.status, response.headers)
    except Unreachable:
        return Answer(None, "forbidden_address", again=False)
    except asyncio.TimeoutError:
        return Answer(None, "timeout", again=True)
    except aiohttp.InvalidURL:
        return Answer(None, "invalid_url", again=False)
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return Answer(None, f"no_connection ({type(error).__name__})", again=True)


def _said(status: int, headers: Mapping[str, str]) -> Answer:
    if 200 <= status < 300:
        return Answer(status, None, again=False)
    again = status == 429 or status >= 500
    wait = min(retry_after(headers) or 0.0, TRY_FOR.total_seconds()) if again else 0.0
    return Answer(status, f"http_{status}", again=again, retry_after=wait)


async def _renew(services: Services, notice: Notice, until: datetime) -> None:
    async with services.database.write() as uow:
        await uow.notices.renew(notice, until=until)
