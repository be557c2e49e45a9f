"""After a chat its customer says how it was, and the agent and the lead see it."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.people import Shopper, Staff
from tests.browser.stage import Stage
from tests.client import Warmline


async def test_a_customer_answers_by_keyboard_and_the_lead_reads_it(
    stage: Stage, warmline: Warmline
) -> None:
    base = str(warmline.client.make_url("/"))
    ben = Shopper(await stage.window(viewport={"width": 390, "height": 844}))
    await ben.visit(base, customer="Ben")
    await ben.open_chat()
    await ben.say("I want to talk to a person")
    await expect(ben.owner).to_contain_text("queue")
    nora = Staff(await stage.window(), "agent@demo.test")
    await nora.sign_in(f"{base}desk")
    await nora.claim("Ben Okafor")
    await nora.reply("Nora here, all is well.")
    await ben.hears("Nora here")
    panel = ben.chat.get_by_role("region", name="How was it?")
    await expect(panel).to_have_count(0)
    await nora.press("Resolve")
    dialog = nora.page.get_by_role("dialog", name="Resolve")
    await dialog.get_by_role("button", name="Resolve").click()

    liam = Staff(await stage.window(), "lead@demo.test")
    await liam.sign_in(f"{base}console/satisfaction")
    report = liam.page.locator("satisfaction-report")
    await expect(report).to_contain_text("0 of 1 asked")

    satisfied = panel.get_by_role("group", name="How satisfied")
    easy = panel.get_by_role("group", name="how easy")
    await expect(easy).to_have_count(0)
    await satisfied.get_by_role("radio", name="3, neither").press("Space")
    await satisfied.get_by_role("radio", name="3, neither").press("ArrowRight")
    await expect(satisfied.get_by_role("radio", name="4, satisfied")).to_be_checked()
    await easy.get_by_role("radio", name="5, very easy").press("Space")
    comment = panel.get_by_label("Anything to add?")
    await comment.fill("<b>Quick</b>, thank you")
    await panel.get_by_role("button", name="Send").press("Enter")
    await expect(panel).to_have_count(0)
    await expect(ben.chat.get_by_text("Thank you for telling us.")).to_be_visible()
    await expect(ben.box).to_be_focused()

    seen = nora.page.locator("customer-panel")
    await expect(seen).to_contain_text("Satisfied: 4 of 5 · Easy: 5 of 5")
    await expect(seen).to_contain_text("“<b>Quick</b>, thank you”")
    await expect(report).to_contain_text("1 of 1 asked")
    await expect(report.get_by_role("img", name="4.0 of 5 over all")).to_be_visible()
    await expect(report.get_by_role("row", name="Nora Agent 100 % 4.0 5.0 1 of 1")).to_be_visible()
    await expect(liam.page.locator("survey-list li")).to_contain_text("<b>Quick</b>, thank you")

    await ben.page.reload()
    await ben.page.get_by_role("button", name="Open chat").click()
    await expect(ben.connection).to_have_text("Connected")
    await ben.hears("Nora here")
    await expect(panel).to_have_count(0)
