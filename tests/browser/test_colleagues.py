"""Two of the staff in one conversation: each sees the other there, and who began to write."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.client import Warmline


async def test_they_see_each_other_and_who_writes_and_when_one_is_gone(
    stage: Stage, warmline: Warmline
) -> None:
    await (await warmline.visitor()).answer("I want to talk to a person")
    agent = await warmline.staff()
    (waits,) = await warmline.waiting(agent)
    await agent.post(f"/conversations/{waits['conversation_id']}/claim")
    address = str(warmline.client.make_url(f"/desk#c/{waits['conversation_id']}"))
    nora = Staff(await stage.window(), "agent@demo.test")
    liam = Staff(await stage.window(), "lead@demo.test")
    await nora.sign_in(address)
    here = nora.thread.locator(".thread-colleagues")
    await expect(here).to_be_hidden()
    await liam.sign_in(address)
    await expect(here).to_have_text("Liam Lead is here too")
    await expect(liam.thread.locator(".thread-colleagues")).to_have_text("Nora Agent is here too")

    await liam.thread.get_by_role("tab", name="Private note").click()
    await liam.thread.locator("#composer-field").fill("Careful with this one")
    await expect(here).to_have_text("Liam Lead is writing…")
    warning = nora.thread.locator(".writes-too")
    await expect(warning).to_be_hidden()
    await nora.thread.locator("#composer-field").fill("Hello, this is")
    await expect(warning).to_have_text("Liam Lead is writing in this conversation too.")
    await liam.page.close()
    await expect(here).to_be_hidden()
    await expect(warning).to_be_hidden()
