"""A member's hand-off says so: what the shop said while the bot answered is not asked again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from actions.context.demo import demo_customers
from bot.live_model import Assistant
from tests.desk.acme import House, opened

MEMBER = next(one.reference for one in demo_customers() if one.member is not None)
GUEST = next(one.reference for one in demo_customers() if one.member is None)


@pytest.fixture
async def house(
    assistant: Assistant, shop_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    async with opened(assistant, tmp_path, monkeypatch) as running:
        yield running


async def test_the_membership_is_on_the_hand_off(house: House) -> None:
    nora = await house.warmline.staff()
    for reference, tier in ((MEMBER, "Fjord Club"), (GUEST, None)):
        visitor = await house.signed_in(None, reference)
        await visitor.answer("when does my membership end?")
        at = await house.claimed(nora, visitor)
        detail = await nora.get(at)
        assert detail["handoff"]["tier"] == tier
        (listed,) = [one for one in (await nora.get("/conversations"))["items"] if one["id"] in at]
        assert listed["handoff"]["tier"] == tier
