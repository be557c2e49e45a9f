"""A real demo shop in a file of its own, and one customer's talk with the real request engine."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor
from ruamel.yaml import YAML

from actions.context import close_shop
from tests.demo_shop import DemoShop

FORM = "request_form"
_ids = itertools.count()


@cache
def _texts() -> dict[str, str]:
    responses = YAML(typ="safe").load(Path("domain.yml").read_text(encoding="utf-8"))["responses"]
    return {name: str(variants[0]["text"]) for name, variants in responses.items()}


@dataclass(frozen=True, slots=True)
class Said:
    """What the bot said to one message: `digressed` means that a rule was left to answer it."""

    responses: tuple[dict[str, Any], ...]
    digressed: bool

    @property
    def names(self) -> list[str]:
        """The responses of domain.yml, in order."""
        return [str(each["response"]) for each in self.responses]

    @property
    def values(self) -> dict[str, Any]:
        """The last one's values."""
        return self.responses[-1]

    @property
    def text(self) -> str:
        """What the customer reads, as domain.yml has it."""
        shown = (
            _texts()[name].format(**each)
            for name, each in zip(self.names, self.responses, strict=True)
        )
        return "\n".join(shown)

    @property
    def buttons(self) -> dict[str, str]:
        """All titles and payloads."""
        shown = (button for each in self.responses for button in each["buttons"])
        return {button["title"]: button["payload"] for button in shown}


@dataclass
class Talk:
    """One customer's tracker, and what Rasa's form would do with it."""

    executor: ActionExecutor
    customer: Any = None
    slots: dict[str, Any] = field(default_factory=dict)
    active: bool = False

    async def say(
        self,
        text: str,
        intent: str = "nlu_fallback",
        wishes: Sequence[tuple[str, str]] = (),
        **entities: str,
    ) -> Said:
        """One message, understood as `intent` with these entities; `wishes` (intent, words) are
        the requests found in it where there are several."""
        found = [{"entity": name, "value": value} for name, value in entities.items()]
        message = {
            "text": text,
            "message_id": f"message-{next(_ids)}",
            "intent": {"name": intent},
            "entities": found,
            "metadata": {"customer": self.customer},
            "requests": [
                {"intent": wish, "text": words, "confidence": 0.99, "entities": found}
                for wish, words in wishes
            ],
        }
        return await self._run(message)

    async def press(self, said: Said, title: str) -> Said:
        """The button with this title."""
        payload = said.buttons[title]
        intent, _, rest = payload.removeprefix("/").partition("{")
        entities: dict[str, str] = {}
        if rest:
            entities = json.loads("{" + rest)
        return await self.say(payload, intent, (), **entities)

    async def _run(self, message: dict[str, Any]) -> Said:
        events: list[dict[str, Any]] = [{"event": "user", **message}]
        responses: list[dict[str, Any]] = []
        was_active, digressed = self.active, False
        self.active = True
        while self.active:
            result = await self._act(f"validate_{FORM}", message, events)
            slots = {each["name"]: each["value"] for each in result["events"]}
            if was_active and set(slots) == {"requested_slot"} and not digressed:
                digressed = True  # Rasa rejects the form, and a rule answers
                events.append({"event": "action", "name": "utter_something"})
                continue
            responses += result["responses"]
            self.slots |= slots
            self.active = self.slots["requested_slot"] is not None
            if self.active:
                asked = await self._act(f"action_ask_{FORM}_answer", message, events)
                responses += asked["responses"]
                break
            finished = await self._act("action_finish_request", message, events)
            responses += finished["responses"]
            self.slots |= {
                each["name"]: each["value"]
                for each in finished["events"]
                if each["event"] == "slot"
            }
            self.active = any(each["event"] == "followup" for each in finished["events"])
        said = Said(tuple(responses), digressed)
        assert "None" not in said.text.split()  # and each text has all the values it names
        return said

    async def _act(
        self, action: str, message: dict[str, Any], events: list[dict[str, Any]]
    ) -> dict[str, Any]:
        tracker = {
            "sender_id": "someone",
            "slots": self.slots,
            "latest_message": message,
            "events": events,
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
        return dict(result)


@pytest.fixture
async def shop_url(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, demo_shop: DemoShop
) -> AsyncIterator[str]:
    """The URL of a copy of it, which the actions find through the environment."""
    shutil.copy(demo_shop.path(), tmp_path / "shop.db")
    url = f"sqlite+aiosqlite:///{tmp_path}/shop.db"
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", url)
    monkeypatch.setenv("WARMLINE_SECRET_KEY", "links to documents are signed with it")
    yield url
    await close_shop()


@pytest.fixture
def executor() -> ActionExecutor:
    """Rasa's executor with the package registered as the server registers it."""
    executor = ActionExecutor()
    executor.register_package("actions")
    return executor


@pytest.fixture
def customer(executor: ActionExecutor, shop_url: str) -> Callable[..., Talk]:
    """The talk of the customer with this reference, signed in unless said otherwise."""

    def talk(reference: str, verification: str = "verified") -> Talk:
        return Talk(executor, {"reference": reference, "verification": verification})

    return talk


@pytest.fixture
def guest(executor: ActionExecutor, shop_url: str) -> Talk:
    """Somebody the server knows nothing about."""
    return Talk(executor)


@pytest.fixture
def ava(executor: ActionExecutor, shop_url: str) -> Talk:
    """The show customer with several open orders, signed in."""
    return Talk(executor, {"reference": "C-1007", "verification": "verified"})


@pytest.fixture
def avas_phone(executor: ActionExecutor, shop_url: str) -> Talk:
    """The same, writing from an address on file."""
    return Talk(executor, {"reference": "C-1007", "verification": "known"})


@pytest.fixture
def ben(executor: ActionExecutor, shop_url: str) -> Talk:
    """The show customer with exactly one open order, signed in."""
    return Talk(executor, {"reference": "C-1012", "verification": "verified"})
