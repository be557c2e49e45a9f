"""A lead looks after the team and its canned replies, in a real browser."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.browser.test_main_path import AGENT, LEAD, NETWORK_IS_GONE, address
from tests.client import Warmline


async def test_a_lead_sees_who_serves_and_ends_an_account(stage: Stage, warmline: Warmline) -> None:
    stage.expect_complaints(*NETWORK_IS_GONE, "401")
    nora, liam = Staff(await stage.window(), AGENT), Staff(await stage.window(), LEAD)
    await liam.sign_in(address(warmline, "/console/team"))
    member = liam.page.locator(".member").filter(has_text="Nora Agent")
    queue = liam.page.locator(".queue").filter(has_text="Support")
    await expect(member).to_contain_text("Not here")
    await nora.sign_in(address(warmline, "/desk"))
    await expect(member).to_contain_text("Online")

    visitor = await warmline.visitor()
    await visitor.answer("a person", "/contact_human_agent")
    await expect(queue.locator(".queue-waiting")).to_have_text("1")
    await nora.rows.first.click()
    await nora.press("Claim")
    await expect(member).to_contain_text("1 of 5 conversations")
    await expect(queue.locator(".queue-waiting")).to_have_text("0")

    await member.get_by_role("button", name="Edit").click()
    dialog = liam.page.get_by_role("dialog")
    await dialog.get_by_label("Payments").check()
    await dialog.get_by_label("Skills").fill("refunds, german")
    await dialog.get_by_label("Conversations at once").fill("3")
    await dialog.get_by_role("button", name="Save").click()
    await expect(member).to_contain_text("Payments")
    await expect(member).to_contain_text("refunds, german")
    await expect(member).to_contain_text("1 of 3 conversations")

    own = liam.page.locator(".member").filter(has_text="you")
    await expect(own.get_by_role("button", name="End account")).to_have_count(0)
    await member.get_by_role("button", name="End account").click()
    await dialog.get_by_role("button", name="End account").click()
    await expect(member).to_have_count(0)
    await expect(queue.locator(".queue-waiting")).to_have_text("1")
    await expect(nora.page.locator(".bar-connection")).to_have_text("Signed out")


async def test_a_lead_writes_a_canned_reply_and_takes_it_out(
    stage: Stage, warmline: Warmline
) -> None:
    stage.expect_complaints(*NETWORK_IS_GONE, "422")
    liam = Staff(await stage.window(), LEAD)
    await liam.sign_in(address(warmline, "/console/canned"))
    rows, dialog = liam.page.locator(".canned-reply"), liam.page.get_by_role("dialog")
    await expect(liam.page.get_by_text("No canned replies yet.")).to_be_visible()
    for name, text in (("Hello", "Hello {customer_nam}"), ("Bye", "Goodbye then")):
        await liam.page.get_by_role("button", name="New reply").click()
        await dialog.get_by_label("Name").fill(name)
        await dialog.get_by_label("Text").fill(text)
        await dialog.get_by_role("button", name="Save").click()
        if name == "Hello":
            await expect(dialog.get_by_role("alert")).to_contain_text("There is no variable")
            await dialog.get_by_label("Text").fill("Hello {customer_name}")
            await expect(dialog.locator(".canned-preview")).to_have_text("Hello Ben Okafor")
            await dialog.get_by_role("button", name="Save").click()
        await expect(rows.filter(has_text=name)).to_have_count(1)
    await liam.page.get_by_label("Filter").fill("good")
    await expect(rows).to_have_count(1)
    await liam.page.get_by_label("Filter").fill("")
    await rows.filter(has_text="Goodbye").get_by_role("button", name="Delete").click()
    await dialog.get_by_role("button", name="Delete").click()
    await expect(rows).to_have_count(1)
    await expect(liam.page.get_by_label("Filter")).to_be_focused()
