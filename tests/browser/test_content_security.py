"""Every page under the policy: the browser stops nothing of ours, and all of what gets in."""

from __future__ import annotations

from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, expect

from tests.browser.people import Shopper, Staff
from tests.browser.stage import Stage
from tests.client import Warmline

LISTEN = """
window.stopped = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.stopped.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""
EVERYBODYS = ("/", "/help", "/widget", "/demo/mailbox")


async def _stopped(page: Page) -> list[str]:
    found: list[str] = []
    for frame in page.frames:
        found += await frame.evaluate("window.stopped")
    return found


async def test_no_page_of_ours_needs_what_the_policy_stops(
    warmline: Warmline, stage: Stage
) -> None:
    address = str(warmline.client.make_url("/")).rstrip("/")
    page = await stage.window()
    await page.context.add_init_script(LISTEN)
    shopper = Shopper(page)
    await shopper.visit(address)
    await shopper.open_chat()
    await shopper.say("hello")
    await expect(shopper.chat.locator(".bubble")).not_to_have_count(1)
    assert await _stopped(page) == []
    # A mailbox of nobody's, and live connections of pages that are left at once.
    stage.expect_complaints("404 (Not Found)", "WebSocket")
    admin = Staff(page, "admin@demo.test")
    await admin.sign_in(f"{address}/desk")
    console = {
        resource.canonical
        for resource in warmline.app.router.resources()
        if resource.canonical.startswith("/console")
    }
    assert console
    for path in (*EVERYBODYS, "/desk", *sorted(console)):
        await page.goto(address + path)
        await expect(page.locator("body")).to_be_visible()
        await page.wait_for_load_state()
        assert await _stopped(page) == [], path
        assert stage.complaints == [], path


async def test_what_gets_into_a_page_is_stopped(warmline: Warmline, stage: Stage) -> None:
    page = await stage.window()
    await page.context.add_init_script(LISTEN)
    await page.goto(str(warmline.client.make_url("/help")))
    stage.expect_complaints("Content Security Policy", "Trusted", "Failed to load")
    ran = await page.evaluate(
        """() => {
          const script = document.createElement("script");
          let refused = false;
          try { script.textContent = "window.ran = true"; } catch { refused = true; }
          document.body.append(script);
          try { document.body.innerHTML = "<p onclick=''>"; } catch { refused = true; }
          const link = document.createElement("link");
          link.rel = "stylesheet";
          link.href = "https://evil.example/x.css";
          document.head.append(link);
          return { ran: "ran" in window, refused };
        }"""
    )
    assert ran == {"ran": False, "refused": True}
    await page.wait_for_function("window.stopped.some((one) => one.startsWith('style-src'))")


async def test_the_widget_works_on_another_site_that_isolates_itself(
    warmline: Warmline, stage: Stage
) -> None:
    """A shop with headers as strict as a browser has: the loader and its frame are for others."""
    address = str(warmline.client.make_url("/")).rstrip("/")

    async def shop(_request: web.Request) -> web.Response:
        text = f"<!doctype html><title>A shop</title><script src='{address}/widget.js'></script>"
        headers = {
            "Content-Security-Policy": f"default-src 'none'; script-src {address}; "
            f"frame-src {address}",
            "Cross-Origin-Opener-Policy": "same-origin",
        }
        return web.Response(text=text, content_type="text/html", headers=headers)

    app = web.Application()
    app.router.add_get("/", shop)
    app.router.add_get("/favicon.ico", shop)
    async with TestServer(app) as other:
        page = await stage.window()
        shopper = Shopper(page)
        await shopper.visit(str(other.make_url("/")))
        await shopper.open_chat()
        await shopper.say("hello")
        await expect(shopper.chat.locator(".bubble")).not_to_have_count(1)
