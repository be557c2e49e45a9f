"""Somebody is let in by an admin, and looks after their own account, in a real browser."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.browser.test_main_path import NETWORK_IS_GONE, address
from tests.client import Warmline

ADMIN, MONA = "admin@demo.test", "mona@shop.test"
FIRST, SECOND = "the moon is round", "the moon is square"


async def test_somebody_is_added_chooses_a_password_and_looks_after_their_account(
    stage: Stage, warmline: Warmline
) -> None:
    stage.expect_complaints(*NETWORK_IS_GONE, "401", "422")
    admin = Staff(await stage.window(), ADMIN)
    await admin.sign_in(address(warmline, "/console/access"))
    page, dialog = admin.page, admin.page.get_by_role("dialog")
    await page.get_by_role("button", name="Add somebody").click()
    await dialog.get_by_label("Name, as").fill("Mona Morris")
    await dialog.get_by_label("Email").fill(MONA)
    await dialog.get_by_role("button", name="Add").click()
    link = await dialog.locator(".access-secret").inner_text()
    await dialog.get_by_role("button", name="I have kept it").click()
    row = page.locator("people-list .access-row").filter(has_text="Mona Morris")
    await expect(row).to_contain_text("No password yet")

    mona = await stage.window()
    await mona.goto(address(warmline, "/choose-password") + "#" + link.partition("#")[2])
    await mona.get_by_label("Password").fill(FIRST)
    await mona.get_by_label("The same again").fill(FIRST)
    await mona.get_by_role("button", name="Keep it").click()
    await mona.get_by_role("link", name="Sign in").click()
    await _signs_in(mona, FIRST)
    await expect(row).to_contain_text("Signed in")

    elsewhere = await stage.window()
    await elsewhere.goto(address(warmline, "/desk"))
    await _signs_in(elsewhere, FIRST)
    await mona.get_by_role("link", name="Mona Morris").click()
    sessions = mona.locator("proof-list[data-kind=session] .access-row")
    await expect(sessions).to_have_count(2)
    await expect(sessions.filter(has_text="this page")).to_have_count(1)
    own = mona.get_by_role("dialog")
    await mona.get_by_role("button", name="Change password").click()
    await own.get_by_label("Your present password").fill("not it at all")
    for label in ("The new one: 10", "The new one again"):
        await own.get_by_label(label).fill(SECOND)
    await own.get_by_role("button", name="Change it").click()
    await expect(own.get_by_role("alert")).to_contain_text("not your present password")
    await own.get_by_label("Your present password").fill(FIRST)
    await own.get_by_role("button", name="Change it").click()
    await expect(sessions).to_have_count(1)
    await expect(elsewhere.locator(".bar-connection")).to_have_text("Signed out")

    await mona.get_by_role("button", name="New token").click()
    await own.get_by_label("What it is for").fill("Report")
    await expect(own.get_by_text("admin", exact=True)).to_have_count(0)
    await own.get_by_role("button", name="Make it").click()
    await expect(own.locator(".access-secret")).to_contain_text("wl_")
    await own.get_by_role("button", name="I have kept it").click()
    tokens = mona.locator("proof-list[data-kind=token] .access-row")
    await tokens.get_by_role("button", name="Delete").click()
    await own.get_by_role("button", name="Delete").click()
    await expect(tokens).to_have_count(0)


async def _signs_in(page: Page, password: str) -> None:
    await page.get_by_label("Email").fill(MONA)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.locator(".bar-connection")).to_have_text("Live")
