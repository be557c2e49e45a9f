"""What the bot prepared, made by an agent's one click: once, and told to everybody."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa_sdk.events import SlotSet

from actions.context import shop, tables
from actions.context.changes import Change, Changed
from bot.app import SERVICES
from bot.approval import approve
from bot.assistant.assistant import Assistant
from bot.settings import Settings
from desk.visitors import customer_token
from tests.client import Staff, Visitor, Warmline, eventually
from tests.conftest import over_both_databases, serving

pytestmark = over_both_databases
DECIDED = ("approved", "refused", "declined")


def refund(amount: str, order: str = "10913") -> dict[str, Any]:
    """Of Dev's order, that was paid twice: 145.00 each time."""
    return {
        "title": f"Refund £{amount} of order {order}",
        "why": "Paid twice, and more than the bot may refund",
        "name": "refund",
        "arguments": {
            "order": order,
            "amount": amount,
            "reason": "paid twice",
            "payment": "P-70076",
        },
    }


@dataclass(frozen=True, slots=True)
class House:
    """A conversation that waits for a person with two refunds prepared, of which the shop would not
    make the second; `shop_file` is the shop's own."""

    warmline: Warmline
    dev: Visitor
    agent: Staff
    at: str
    shop_file: Path

    async def detail(self) -> dict[str, Any]:
        detail: dict[str, Any] = await self.agent.get(self.at)
        return detail

    async def prepared(self, number: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = (await self.detail())["handoff"]["prepared"][number]
        return found

    async def decide(
        self, verb: str, number: int = 0, *, by: Staff | None = None, status: int = 200
    ) -> Any:
        path = f"{self.at}/prepared/{(await self.prepared(number))['id']}/{verb}"
        return await (by or self.agent).post(path, status=status)

    async def lines(self) -> list[str]:
        """The private lines that say what was decided."""
        lines = (await self.detail())["messages"]
        assert all(line["private"] for line in lines if line["event"] in DECIDED)
        return [line["text"] for line in lines if line["event"] in DECIDED]

    def refunds(self) -> list[str]:
        """The references of those that the shop made."""
        engine = sa.create_engine(f"sqlite:///{self.shop_file}")
        wanted = sa.select(tables.refunds.c.reference).where(
            tables.refunds.c.order_number == "10913"
        )
        try:
            with engine.connect() as connection:
                return list(connection.execute(wanted).scalars())
        finally:
            engine.dispose()


@pytest.fixture
async def house(
    settings: Settings,
    assistant: Assistant,
    shop_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[House]:
    """Dev was greeted by an action that asked for a person, with changes prepared."""
    shop_file = tmp_path / "own_shop.db"
    await asyncio.to_thread(shutil.copy, shop_url.partition(":///")[2], shop_file)
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", f"sqlite+aiosqlite:///{shop_file}")
    prepared = [refund("145.00"), refund("9999.00")]
    request = {"reason": "needs_approval", "evidence": "£145 is over £100.", "prepared": prepared}

    async def prepare(*_: object) -> list[Any]:
        return [SlotSet("handoff_request", request)]

    executor = assistant._processor.action_endpoint._executor
    monkeypatch.setitem(executor.actions, "action_greet", prepare)
    async with serving(settings, assistant) as warmline:
        token = customer_token(
            sha256(f"demo-shop:{settings.secret_key}".encode()).hexdigest(),
            reference="C-1038",
            name="Dev Sharma",
            email="dev@customer.test",
            lasts=timedelta(hours=1),
        )
        dev, agent = await warmline.visitor(token), await warmline.staff()
        await dev.answer("hello")
        (waiting,) = await warmline.waiting(agent)
        at = f"/conversations/{waiting['conversation_id']}"
        yield House(warmline, dev, agent, at, shop_file)


async def test_one_click_makes_what_the_bot_prepared_and_everybody_is_told(house: House) -> None:
    card = (await house.detail())["handoff"]
    assert card["reason"] == {"code": "needs_approval", "text": "Needs your approval"}
    assert [(one["title"], one["state"]) for one in card["prepared"]] == [
        ("Refund £145.00 of order 10913", "waiting"),
        ("Refund £9999.00 of order 10913", "waiting"),
    ]
    await house.agent.post(f"{house.at}/claim")
    detail = await house.decide("approve")
    (made,) = house.refunds()
    (done, _) = detail["handoff"]["prepared"]
    assert (done["state"], done["by"], done["outcome"]) == (
        "approved",
        "Nora Agent",
        f"Made, reference {made}.",
    )
    assert done["result"]["reference"] == made
    assert await house.lines() == [
        f"Nora Agent approved “Refund £145.00 of order 10913”. Made, reference {made}."
    ]
    (change,) = detail["changes"]
    assert change["text"] == "Refund 145.00 of order 10913"
    assert (change["state"], change["by"], change["reference"]) == ("made", "Nora Agent", made)
    assert change["turn_id"] == detail["handoff"]["turn_id"]
    assert change["after"]
    # It is an agent's doing, nothing that the bot tried.
    assert "refund" not in [one["action"] for one in detail["handoff"]["tried"]]
    assert all("145" not in line["text"] for line in (await house.dev.look())["messages"])


async def test_clicked_twice_or_by_two_at_once_it_is_made_once(house: House) -> None:
    await house.agent.post(f"{house.at}/claim")
    clicks = [house.decide("approve") for _ in range(5)]
    answers = await asyncio.gather(*clicks)
    assert len(house.refunds()) == 1
    assert {answer["handoff"]["prepared"][0]["state"] for answer in answers} <= {
        "approved",
        "trying",
    }
    again = await house.decide("approve")
    assert again["handoff"]["prepared"][0]["state"] == "approved"
    assert len(await house.lines()) == 1
    assert len(again["changes"]) == 1


async def test_only_whoever_has_the_conversation_decides(house: House) -> None:
    lead = await house.warmline.staff("lead@demo.test")
    for verb in ("approve", "decline"):
        refused = await house.decide(verb, status=409)
        assert refused["error"]["code"] == "not_owner"
        assert "claim it first" in refused["error"]["message"]
    await house.agent.post(f"{house.at}/claim")
    for verb in ("approve", "decline"):
        await house.decide(verb, by=lead, status=409)
        path = f"{house.at}/prepared/unknown/{verb}"
        assert (await house.agent.post(path, status=404))["error"]["code"] == "not_found"
        await house.agent.post(f"/conversations/unknown/prepared/x/{verb}", status=404)
    assert house.refunds() == []


async def test_what_the_shop_refuses_is_said_and_can_be_tried_again_or_declined(
    house: House,
) -> None:
    await house.agent.post(f"{house.at}/claim")
    for tries in (1, 2):
        detail = await house.decide("approve", 1)
        refused = detail["handoff"]["prepared"][1]
        assert refused["state"] == "refused"
        assert refused["outcome"].startswith("The shop did not make it: it is more than was paid")
        assert len(await house.lines()) == tries
    # Each was a new try with the shop, and stands in the record.
    assert [change["state"] for change in detail["changes"]] == ["refused", "refused"]
    declined = (await house.decide("decline", 1))["handoff"]["prepared"][1]
    assert (declined["state"], declined["by"]) == ("declined", "Nora Agent")
    await house.decide("decline", 1)
    late = await house.decide("approve", 1, status=409)
    assert late["error"]["code"] == "declined"
    assert (await house.lines())[-1] == "Nora Agent declined “Refund £9999.00 of order 10913”."
    await house.decide("approve", 0)
    assert (await house.decide("decline", 0, status=409))["error"]["code"] == "made_already"


async def test_a_shop_that_is_away_is_said_and_asked_again_under_the_same_key(
    house: House,
) -> None:
    await house.agent.post(f"{house.at}/claim")
    away = house.shop_file.with_suffix(".away")
    house.shop_file.rename(away)
    failed = (await house.decide("approve"))["handoff"]["prepared"][0]
    assert failed["state"] == "failed"
    assert failed["outcome"].startswith("The shop's system did not answer")
    assert [change["state"] for change in (await house.detail())["changes"]] == ["unknown"]
    assert (await house.decide("decline", status=409))["error"]["code"] == "outcome_unknown"
    away.rename(house.shop_file)
    made = (await house.decide("approve"))["handoff"]["prepared"][0]
    assert made["state"] == "approved"
    assert [change["state"] for change in (await house.detail())["changes"]] == ["made"]
    assert len(house.refunds()) == 1


class Dying:
    """The shop, with a process that dies as soon as the change is made."""

    @property
    def offers(self) -> Any:
        return shop().offers

    async def apply(self, key: str, change: Change) -> Changed:
        await shop().apply(key, change)
        raise asyncio.CancelledError


async def test_after_a_crash_in_between_another_click_finds_out(house: House) -> None:
    await house.agent.post(f"{house.at}/claim")
    services = house.warmline.app[SERVICES]
    async with services.database.read() as uow:
        nora = await uow.staff.by_email("agent@demo.test")
    assert nora is not None
    conversation_id = house.at.rpartition("/")[2]
    prepared = await house.prepared()
    with pytest.raises(asyncio.CancelledError):
        await approve(services, Dying(), conversation_id, prepared["id"], nora)  # type: ignore[arg-type]
    assert (await house.prepared())["state"] == "trying"
    assert (await house.detail())["changes"][0]["state"] == "unknown"
    assert (await house.decide("decline", status=409))["error"]["code"] == "outcome_unknown"
    made = (await house.decide("approve"))["handoff"]["prepared"][0]
    assert (made["state"], [made["result"]["reference"]]) == ("approved", house.refunds())


async def test_the_bot_knows_what_was_made_once_it_has_the_conversation_back(
    house: House,
) -> None:
    await house.agent.post(f"{house.at}/claim")
    await house.decide("approve", 0)
    await house.decide("approve", 1)
    await house.agent.post(f"{house.at}/return", {"resume": "drop"})
    await house.dev.answer("thank you")
    services = house.warmline.app[SERVICES]
    conversation_id = house.at.rpartition("/")[2]

    async def learnt() -> list[Any] | None:
        async with services.database.read() as uow:
            row = await uow.conversations.get(conversation_id)
            assert row is not None
            (turn, *_) = await uow.turns.recent(conversation_id, limit=1)
            background = await uow.turns.background(turn.message_id, row.address, at=row.updated_at)
        return [
            event["value"]
            for event in background.events
            if event["event"] == "slot" and event["name"] == "changed_by_agent"
        ] or None

    told = refund("145.00")
    (reference,) = house.refunds()
    known = {"name": told["name"], "arguments": told["arguments"], "reference": reference}
    assert (await eventually(learnt))[-1] == [known]
