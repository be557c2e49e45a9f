"""A lead promotes a model and goes back, in a real browser, while another one watches."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from playwright.async_api import expect

from bot import demo
from bot.app import SERVICES, running
from bot.clock import now
from bot.learning.registry import SUFFIX, id_of
from bot.model_files import sha256_of
from bot.passwords import hash_password
from bot.records import Model
from bot.settings import Settings
from tests.bot.test_restart import project
from tests.browser.people import Staff
from tests.browser.stage import Stage, staged
from tests.browser.test_main_path import LEAD, address
from tests.client import Warmline
from tests.contract.test_labels import label, logged_turn

__all__ = ["project"]

CANDIDATE = "20260101-120000-abcd"


@pytest.fixture
async def following(
    project: Path, model: Path, settings: Settings, shop_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Warmline]:
    """A server with a folder of models of its own, a candidate, and a label that teaches."""
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    path = project / "models" / "candidates" / f"{CANDIDATE}{SUFFIX}"
    path.parent.mkdir()
    shutil.copyfile(model, path)
    own = replace(settings, project=project, models=project / "models")
    async with running(own) as app:
        services = app[SERVICES]
        await demo.add_staff(services.database, await hash_password(demo.PASSWORD))
        turn = await logged_turn(services)
        async with services.database.write() as uow:
            lead = await uow.staff.by_email(LEAD)
            assert lead is not None
            await uow.labels.put([label(turn, lead.id, "greet")])
            sha256 = sha256_of(path)
            row = Model(CANDIDATE, "candidate", now(), sha256=sha256, gate_passed=False)
            await uow.models.add(row)
        async with TestClient(TestServer(app)) as client:
            yield Warmline(client, app)


@pytest.fixture
async def stage(following: Warmline) -> AsyncIterator[Stage]:
    async with staged() as opened:
        yield opened


async def test_a_lead_promotes_and_goes_back_and_another_watches(
    stage: Stage, following: Warmline, model: Path, project: Path
) -> None:
    liam, other = Staff(await stage.window(), LEAD), Staff(await stage.window(), LEAD)
    old = id_of(model)
    for lead in (liam, other):
        await lead.sign_in(address(following, "/console/models"))
        await expect(lead.page.locator(".model-live")).to_contain_text(old)
    page, dialog = liam.page, liam.page.get_by_role("dialog")
    live = other.page.locator(".model-live")

    await page.get_by_role("button", name="Train a candidate").click()
    training = other.page.get_by_role("heading", name="Training a candidate")
    await expect(training).to_be_visible()
    await other.page.get_by_role("button", name="Stop").click()
    await expect(page.locator(".model-error")).to_have_text("Liam Lead stopped it.")
    await expect(training).to_have_count(0)

    candidate = page.locator(".model").filter(has_text=CANDIDATE)
    await candidate.get_by_role("button", name="Promote anyway").click()
    await dialog.get_by_label("Reason").fill("It knows one greeting more")
    await dialog.get_by_role("button", name="Promote").click()
    await expect(dialog).to_have_count(0)
    await expect(live).to_contain_text(CANDIDATE)
    await expect(live).to_contain_text("by Liam Lead")
    await expect(live).to_contain_text("It knows one greeting more")

    await page.get_by_role("button", name="Roll back").click()
    await dialog.get_by_role("button", name="Roll back").click()
    await expect(dialog).to_have_count(0)
    await expect(live).to_contain_text(old)
    last = other.page.locator(".audit li").first
    await expect(last).to_contain_text(f"Liam Lead went back to {old} in place of {CANDIDATE}")
