"""A conversation on a terminal, through a simulated provider and the server's real webhook."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator

import aiohttp
from aiohttp import web
from rich.console import Console

from bot.errors import SetupError
from simulator.base import Provider, ProviderRequest, Taken

LOOK_SECONDS = 0.1
QUIET_SECONDS = 3.0  # at the end of a script: when so long nothing came, nothing more will
HELP = (
    "Write as the customer. A number presses that button; /picture sends a picture, "
    "/quit (or Ctrl+D) ends."
)


class Play:
    """One customer of one provider. What is sent to them is printed as it comes, and reported as
    delivered and read, as far as the provider reports such things."""

    def __init__(self, provider: Provider, address: str, console: Console) -> None:
        self._provider = provider
        self._address = address
        self._console = console
        self._shown = 0
        self._offered: list[tuple[str, str]] = []
        self._heard_at = time.monotonic()

    async def run(self) -> None:
        """Until the input ends. Raises SetupError when the server does not answer."""
        self._console.print(f"You are {self._address} on {self._provider.channel}. {HELP}\n")
        async with aiohttp.ClientSession() as session:
            showing = asyncio.create_task(self._show(session))
            try:
                async for line in _lines():
                    if line == "/quit":
                        return
                    if line:
                        await self._post(session, self._request(line))
                    if not sys.stdin.isatty():
                        await self._quiet()  # a script is answered before it goes on
                await self._quiet()
            finally:
                showing.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await showing

    async def _quiet(self) -> None:
        left = QUIET_SECONDS
        while left > 0:
            await asyncio.sleep(left)
            left = self._heard_at + QUIET_SECONDS - time.monotonic()

    def _request(self, line: str) -> ProviderRequest:
        if line == "/picture":
            return self._provider.sends_picture(self._address)
        if line.isdecimal() and 0 < int(line) <= len(self._offered):
            title, payload = self._offered[int(line) - 1]
            return self._provider.presses(self._address, title, payload)
        return self._provider.says(self._address, line)

    async def _show(self, session: aiohttp.ClientSession) -> None:
        while True:
            for taken in self._provider.taken[self._shown :]:
                self._shown += 1
                if taken.address == self._address:
                    self._print(taken)
                    await self._report(session, taken)
            await asyncio.sleep(LOOK_SECONDS)

    def _print(self, taken: Taken) -> None:
        self._heard_at = time.monotonic()
        if taken.image:
            self._console.print(f"[dim]picture:[/dim] {taken.image}")
        if taken.text:
            self._console.print("[bold]<[/bold] ", end="")
            self._console.print(taken.text, markup=False)
        self._offered = list(taken.buttons)
        for number, (title, _) in enumerate(self._offered, start=1):
            self._console.print(f"  \\[{number}] {title}")

    async def _report(self, session: aiohttp.ClientSession, taken: Taken) -> None:
        for state in ("delivered", "read"):
            report = self._provider.reports(taken, state)
            if report is not None:
                await self._post(session, report)

    async def _post(self, session: aiohttp.ClientSession, request: ProviderRequest) -> None:
        self._heard_at = time.monotonic()
        try:
            async with session.request(
                request.method, request.url, data=request.body, headers=request.headers
            ) as answer:
                if answer.status >= 300:
                    words = (await answer.text())[:300]
                    self._console.print(f"The server answered {answer.status}: {words}")
        except aiohttp.ClientConnectionError as error:
            raise SetupError(
                "no server answers there",
                where=request.url,
                cure="Start one (`warmline demo`), or name its address with --public-url.",
            ) from error


@contextlib.asynccontextmanager
async def listening(provider: Provider, host: str, port: int) -> AsyncIterator[None]:
    """The provider's API, where the server's connector calls it. Raises SetupError for a port that
    is taken."""
    app = web.Application()
    app.add_routes(provider.routes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise SetupError(
                f"cannot listen on {host}:{port} ({error.strerror})",
                where=f"credentials.yml, key '{provider.channel}.api_url'",
                cure="Stop the other program there (another simulation?), or name another port.",
            ) from error
        yield
    finally:
        await runner.cleanup()


async def play(provider: Provider, address: str | None, host: str, port: int) -> None:
    """Listen, and hold a conversation until the input ends."""
    async with listening(provider, host, port):
        console = Console(highlight=False, soft_wrap=True)
        await Play(provider, address or provider.address, console).run()


async def _lines() -> AsyncIterator[str]:
    """What is typed, or piped in, line by line."""
    loop = asyncio.get_running_loop()
    while True:
        # A thread, because a terminal, a pipe and a file are each read differently otherwise.
        line = await loop.run_in_executor(None, sys.stdin.readline)
        if not line:
            return
        yield line.strip()
