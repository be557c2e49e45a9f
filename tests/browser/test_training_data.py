"""A lead reads what the labels teach before it is learnt."""

from __future__ import annotations

import re

from playwright.async_api import expect

from bot.services import Services
from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.client import Warmline
from tests.desk.test_training_data import label

PHONE = {"width": 390, "height": 844}


async def test_the_change_is_read_as_a_diff_with_what_is_left_out(
    stage: Stage, warmline: Warmline, services: Services
) -> None:
    program = await warmline.staff("lead@demo.test")
    said = {
        "nothing has turned up of W-10587, I am Zelda": "track_order",
        "hello": "goodbye",
        "where is my order": "track_order",
    }
    for text, intent in said.items():
        await warmline.rest("ada", text)
        await label(services, str(program.user["id"]), text, intent)
    lead = Staff(await stage.window(viewport=PHONE), "lead@demo.test")
    await lead.sign_in(str(warmline.client.make_url("/console/training-data")))
    page = lead.page

    await expect(page.get_by_role("status").filter(has_text="1 new example")).to_be_visible()
    diff = page.get_by_role("list", name="Changes in data/nlu/order.yml")
    added = diff.get_by_role("listitem").filter(has_text="nothing has turned up")
    await expect(added).to_contain_text("+")
    await expect(added).not_to_contain_text("Zelda")
    await expect(page.get_by_role("region", name="Left out")).to_contain_text("1 message: it is an")
    conflict = page.get_by_role("region", name="Conflicts (1)").get_by_role("listitem")
    await expect(conflict).to_contain_text("data/nlu/talk.yml, line")
    await expect(conflict.get_by_role("link")).to_have_attribute(
        "href", re.compile(r"^/console/turns\?c=[\w-]+&turn=[\w-]+$")
    )
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Download YAML").click()
    assert (await downloading.value).suggested_filename == "labels.yml"
