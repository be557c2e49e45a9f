"""The README's pictures, taken from the running product: `python -m tests.browser.pictures`."""

from __future__ import annotations

import asyncio
import base64
import tempfile
from pathlib import Path

from aiohttp.test_utils import TestServer
from playwright.async_api import Page, ViewportSize, expect

from actions.context.demo import seed
from bench.browser import find_browser
from bot import demo
from bot.app import SERVICES, running
from bot.assistant.model import load_assistant, newest_model
from bot.live_model import Assistant
from bot.passwords import hash_password
from bot.settings import load_settings
from tests.browser.people import Shopper, Staff
from tests.browser.stage import Stage, playing

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
WINDOW: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 800}
SIDE_BY_SIDE = """
<!doctype html><body style="margin:0;padding:20px;display:flex;gap:20px;background:#cfc8bb">
{images}</body>
"""


async def take(stage: Stage, base: str) -> None:
    """Ben asks the bot, then for a person; Nora answers; others write too; Liam reads the turns."""
    ben = Shopper(await stage.window(viewport=PHONE))
    ava = Shopper(await stage.window(viewport=PHONE))
    chloe = Shopper(await stage.window(viewport=PHONE, color_scheme="dark"))
    nora = Staff(await stage.window(viewport=WINDOW), "agent@demo.test")
    liam = Staff(await stage.window(viewport=WINDOW), "lead@demo.test")
    await nora.sign_in(f"{base}/desk")

    for shopper, name in ((ben, "Ben"), (ava, "Ava"), (chloe, "Chloe")):
        await shopper.visit(f"{base}/", customer=name)
        await shopper.open_chat()

    await ben.say("where is my order")
    await ben.hears("order 10861")
    await ben.say("Can I speak to a person?")
    await expect(ben.owner).to_contain_text("in the queue")
    await nora.claim("Ben Okafor")
    await nora.note("Rang the courier: ten stops away, about an hour.")
    await nora.reply("Hello Ben, Nora here. Your driver is ten stops away, so about an hour.")
    await ben.say("Perfect, I'm at home until five.")
    await nora.hears("I'm at home until five.")

    await chloe.say("where is my parcel?")
    await chloe.hears("delayed")
    await chloe.page.screenshot(path=IMAGES / "widget-phone.png")
    await chloe.say("what is your refund policy?")
    await chloe.hears("30 days")

    await ava.say("my bank card is stuck in a cash machine")
    await ava.hears("don't think I can help")
    await ava.say("the cash machine ate it, which bank do I call?")
    await expect(ava.owner).to_contain_text("in the queue")
    await expect(nora.page.locator("view-list")).to_contain_text("1")

    await ben.box.blur()
    await nora.thread.locator("#composer-field").blur()
    left = await ben.page.screenshot()
    right = await nora.page.screenshot()
    await _side_by_side(await stage.window(), left, right)
    await nora.page.screenshot(path=IMAGES / "desk.png")
    await nora.page.set_viewport_size(PHONE)
    await nora.page.emulate_media(color_scheme="dark")
    await nora.page.screenshot(path=IMAGES / "desk-phone.png")

    await liam.sign_in(f"{base}/console/turns")
    turns = liam.page.locator("turn-table tbody tr")
    await turns.filter(has_text="where is my order").get_by_role("button").click()
    await expect(liam.page.locator("turn-panel .bubble.is-marked")).to_be_visible()
    await liam.page.mouse.move(0, 0)
    await liam.page.screenshot(path=IMAGES / "console.png")


async def _side_by_side(page: Page, *pictures: bytes) -> None:
    style = "border-radius:12px;box-shadow:0 6px 24px rgb(0 0 0/25%)"
    images = "".join(
        f'<img style="{style}" src="data:image/png;base64,{base64.b64encode(each).decode()}">'
        for each in pictures
    )
    width = PHONE["width"] + WINDOW["width"] + 60
    await page.set_viewport_size({"width": width, "height": WINDOW["height"] + 40})
    await page.set_content(SIDE_BY_SIDE.format(images=images))
    await page.screenshot(path=IMAGES / "customer-and-agent.png")


async def paint(executable: str, assistant: Assistant) -> None:
    """Serve a fresh demo from a folder that is thrown away, and take the pictures of it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings({"data_dir": folder}, demo=True, project=ROOT, environment={})
        await seed(settings.shop_database_url)
        async with running(settings, assistant=assistant) as app:
            await demo.add_staff(app[SERVICES].database, await hash_password(demo.PASSWORD))
            async with TestServer(app) as server, playing(executable) as stage:
                await take(stage, str(server.make_url("/")).rstrip("/"))


def main() -> None:
    executable = find_browser()
    model = newest_model(ROOT / "models")
    if executable is None or model is None:
        raise SystemExit("Pictures need Chromium on the path and a model: `warmline train`.")
    IMAGES.mkdir(parents=True, exist_ok=True)
    # Rasa replaces asyncio's event loop when it is imported, so it is loaded before a loop runs.
    assistant = load_assistant(model, ROOT / "endpoints.yml")
    asyncio.run(paint(executable, assistant))
    assistant.close()


if __name__ == "__main__":
    main()
