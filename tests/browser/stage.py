"""The browser the tests play in: one window a person, and no complaint of a page goes unnoticed."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

from bench.browser import FLAGS, NAMES, find_browser

REQUIRED = "WARMLINE_REQUIRE_BROWSER"
DESKTOP = {"width": 1280, "height": 800}


def is_required() -> bool:
    """Whether a missing browser is a failure, as it is where everything is checked."""
    return bool(os.environ.get(REQUIRED))


class Stage:
    """Opens windows, and keeps what their pages complained about: errors in the console (which is
    where a browser reports what the content security policy stopped) and uncaught exceptions."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._expected: tuple[str, ...] = ()
        self.complaints: list[str] = []

    async def window(self, **options: Any) -> Page:
        """A page of its own context: nothing is shared with the other windows."""
        context = await self._browser.new_context(
            **{"viewport": DESKTOP, "locale": "en-GB", "timezone_id": "Europe/London", **options}
        )
        self._contexts.append(context)
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        return await context.new_page()

    def expect_complaints(self, *parts: str) -> None:
        """From here on, errors with one of these words in them are part of the play."""
        self._expected = parts

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        if not any(part in message.text for part in self._expected):
            self.complaints.append(f"{message.type}: {message.text}")

    async def close(self) -> None:
        for context in self._contexts:
            await context.close()


@asynccontextmanager
async def playing(executable: str) -> AsyncIterator[Stage]:
    """A browser for as long as the block lasts."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        stage = Stage(browser)
        try:
            yield stage
        finally:
            await stage.close()
            await browser.close()


@asynccontextmanager
async def staged() -> AsyncIterator[Stage]:
    """The same with the browser of this machine, if it has one; fails when a page complained."""
    executable = find_browser()
    if executable is None:
        words = f"no browser: none of {', '.join(NAMES)} is on the path"
        if is_required():
            pytest.fail(f"{words}, and {REQUIRED} is set")
        pytest.skip(words)
    async with playing(executable) as opened:
        yield opened
        assert opened.complaints == []
