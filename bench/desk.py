"""How fast the desk is with many conversations, in a real browser.

    uv run python -m bench.desk --conversations 10000

Three things: how long after a click the list is there, with all open conversations behind it; what
scrolling through it costs, as the time between two frames; and how long a message takes from the
key that sends it to the screen of somebody else, a colleague's desk and the customer's widget. All
clocks are the browser's own. docs/benchmarks.md says how to read the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright
from rich.console import Console
from rich.table import Table

from bench.backing import Backing
from bench.browser import BROWSER, SINCE, find_browser, seen_at, window
from bench.customers import Step
from bench.deployments import warmline
from bench.population import Population, populated
from bench.programs import ServerFailed, to_the_end
from bench.report import percentile
from bench.servers import make_warmline_model
from bench.turns import machine
from bot.clock import new_id, now
from bot.passwords import hash_password
from bot.records import User
from bot.store.database import Database

CONVERSATIONS = 10_000
OPENINGS = 20
MESSAGES = 50
SCREENS = 40  # how many screens of the list are scrolled through
STAFF = ("asha", "ben")
PASSWORD = "only while this is measured"  # noqa: S105
FIRST = Step("hello", "What can I do for you?")
GOALS = {"opens": 200.0, "to a colleague": 150.0, "to the customer": 150.0}


@dataclass(slots=True)
class Measured:
    """Milliseconds of each try, by what was tried."""

    milliseconds: dict[str, list[float]] = field(default_factory=dict)

    def at(self, what: str, share: float) -> float:
        return percentile(self.milliseconds[what], share)


async def measure(conversations: int, console: Console) -> Measured:
    """Start Warmline over so many conversations, and use its desk. Raises ServerFailed."""
    executable = find_browser()
    if executable is None:
        raise ServerFailed("there is no Chromium on this machine's path")
    await make_warmline_model()
    measured = Measured()
    async with AsyncExitStack() as stack:
        population = Population(conversations)
        url = await stack.enter_async_context(populated("sqlite", population, None, console))
        await _add_staff(url)
        backing = Backing(url, None, {})
        deployment = await stack.enter_async_context(warmline(backing, FIRST))
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=executable, args=list(BROWSER))
        stack.push_async_callback(browser.close)
        agent, colleague, shopper = [await window(browser) for _ in range(3)]
        await _sign_in(agent, deployment.url, STAFF[0])
        console.print("Opening the list …")
        await agent.get_by_role("button", name="All open").click()
        measured.milliseconds["opens"] = [await _opened(agent) for _ in range(OPENINGS)]
        console.print("Scrolling through it …")
        measured.milliseconds["frame while scrolling"] = await _scrolled(agent)
        console.print("Sending messages …")
        await shopper.goto(deployment.url)
        await shopper.get_by_role("button", name="Open chat").click()
        chat = shopper.frame_locator("iframe[title='Support chat']")
        await chat.locator(".connection").filter(has_text="Connected").wait_for()
        await chat.get_by_label("Your message").fill("I want to talk to a person")
        await chat.get_by_label("Your message").press("Enter")
        await chat.locator(".bubble").filter(has_text="person for you").wait_for()
        await _sign_in(colleague, deployment.url, STAFF[1])
        await _open_newest(agent)
        await agent.get_by_role("button", name="Claim", exact=True).click()
        await agent.locator("conversation-thread .badge.owner").filter(has_text="You").wait_for()
        await _open_newest(colleague)
        frame = next(each for each in shopper.frames if each != shopper.main_frame)
        for name, other in (("to a colleague", colleague.main_frame), ("to the customer", frame)):
            taken = measured.milliseconds[name] = []
            for number in range(MESSAGES):
                text = f"Line {number} {name}"
                seen = asyncio.create_task(seen_at(other, text))
                await agent.get_by_role("textbox", name="Reply").fill(text)
                sent = await agent.evaluate(SINCE)
                await agent.keyboard.press("Control+Enter")
                taken.append(await seen - sent)
    return measured


async def _add_staff(url: str) -> None:
    database = Database(url)
    try:
        hashed = await hash_password(PASSWORD)
        async with database.write() as uow:
            for name in STAFF:
                email = f"{name}@bench.test"
                await uow.staff.add(User(new_id(), email, name, "agent", hashed, now()))
    finally:
        await database.aclose()


async def _sign_in(page: Page, url: str, name: str) -> None:
    await page.goto(f"{url}/desk")
    await page.get_by_label("Email").fill(f"{name}@bench.test")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.locator(".bar-connection").filter(has_text="Live").wait_for()


async def _opened(page: Page) -> float:
    await page.reload(wait_until="commit")
    await page.locator("conversation-list a.row").first.wait_for()
    taken: float = await page.evaluate("performance.getEntriesByName('rows')[0].startTime")
    return taken


async def _scrolled(page: Page) -> list[float]:
    """The time between two frames, over so many screens of the list."""
    frames: list[float] = await page.evaluate(
        """async (screens) => {
          const list = document.querySelector(".list-scroll");
          const frames = [];
          let before = performance.now();
          for (let step = 0; step < screens * 10; step++) {
            await new Promise(requestAnimationFrame);
            const now = performance.now();
            frames.push(now - before);
            before = now;
            list.scrollBy(0, list.clientHeight / 10);
          }
          return frames.slice(1);
        }""",
        SCREENS,
    )
    return frames


async def _open_newest(page: Page) -> None:
    await page.get_by_role("button", name="All open").click()
    await page.locator("conversation-list a.row").filter(has_text="Guest").first.click()
    await page.locator("conversation-thread .badge.owner").wait_for()


def _table(measured: Measured) -> Table:
    table = Table(title="The desk, in milliseconds")
    for name in ("what", "p50", "p95", "most", "goal (p95)"):
        table.add_column(name, justify="left" if name == "what" else "right")
    for what, taken in measured.milliseconds.items():
        figures = [measured.at(what, share) for share in (0.5, 0.95, 1.0)]
        goal = f"{GOALS[what]:.0f}" if what in GOALS else ""
        table.add_row(f"{what} ({len(taken)})", *(f"{each:.0f}" for each in figures), goal)
    return table


def main() -> None:
    """Measure, print the table, write the JSON."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.desk",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--conversations", type=int, default=CONVERSATIONS)
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write the figures there")
    wanted = parser.parse_args()
    busy = os.getloadavg()[0]
    progress = Console(stderr=True, highlight=False)
    try:
        measured = to_the_end(measure(wanted.conversations, progress))
    except ServerFailed as error:
        sys.exit(f"bench.desk: {error}")
    console = Console(highlight=False)
    console.print(_table(measured))
    console.print(f"{os.cpu_count()} cores; load average before: {busy:.1f}.")
    if wanted.json is not None:
        content: dict[str, Any] = {
            "machine": machine(),
            "conversations": wanted.conversations,
            "load_average_before": round(busy, 2),
            "milliseconds": measured.milliseconds,
        }
        wanted.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
