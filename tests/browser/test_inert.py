"""What strangers write and call themselves stays text, wherever the pages show it."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Page, expect

from bot import subscriptions
from bot.agent_message import add_note, send_as_agent
from bot.clock import new_id, now
from bot.handoff import claim, transfer
from bot.intake import receive
from bot.messages import Attachment, CustomerClaim
from bot.records import User
from bot.services import Services
from connectors.fields import label
from tests.browser.people import Shopper, Staff
from tests.browser.stage import Stage
from tests.client import Warmline, eventually
from tests.processes import message

CORPUS = (
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    '"><svg onload=window.ran=1>',
    "'-(window.ran=1)-'",
    "</script><script>window.ran=1</script>",
    '<iframe srcdoc="<script>top.ran=1</script>"></iframe>',
    "<a href=javascript:window.ran=1>press</a>",
    "javascript:window.ran=1//https://shop.example",
    "[press](javascript:window.ran=1)",
    "<style>*{display:none}</style>",
    "{{7*7}}${window.ran=1}",
    "&lt;script&gt;window.ran=1&lt;/script&gt;",
    "invoice\u202egpj.exe",
    "\u2067\u202dadmin\u2069\u200f",
    "ad\u200bm\u2060i\ufeffn\u00ad",
)
# A script that ran, an element that somebody's words became, and characters that reorder or hide:
# in the writer's own window what they typed may hold them, where nothing stands beside it.
LOOK = """() => {
  const found = [];
  if (window.ran !== undefined) found.push("a script ran");
  const made = "[onerror], [onload], [srcdoc], [href^='javascript:' i], body style, svg[onload]";
  for (const node of document.querySelectorAll(made)) found.push(node.outerHTML);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    if (/[\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060\\u2066-\\u2069\\ufeff]/.test(node.data)) {
      let around = node.parentElement;
      while (getComputedStyle(around).display === "inline") around = around.parentElement;
      if (around.textContent.trim() !== node.data.trim()) {
        found.push("hidden characters: " + JSON.stringify(around.textContent));
      }
    }
  }
  return found;
}"""


async def stays_inert(page: Page) -> None:
    found: list[str] = []
    for frame in page.frames:
        found += await frame.evaluate(LOOK)
    assert found == []


async def hostile_agent(services: Services, name: str) -> User:
    user = User(new_id(), f"{new_id()}@shop.test", label(name) or "", "agent", "", now())
    async with services.database.write() as uow:
        await uow.staff.add(user)
    return user


async def write_everywhere(services: Services, number: int, text: str) -> str:
    """A customer and an agent of this name say it, send it, and note it: the conversation's id."""
    called = CustomerClaim(f"inert-{number}", text, None, "verified", "signed in to the shop")
    file = Attachment("file", "reference", "text/html", label(text), 12)
    said = message(text, f"inert {number}", channel="telegram", claim=called, attachments=(file,))
    conversation_id = (await receive(services, said)).message.conversation_id
    agent, other = [await hostile_agent(services, text) for _ in range(2)]
    await claim(services, conversation_id, agent)
    await send_as_agent(services, conversation_id, agent, text, client_id=None)
    await add_note(services, conversation_id, agent, text, client_id=None)
    passed: dict[str, Any] = {"agent_id": other.id, "queue": None, "note": text}
    await transfer(services, conversation_id, agent, **passed)
    return conversation_id


async def test_on_the_desk_and_the_console(
    stage: Stage, warmline: Warmline, services: Services
) -> None:
    lead = await warmline.staff("lead@demo.test")
    liam = Staff(await stage.window(), "lead@demo.test")
    async with services.database.read() as uow:
        user = await uow.staff.get(lead.user["id"])
    assert user is not None
    for text in CORPUS[:4]:
        await subscriptions.subscribe(
            services,
            user,
            f"http://127.0.0.1:1/{text}",
            ["conversation_created", "message_created"],
            reach="loopback",
        )
    ids = [await write_everywhere(services, *each) for each in enumerate(CORPUS)]

    async def understood() -> bool | None:
        turns = (await lead.get("/turns?limit=200"))["items"]
        return len(turns) >= len(CORPUS) or None

    await eventually(understood)
    base = str(warmline.client.make_url("/")).rstrip("/")
    await liam.sign_in(f"{base}/desk")
    for conversation_id in ids:
        await liam.page.goto(f"{base}/desk#c/{conversation_id}")
        # The customer's, the agent's, a note, and the note of the transfer; perhaps the bot's.
        await expect(liam.thread.locator("thread-log .bubble").nth(3)).to_be_visible()
        await stays_inert(liam.page)
    await liam.page.goto(f"{base}/console/turns")
    turns = liam.page.locator("turn-table tbody tr")
    await expect(turns).to_have_count(len(CORPUS))
    await stays_inert(liam.page)
    for number in range(len(CORPUS)):
        await turns.nth(number).get_by_role("button").click()
        await expect(liam.page.locator("turn-panel .bubble.is-marked")).to_be_visible()
        await stays_inert(liam.page)
    await liam.page.goto(f"{base}/console/webhooks")
    told = liam.page.locator("delivery-log li")
    await told.first.locator("summary").click()
    await expect(told.first.locator("pre, details p").last).to_be_visible()
    await stays_inert(liam.page)


async def test_in_the_widget(stage: Stage, warmline: Warmline, services: Services) -> None:
    shopper = Shopper(await stage.window())
    await shopper.visit(str(warmline.client.make_url("/")))
    await shopper.open_chat()
    await shopper.say("hello")
    await expect(shopper.chat.locator(".bubble")).not_to_have_count(0)
    lead = await warmline.staff("lead@demo.test")

    async def begun() -> str | None:
        items = (await lead.get("/conversations"))["items"]
        return items[0]["id"] if items else None

    conversation_id = await eventually(begun)
    agent = await hostile_agent(services, CORPUS[0])
    await claim(services, conversation_id, agent)
    for number, text in enumerate(CORPUS):
        await shopper.say(f"{number} {text}")
        await send_as_agent(services, conversation_id, agent, f"{number} {text}", client_id=None)
        await expect(shopper.line(f"{number} ")).not_to_have_count(0)
    await expect(shopper.chat.locator(".bubble")).not_to_have_count(2 * len(CORPUS) - 1)
    await stays_inert(shopper.page)
