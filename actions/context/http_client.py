"""Requests to a shop over HTTP: bounded in time and size, tried again, and every failure told as
what it means.

Whatever is asked may be asked again: reads change nothing, and a change is made once under its key.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import aiohttp
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
    wait_random_exponential,
)
from yarl import URL

from actions.context.breaker import Breaker
from actions.context.errors import NoAnswer, NotNow, ShopMisconfigured, ShopUnavailable
from actions.context.http_answers import Error
from actions.context.http_json import read_shape

log = logging.getLogger(__name__)

LARGEST_BODY = 4 * 1024 * 1024  # bytes; a catalogue of some ten thousand products
NOT_ALLOWED = frozenset({401, 403})
# The same key is being worked at, or too much was asked: an answer, only not yet.
BUSY = frozenset({409, 429})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a customer is made to wait, in seconds: past `total` a person is the better answer.

    A try takes less than half of it, so that one lost packet is not the end.
    """

    total: float = 3.0
    one_try: float = 1.4
    connect: float = 1.0
    first_pause: float = 0.1
    most_tries: int = 4


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `route` is its path with `{names}` in it, by which it is told of in logs."""

    method: str
    route: str
    names: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = None

    def __str__(self) -> str:
        return f"{self.method} {self.route}"

    def url(self, base: str) -> URL:
        named = {name: quote(value, safe="") for name, value in self.names.items()}
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in self.query.items())
        path = self.route.format(**named)
        return URL(f"{base}{path}?{query}" if query else f"{base}{path}", encoded=True)


class ShopClient:
    """Asks one shop; belongs to the event loop that first asks."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        patience: Patience,
        breaker: Breaker,
        largest_body: int = LARGEST_BODY,
    ) -> None:
        self._url = url.rstrip("/")
        self._headers = {
            "Authorization": f"Bearer {token}",
            # A small compressed answer may be a huge one.
            "Accept-Encoding": "identity",
        }
        self._patience = patience
        self._breaker = breaker
        self._largest_body = largest_body
        self._session: aiohttp.ClientSession | None = None

    async def get(
        self, route: str, names: Mapping[str, str], query: Mapping[str, str]
    ) -> bytes | None:
        """The body of the answer, or None when the shop has no such thing."""
        return await self._ask(Request("GET", route, names, query))

    async def put(self, route: str, names: Mapping[str, str], body: Any) -> bytes:
        """The body of the answer."""
        request = Request("PUT", route, names, {}, body)
        answer = await self._ask(request)
        if answer is None:
            raise ShopUnavailable(f"{self._asked(request)} is not served there")
        return answer

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _ask(self, request: Request) -> bytes | None:
        patience = self._patience
        retrying = AsyncRetrying(
            # A last try that has not even the time to connect would tell nothing.
            stop=stop_after_attempt(patience.most_tries)
            | stop_before_delay(patience.total - patience.connect),
            wait=self._pause,
            retry=retry_if_exception_type(NotNow),
            reraise=True,
        )
        deadline = asyncio.get_running_loop().time() + patience.total
        answer: bytes | None = await retrying(self._try, request, deadline)
        return answer

    def _pause(self, state: RetryCallState) -> float:
        failure = state.outcome.exception() if state.outcome else None
        told = failure.retry_after if isinstance(failure, NotNow) else None
        jitter = wait_random_exponential(multiplier=self._patience.first_pause, max=1)
        return (told or 0.0) + jitter(state)

    async def _try(self, request: Request, deadline: float) -> bytes | None:
        with self._breaker.watching():
            patience = self._patience
            # A busy loop may have made the pause longer; to aiohttp no time left is no limit.
            left = max(deadline - asyncio.get_running_loop().time(), patience.connect)
            timeout = aiohttp.ClientTimeout(
                total=min(patience.one_try, left), connect=patience.connect
            )
            try:
                async with self._opened().request(
                    request.method,
                    request.url(self._url),
                    json=request.body,
                    timeout=timeout,
                    allow_redirects=False,  # the token is for this address and no other
                ) as response:
                    return await self._answer(request, response)
            except (asyncio.TimeoutError, aiohttp.ClientError, OSError) as error:
                # Told by its kind only: its own text may hold what was asked for.
                kind = type(error).__name__
                log.warning("shop_did_not_answer request=%s error=%s", request, kind)
                asked = self._asked(request)
                raise NoAnswer(f"{asked} was not answered in time ({kind})") from None

    async def _answer(self, request: Request, response: aiohttp.ClientResponse) -> bytes | None:
        status = response.status
        if status == 200:
            return await self._body(request, response)
        if status == 404 and _says_not_found(await self._body(request, response)):
            return None
        log.warning("shop_answered request=%s status=%d", request, status)
        problem = f"{self._asked(request)} was answered {status}"
        if status in NOT_ALLOWED:
            raise ShopMisconfigured(
                f"{problem}: the token is wrong",
                where="WARMLINE_SHOP_TOKEN",
                cure="Set it to a token that the shop knows and that may do all of the contract.",
            )
        if 300 <= status < 400:
            raise ShopMisconfigured(
                f"{problem}, and redirects are not followed",
                where="WARMLINE_SHOP_URL",
                cure="Set it to the address that the shop sends callers to.",
            )
        if status in BUSY:
            raise NotNow(problem, retry_after=_retry_after(response.headers))
        if status >= 500:
            raise NoAnswer(problem, retry_after=_retry_after(response.headers))
        raise ShopUnavailable(problem)

    async def _body(self, request: Request, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_any():
            body += chunk
            if len(body) > self._largest_body:
                raise ShopUnavailable(
                    f"{self._asked(request)} was answered more than {self._largest_body} bytes"
                )
        return bytes(body)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers=self._headers,
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),  # one customer's would go along with another's
            )
        return self._session

    def _asked(self, request: Request) -> str:
        return f"{request.method} {self._url}{request.route}"


def _says_not_found(body: bytes) -> bool:
    """Whether the shop itself says so: anybody's server answers 404 at a wrong address."""
    try:
        return read_shape(Error, body, "").error.code == "not_found"
    except ShopUnavailable:
        return False


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds, from a number of them or from a date; None when there is neither."""
    told = headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return float(told)
    try:
        until = parsedate_to_datetime(told)
    except (TypeError, ValueError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=timezone.utc)
    return max(0.0, (until - datetime.now(timezone.utc)).total_seconds())
