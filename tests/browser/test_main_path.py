"""The main job in a real browser: a customer and an agent side by side, a lead who looks back."""

from __future__ import annotations

import asyncio

from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from tests.browser.line import line_to
from tests.browser.people import Shopper, Staff
from tests.browser.stage import Stage
from tests.client import Warmline

AGENT = "agent@demo.test"
LEAD = "lead@demo.test"
NETWORK_IS_GONE = ("net::ERR_", "WebSocket")


def address(warmline: Warmline, path: str = "/") -> str:
    return str(warmline.client.make_url(path))


async def test_a_customer_and_an_agent_side_by_side(stage: Stage, warmline: Warmline) -> None:
    ben = Shopper(await stage.window())
    nora = Staff(await stage.window(), AGENT)
    await asyncio.gather(
        nora.sign_in(address(warmline, "/desk")),
        ben.visit(address(warmline), customer="Ben Okafor"),
    )

    await ben.open_chat()
    await ben.say("where is my order")
    await ben.hears("order 10861")
    await ben.ask_for_person.click()
    await expect(ben.owner).to_contain_text("You are next in the queue.")
    await expect(ben.ask_for_person).to_be_hidden()

    await expect(nora.rows.filter(has_text="Ben Okafor")).to_contain_text("Asked for a person")
    await nora.claim("Ben Okafor")
    await expect(nora.card).to_contain_text("The customer wrote: “Talk to a person”")
    await expect(nora.line("order 10861")).to_have_count(1)
    await expect(nora.page.locator("customer-panel")).to_contain_text("two-person tent")
    await expect(ben.owner).to_contain_text("Nora Agent from support")

    await nora.reply("Hello Ben, your driver is ten stops away.")
    await ben.hears("your driver is ten stops away")
    await nora.note("Waits at home until five.")
    await ben.say("Great, thank you, I will wait at home then")
    await nora.hears("I will wait at home then")
    await expect(ben.line("Waits at home")).to_have_count(0)

    await nora.return_to_bot()
    await expect(ben.owner).to_contain_text("Automated")
    await ben.say("what are your opening hours?")
    await ben.hears("Monday to Friday 9 am to 6 pm")
    await nora.hears("Monday to Friday 9 am to 6 pm")
    assert "Waits at home" not in await ben.chat.locator("body").inner_text()

    liam = Staff(await stage.window(), LEAD)
    await liam.sign_in(address(warmline, "/console/turns"))
    turns = liam.page.locator("turn-table tbody tr")
    await expect(turns.filter(has_text="where is my order")).to_have_count(1)
    await liam.page.get_by_label("Intent").select_option(label="Opening hours (1)")
    await expect(turns).to_have_count(1)
    await turns.get_by_role("button", name="what are your opening hours?").click()
    panel = liam.page.locator("turn-panel")
    await expect(panel.locator(".bubble.is-marked")).to_have_text("what are your opening hours?")
    await expect(panel).to_contain_text("your driver is ten stops away")


async def test_a_broken_line_loses_nothing_and_doubles_nothing(
    stage: Stage, warmline: Warmline
) -> None:
    nora = Staff(await stage.window(), AGENT)
    await nora.sign_in(address(warmline, "/desk"))
    port = warmline.client.port
    assert port is not None
    async with line_to(port) as line:
        ben = Shopper(await stage.window())
        await ben.visit(f"http://127.0.0.1:{line.port}/", customer="Ben Okafor")
        await ben.open_chat()
        await ben.ask_for_person.click()
        await nora.claim("Ben Okafor")
        await nora.reply("Before the tunnel")
        await ben.hears("Before the tunnel")

        stage.expect_complaints(*NETWORK_IS_GONE)
        await line.cut()
        await expect(ben.connection).to_have_text("Reconnecting")
        await nora.reply("First word in the tunnel")
        await nora.reply("Second word in the tunnel")
        await ben.say("Written in the tunnel")
        await ben.box.fill("A thought not yet finished")
        await line.mend()

        await expect(ben.connection).to_have_text("Connected")
        await nora.hears("Written in the tunnel")
        await nora.reply("After the tunnel")
        await ben.hears("After the tunnel")
        for text in ("Before", "First word in", "Second word in", "Written in"):
            await ben.hears(f"{text} the tunnel")

        await ben.page.reload()
        await ben.open_chat()
        await ben.hears("After the tunnel")
        await ben.hears("Written in the tunnel")
        await expect(ben.box).to_have_value("A thought not yet finished")
        await nora.hears("Written in the tunnel")


async def test_another_site_embeds_the_chat_with_one_tag(stage: Stage, warmline: Warmline) -> None:
    tag = f"<script src='{address(warmline, '/widget.js')}' async></script>"

    async def page(_request: web.Request) -> web.Response:
        icon = "<link rel='icon' href='data:,'>"
        text = f"<!doctype html><title>A shop</title>{icon}<h1>A shop</h1>{tag}"
        return web.Response(text=text, content_type="text/html")

    site = web.Application()
    site.router.add_get("/", page)
    async with TestServer(site) as server:
        guest = Shopper(await stage.window())
        await guest.visit(str(server.make_url("/")))
        await guest.open_chat()
        await guest.say("what are your opening hours?")
        await guest.hears("Monday to Friday 9 am to 6 pm")
        await guest.page.keyboard.press("Escape")
        await expect(guest.page.get_by_role("button", name="Open chat")).to_be_focused()


async def test_the_customer_needs_only_a_keyboard(stage: Stage, warmline: Warmline) -> None:
    ava = Shopper(await stage.window())
    keyboard = ava.page.keyboard
    await ava.visit(address(warmline))
    launcher = ava.page.get_by_role("button", name="Open chat")
    await launcher.focus()
    await keyboard.press("Enter")
    await expect(ava.box).to_be_focused()
    await keyboard.type("where is my order")
    await keyboard.press("Enter")
    await ava.hears("Which order do you mean?")
    choices = ava.chat.get_by_role("group", name="Suggested answers").get_by_role("button")
    await expect(choices).not_to_have_count(0)
    await keyboard.press("Shift+Tab")
    await expect(choices.last).to_be_focused()
    await keyboard.press("ArrowRight")
    await expect(choices.first).to_be_focused()
    order = (await choices.first.inner_text())[:5]
    await keyboard.press("Enter")
    await expect(ava.box).to_be_focused()
    await ava.hears(f"Order {order} (")

    await expect(choices.first).to_have_text("Change it")
    await keyboard.press("Shift+Tab")
    await expect(choices.last).to_be_focused()
    for _ in range(4):  # past the transcript, which takes a stop where it scrolls
        await keyboard.press("Shift+Tab")
        if await ava.ask_for_person.evaluate("it => it === document.activeElement"):
            break
    await expect(ava.ask_for_person).to_be_focused()
    await keyboard.press("Enter")
    await expect(ava.owner).to_contain_text("You are next in the queue.")
    await expect(ava.box).to_be_focused()
    await keyboard.press("Escape")
    await expect(launcher).to_be_focused()
