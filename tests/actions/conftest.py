"""A real demo shop in a file of its own, and Rasa's own executor over the real actions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.context import close_shop, shop
from actions.context.demo import demo_rows, seed
from actions.context.model import Order
from actions.context.tables import orders

NOW = datetime(2026, 6, 5, 12, tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True)
class Said:
    """What an action said, the (title, payload) of its buttons and the slots it set."""

    text: str
    buttons: list[tuple[str, str]]
    slots: dict[str, Any]

    def __getitem__(self, slot: str) -> Any:
        return self.slots[slot]


@dataclass
class Talk:
    """One customer's tracker, as far as an action sees it."""

    executor: ActionExecutor
    customer: Any = None
    slots: dict[str, Any] = field(default_factory=dict)

    async def run(
        self,
        action: str,
        text: str = "",
        intent: str = "track_order",
        entities: dict[str, str] | None = None,
        answered_by: str | None = None,
    ) -> Said:
        """Runs `action` on a customer's message, after `answered_by` if that came between."""
        found = [{"entity": name, "value": value} for name, value in (entities or {}).items()]
        self.slots |= entities or {}
        message = {
            "text": text,
            "intent": {"name": intent},
            "entities": found,
            "metadata": {"customer": self.customer},
        }
        actions = [answered_by, "track_order_form"] if answered_by else ["track_order_form"]
        tracker = {
            "sender_id": "someone",
            "slots": self.slots,
            "latest_message": message,
            "events": [
                {"event": "user", **message},
                *({"event": "action", "name": name} for name in actions),
            ],
        }
        # What Rasa really sends is less than the SDK's types promise.
        call: Any = {
            "next_action": action,
            "sender_id": "someone",
            "tracker": tracker,
            "domain": {},
            "version": "3.6.0",
        }
        result = await self.executor.run(call)
        assert result is not None
        slots = {event["name"]: event["value"] for event in result["events"]}
        self.slots |= slots
        responses = result["responses"]
        buttons = [button for each in responses for button in each["buttons"]]
        return Said(
            text=" ".join(each["text"] for each in responses),
            buttons=[(button["title"], button["payload"]) for button in buttons],
            slots=slots,
        )

    async def all_orders(self) -> list[Order]:
        """Every order of the shop."""
        numbers = [row["number"] for row in demo_rows(NOW)[orders]]
        return [order for number in numbers if (order := await shop().order(number))]


@pytest.fixture
async def shop_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The URL of a freshly seeded shop, which the actions find through the environment."""
    url = f"sqlite+aiosqlite:///{tmp_path}/shop.db"
    await seed(url, NOW)
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", url)
    yield url
    await close_shop()


@pytest.fixture
def executor() -> ActionExecutor:
    """Rasa's executor with the package registered as the server registers it."""
    executor = ActionExecutor()
    executor.register_package("actions")
    return executor


@pytest.fixture
def guest(executor: ActionExecutor, shop_url: str) -> Talk:
    """Somebody the server knows nothing about."""
    return Talk(executor)


@pytest.fixture
def ava(executor: ActionExecutor, shop_url: str) -> Talk:
    """The show customer with several open orders."""
    return Talk(executor, {"reference": "C-1007", "verification": "known"})


@pytest.fixture
def ben(executor: ActionExecutor, shop_url: str) -> Talk:
    """The show customer with exactly one open order."""
    return Talk(executor, {"reference": "C-1012", "verification": "verified"})
