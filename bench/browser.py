"""A real browser as what is measured with: its windows, and its own clock."""

from __future__ import annotations

import shutil

from playwright.async_api import Browser, Frame, Page, ViewportSize

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
BROWSER = (
    *FLAGS,
    # All windows are looked at, whichever is in front.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
)
SIZE: ViewportSize = {"width": 1280, "height": 800}
PATIENCE_MS = 30_000
#: The moment on a clock that all windows of a browser share, in milliseconds.
SINCE = "performance.timeOrigin + performance.now()"
# When the first rows of a list are painted, as a mark of the page's own.
_MARK_ROWS = """
new MutationObserver((_, observer) => {
  if (!document.querySelector("conversation-list a.row")) return;
  observer.disconnect();
  requestAnimationFrame(() => performance.mark("rows"));
}).observe(document, { childList: true, subtree: true });
"""
_SEEN = """
(text) => new Promise((seen) => {
  const look = () => document.body.textContent.includes(text);
  const tell = () => requestAnimationFrame(() => seen(performance.timeOrigin + performance.now()));
  if (look()) return tell();
  const observer = new MutationObserver(() => {
    if (!look()) return;
    observer.disconnect();
    tell();
  });
  observer.observe(document.body, { childList: true, subtree: true, characterData: true });
})
"""


def find_browser() -> str | None:
    """The first Chromium on this machine's path."""
    return next(filter(None, map(shutil.which, NAMES)), None)


async def window(browser: Browser) -> Page:
    """A page that shares nothing with the others."""
    context = await browser.new_context(viewport=SIZE, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    await page.add_init_script(_MARK_ROWS)
    return page


async def seen_at(frame: Frame, text: str) -> float:
    """When these words were on the screen of this window, on the clock that all share."""
    moment: float = await frame.evaluate(_SEEN, text)
    return moment
