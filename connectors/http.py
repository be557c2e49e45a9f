"""A provider's HTTP API: one session a connector, and every failure told as what it means.

Whether a message may be sent again depends on how far its request came, so that is found out here,
once for all channels.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.errors import AnswerLost, NotNow, Refused
from bot.reachable import CheckedResolver
from bot.retry_after import retry_after

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
TOO_MANY = 429
GATEWAY_TIMEOUT = 504
# Before these nothing of the request was written.
_NOT_BEGUN = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL)
_BROKEN_OFF = (aiohttp.ClientError, asyncio.TimeoutError, OSError)
# Nothing is wrong with the message: our credentials, or the time.
_LATER = frozenset({401, 408, 425})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered; `content` is its JSON, None when it was none."""

    status: int
    content: Any
    retry_after: float | None


class ProviderClient:
    """Asks one provider. The session is opened by the first request, in the loop that sends."""

    def __init__(self, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._timeout = aiohttp.ClientTimeout(
            total=None,  # it could not tell which of the two was too long
            connect=CONNECT_SECONDS,
            sock_read=answer_seconds,
        )
        self._answer_seconds = answer_seconds
        self._session: aiohttp.ClientSession | None = None
        self._outside: aiohttp.ClientSession | None = None

    async def post(
        self,
        url: str,
        *,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Post `json` or `form` fields. Raises NotNow when the provider could not be reached, and
        AnswerLost when it could and did not answer."""
        return await self._ask("POST", url, json=json, data=form, headers=headers)

    async def post_text(self, url: str, body: str, *, headers: Mapping[str, str]) -> Answer:
        """Post these very bytes, which a header signs. Raises as `post` does."""
        return await self._ask("POST", url, data=body.encode(), headers=headers)

    async def get(
        self,
        url: str,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask for something. Raises as `post` does."""
        return await self._ask("GET", url, params=query, headers=headers)

    async def aclose(self) -> None:
        for session in (self._session, self._outside):
            if session is not None:
                await session.close()

    def session(self) -> aiohttp.ClientSession:
        """The session, opened by whoever asks first."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        return self._session

    def outside(self) -> aiohttp.ClientSession:
        """One for what somebody else may have named: it connects to no address that is inside,
        whatever a name leads to by then."""
        if self._outside is None:
            self._outside = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=CheckedResolver("public"), use_dns_cache=False
                ),
                timeout=self._timeout,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._outside

    async def _ask(self, method: str, url: str, **content: Any) -> Answer:
        try:
            async with self.session().request(
                method, url, allow_redirects=False, **content
            ) as response:
                body = await asyncio.wait_for(response.read(), self._answer_seconds)
                return Answer(response.status, _json(body), retry_after(response.headers))
        except _NOT_BEGUN as error:
            raise NotNow("unreachable") from error
        except _BROKEN_OFF as error:
            raise AnswerLost("no_answer") from error


def accepted(answer: Answer) -> dict[str, Any]:
    """The provider's JSON object, if it accepted. Raises Refused, NotNow or AnswerLost otherwise.

    A connector that knows its provider's own codes looks at the answer before.
    """
    accepted_without_words(answer)
    if not isinstance(answer.content, dict):
        raise AnswerLost("unreadable_answer")
    return answer.content


def accepted_without_words(answer: Answer) -> None:
    """The same of a provider whose status says it all."""
    code = f"http_{answer.status}"
    if answer.status == TOO_MANY:
        raise NotNow(code, retry_after=answer.retry_after, whole_channel=True)
    if answer.status == GATEWAY_TIMEOUT:
        raise AnswerLost(code)  # from a proxy, which did not hear what became of it
    if answer.status >= 500 or answer.status in _LATER:
        raise NotNow(code, retry_after=answer.retry_after)
    if not 200 <= answer.status < 300:
        raise Refused(code)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
