"""What an agent chooses is made once, whichever button or dialog it was chosen in, over every
database."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from actions.context.changes import Change, Changed
from actions.context.demo import seed
from actions.context.errors import ShopUnavailable
from actions.context.sql import SqlShop
from bot.approval import approve, decline
from bot.clock import new_id
from bot.errors import Conflict
from bot.handoff import claim
from bot.handoff_request import UNDECIDED
from bot.intake import receive
from bot.next_actions import Acted, act, next_actions
from bot.records import User
from bot.services import Services
from tests.conftest import over_both_databases
from tests.processes import add_agent, at_once, hand_off, message

pytestmark = over_both_databases
INVOICE, CANCEL = "get_invoice.10398", "cancel_order.10640"
MAILING = {"name": "mail_invoice", "arguments": {"order": "10398"}}


class Till(SqlShop):
    """The demo shop, with the keys of what it was to make; while it is `away` the answers of what
    it makes are lost."""

    away = False

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.keys: list[str] = []

    async def apply(self, key: str, change: Change) -> Changed:
        self.keys.append(key)
        changed = await super().apply(key, change)
        if self.away:
            raise ShopUnavailable("the answer is lost")
        return changed


@dataclass(frozen=True, slots=True)
class Desk:
    """Ava's conversation in Nora's hands, seen from two processes."""

    pair: tuple[Services, ...]
    shop: Till
    nora: User
    conversation_id: str

    async def version(self, name: str) -> str:
        found = await next_actions(self.pair[0], self.shop, self.conversation_id)
        assert found is not None
        (version,) = (one.version for one in found if one.name == name)
        return version

    async def choose(
        self,
        name: str = INVOICE,
        *,
        dialog: str | None = None,
        version: str | None = None,
        at: int = 0,
    ) -> Acted:
        """In a dialog of its own unless it is named."""
        return await act(
            self.pair[at],
            self.shop,
            self.conversation_id,
            name,
            self.nora,
            action_id=dialog or new_id(),
            version=version or await self.version(name),
            filled={},
        )

    async def card(self) -> list[dict[str, Any]]:
        async with self.pair[0].database.read() as uow:
            handoff = await uow.handoffs.open_of(self.conversation_id)
        assert handoff is not None
        return list(handoff.card.get("prepared", ()))

    async def bot_prepares(self, *ids: str) -> None:
        async with self.pair[0].database.write() as uow:
            handoff = await uow.handoffs.open_of(self.conversation_id)
            assert handoff is not None
            prepared = [
                {"id": each, "title": "Send the invoice", "why": "Asked", **MAILING, **UNDECIDED}
                for each in ids
            ]
            card = {**handoff.card, "prepared": prepared}
            await uow.handoffs.set_card(replace(handoff, card=card))


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop") / "shop.db"
    asyncio.run(seed(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
async def desk(
    pair: tuple[Services, ...], seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    monkeypatch.setenv("WARMLINE_SECRET_KEY", "links to documents are signed with it")
    shutil.copy(seeded, tmp_path / "shop.db")
    shop = Till(f"sqlite:///{tmp_path / 'shop.db'}")
    await receive(pair[0], message(reference="C-1007"))
    handoff = await hand_off(pair[0])
    nora = await add_agent(pair[0], "Nora")
    await claim(pair[0], handoff.conversation_id, nora)
    yield Desk(pair, shop, nora, handoff.conversation_id)
    await shop.aclose()


async def test_another_dialog_makes_nothing_a_second_time(desk: Desk) -> None:
    first = await desk.choose(dialog="one")
    assert first.made
    with pytest.raises(Conflict) as refused:
        await desk.choose(dialog="two")
    assert refused.value.code == "made_already"
    assert await desk.choose(dialog="one") == first  # its answer was lost
    assert len(desk.shop.keys) == 1
    assert (await desk.choose(CANCEL)).made  # another is another


async def test_two_dialogs_in_two_processes_are_one_change(desk: Desk) -> None:
    version = await desk.version(INVOICE)
    results = await at_once(*(desk.choose(version=version, at=n % 2) for n in range(6)))
    assert len(set(desk.shop.keys)) == 1
    for result in results:
        made = isinstance(result, Acted) and result.made
        assert made or (isinstance(result, Conflict) and result.code == "made_already")
    assert len(await desk.card()) == 1


async def test_what_nobody_knows_is_found_out_under_the_same_key(desk: Desk) -> None:
    desk.shop.away = True
    assert not (await desk.choose(dialog="one")).made
    desk.shop.away = False
    second = await desk.choose(dialog="two")
    assert second.made
    assert await desk.choose(dialog="two") == second
    assert len(set(desk.shop.keys)) == 1
    assert [each["state"] for each in await desk.card()] == ["approved"]


async def test_what_the_bot_prepared_is_what_is_made(desk: Desk) -> None:
    await desk.bot_prepares("the-bots")
    assert (await desk.choose()).made
    (prepared,) = await desk.card()
    assert (prepared["id"], prepared["state"], prepared["by"]) == ("the-bots", "approved", "Nora")
    await approve(desk.pair[1], desk.shop, desk.conversation_id, "the-bots", desk.nora)
    assert len(desk.shop.keys) == 1


async def test_what_was_declined_can_be_chosen_all_the_same(desk: Desk) -> None:
    await desk.bot_prepares("the-bots")
    await decline(desk.pair[0], desk.conversation_id, "the-bots", desk.nora)
    assert (await desk.choose()).made
    assert [each["state"] for each in await desk.card()] == ["declined", "approved"]


async def test_one_that_is_made_settles_its_like(desk: Desk) -> None:
    await desk.bot_prepares("one", "two")
    for each in ("one", "two"):
        await approve(desk.pair[0], desk.shop, desk.conversation_id, each, desk.nora)
    assert len(desk.shop.keys) == 1
    one, two = await desk.card()
    assert (one["state"], one["result"]) == (two["state"], two["result"])


async def test_what_would_come_out_otherwise_is_read_back_again(desk: Desk) -> None:
    stale = await desk.version(CANCEL)
    assert stale == await desk.version(CANCEL)
    with pytest.raises(Conflict) as refused:
        await desk.choose(CANCEL, version=f"not {stale}")
    assert refused.value.code == "changed"
    assert refused.value.detail is not None
    now = refused.value.detail["action"]
    assert (now["title"], now["version"]) == ("Cancel order 10640", stale)
    assert (desk.shop.keys, await desk.card()) == ([], [])
    assert (await desk.choose(CANCEL, version=now["version"])).made
