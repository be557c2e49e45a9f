"""One connection: cut when it is too slow, and refused as everything else where it is no HTTP.

aiohttp ends what is idle and nothing more: a client that takes no answer would keep it for good.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any, cast

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong

from bot.errors import Unavailable, WarmlineError
from desk.edge.crowd import Crowd
from desk.edge.headers import UNTOLD, headers_for
from desk.edge.patience import LONGEST_FIELD, LONGEST_LINE, MOST_HEADERS, Patience

log = logging.getLogger("warmline.http")


class Connection(web.RequestHandler):
    """`crowd` counts the open ones by whoever is at the other end."""

    def __init__(
        self, server: web.Server, *, crowd: Crowd, patience: Patience, https: bool
    ) -> None:
        self._clock = asyncio.get_running_loop()
        options: dict[str, Any] = {"access_log": None}
        super().__init__(
            server,
            loop=self._clock,
            keepalive_timeout=patience.idle,
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_FIELD,
            max_headers=MOST_HEADERS,
            **options,
        )
        self._crowd = crowd
        self._patience = patience
        self._https = https
        self._pipe: asyncio.Transport | None = None
        self._peer: str | None = None
        self._since = self._clock.time()
        self._unread: tuple[float, int] | None = None  # since when, and how much there was
        self.has_asked = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._pipe = cast(asyncio.Transport, transport)
        name = transport.get_extra_info("peername")
        peer = name[0] if isinstance(name, tuple) else "unknown"
        if self._crowd.enter(peer):
            self._peer = peer
        else:
            self._pipe.abort()

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._peer is not None:
            self._crowd.leave(self._peer)
            self._peer = None
        self._pipe = None
        super().connection_lost(exc)

    def resume_writing(self) -> None:
        # Most of what waited has gone: whatever waits now waits anew.
        self._unread = None
        super().resume_writing()

    def cut_if_slow(self) -> None:
        """End it where it has kept us waiting for too long."""
        pipe, at = self._pipe, self._clock.time()
        if pipe is None:
            return
        waiting = pipe.get_write_buffer_size()
        if waiting == 0:
            self._unread = None
        elif self._unread is None:
            self._unread = at, waiting
        if not self.has_asked and at - self._since > self._patience.head:
            self._cut(pipe, "head")
        elif self._unread is not None:
            since, size = self._unread
            if at - since > self._patience.reading + self._patience.for_bytes(size):
                self._cut(pipe, "answer")

    def _cut(self, pipe: asyncio.Transport, waited_for: str) -> None:
        log.info("connection_cut waited_for=%s", waited_for)
        pipe.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The answer to what is no HTTP, and to what got past our own handling of errors."""
        if request.writer.output_size > 0:
            raise ConnectionError("half of another answer has gone out")
        if isinstance(exc, HttpProcessingError):
            status, refusal = _unreadable(exc)
            log.info("request_unreadable status=%d", status)
        else:
            refusal = Unavailable("Something went wrong on our side. Please try again.")
            status = refusal.status
            log.error("request_failed route=none error=%s", type(exc).__name__)
        answer = web.json_response(refusal.as_json(), status=status)
        if isinstance(refusal, Unavailable):
            answer.headers["Retry-After"] = str(refusal.retry_after)
        answer.headers.update({**headers_for("", sites=(), https=self._https), **UNTOLD})
        answer.force_close()
        return answer


def _unreadable(error: HttpProcessingError) -> tuple[int, WarmlineError]:
    if isinstance(error, LineTooLong) and error.args[1] == LONGEST_LINE:
        return 414, WarmlineError("The address is longer than this server reads.", code="uri_long")
    if isinstance(error, LineTooLong) or "Too many headers" in error.message:
        words = "The headers are longer, or more, than this server reads."
        return 431, WarmlineError(words, code="headers_large")
    return 400, WarmlineError("This is no HTTP request that can be read.", code="unreadable")
