"""The lead's console: what somebody is entering is theirs, whatever arrives meanwhile."""

from __future__ import annotations

import asyncio

from playwright.async_api import Route, expect

from tests.browser.people import Staff
from tests.browser.stage import Stage
from tests.browser.test_main_path import LEAD, address
from tests.client import Warmline


async def test_counts_that_arrive_late_take_back_nothing_that_was_entered(
    stage: Stage, warmline: Warmline
) -> None:
    asked, released = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        asked.set()
        await released.wait()
        await route.continue_()

    liam = Staff(await stage.window(), LEAD)
    await liam.page.route("**/turns/facets", late)
    await liam.sign_in(address(warmline, "/console/turns"))
    await asked.wait()
    search = liam.page.get_by_label("Search in the text")
    async with liam.page.expect_response("**/turns/facets"):
        await search.fill("parcel")
        released.set()
    await expect(liam.page).to_have_url(address(warmline, "/console/turns?q=parcel"))
    await expect(search).to_have_value("parcel")
