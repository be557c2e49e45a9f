"""Plays one scripted dialogue over the public API, and says what came of it."""

from __future__ import annotations

import os
import re
import shutil
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from actions.context import close_shop, shop, tables
from bot.live_model import Assistant
from bot.settings import Settings
from desk.visitors import customer_token
from tests.client import Staff, Visitor, Warmline, eventually
from tests.conftest import serving
from tests.dialogues.script import Script, Step

SHOP = "WARMLINE_SHOP_DATABASE_URL"
NOWHERE = "sqlite+aiosqlite:////nowhere/shop.db"
#: How the bot asks which of two requests was meant: its right, where two readings are about as
#: likely, and counted. A script says what the customer wants, so its customer knows what to press.
ASKS_WHICH = "I want to get this right."


@dataclass
class Heard:
    """What the bot said to one message."""

    text: str = ""
    buttons: dict[str, str] = field(default_factory=dict)


@dataclass
class Played:
    """What a dialogue came to; `wrong` is None, or what was not as the script has it."""

    script: Script
    wrong: str | None = None
    asked_which: int = 0
    transcript: list[str] = field(default_factory=list)


class Player:
    """Plays a dialogue on a server that nobody has talked to, over a copy of a seeded shop."""

    def __init__(self, settings: Settings, assistant: Assistant, seeded: Path) -> None:
        self._settings = settings
        self._assistant = assistant
        self._seeded = seeded
        self._copy = settings.data_dir / f"{uuid.uuid4().hex}.db"

    async def play(self, script: Script) -> Played:
        """The dialogue from its first message to its end."""
        played = Played(script)
        shutil.copy(self._seeded, self._copy)
        own = f"sqlite+aiosqlite:///{self._copy}"
        scripted = any(step.shop_down for step in script.turns)
        os.environ[SHOP] = own
        async with serving(self._settings, self._assistant) as warmline:
            customer = await self._customer(warmline, script)
            if script.kind == "backend_down" and not scripted:
                await _use(NOWHERE)
            heard = Heard()
            try:
                for step in script.turns:
                    if step.shop_down:
                        await _use(NOWHERE)
                    heard = await self._step(customer, step, heard, played)
                await _use(own)
                await _check_end(customer, await warmline.staff(), script)
                await _check_shop(script)
            except AssertionError as error:
                played.wrong = str(error)
        return played

    async def _customer(self, warmline: Warmline, script: Script) -> Visitor:
        if script.customer == "guest":
            return await warmline.visitor()
        return await warmline.visitor(
            customer_token(
                _shop_secret(self._settings),
                reference=script.customer,
                name="Somebody",
                email="somebody@customer.test",
                lasts=timedelta(hours=1),
            )
        )

    async def _step(self, customer: Visitor, step: Step, before: Heard, played: Played) -> Heard:
        text, payload = step.says or "", None
        if step.presses is not None:
            offered = ", ".join(before.buttons) or "no button"
            assert step.presses in before.buttons, f"no “{step.presses}” among {offered}"
            text, payload = step.presses, before.buttons[step.presses]
        if step.says_code:
            text = _newest_code(self._copy)
        heard = await _exchange(customer, text, payload, played)
        if heard.text.startswith(ASKS_WHICH):
            played.asked_which += 1
            for title, pressed in heard.buttons.items():
                if pressed.partition("{")[0] == f"/{played.script.intent}":
                    heard = await _exchange(customer, title, pressed, played)
                    break
        if step.hears is not None:
            found = re.search(step.hears, heard.text, re.IGNORECASE | re.DOTALL)
            assert found, f"to “{text}” came not /{step.hears}/ but: {heard.text}"
        if step.hears_not is not None:
            found = re.search(step.hears_not, heard.text, re.IGNORECASE | re.DOTALL)
            assert not found, f"to “{text}” came: {heard.text}"
        for title in step.buttons:
            assert title in heard.buttons, f"no “{title}” among {', '.join(heard.buttons)}"
        return heard


async def _exchange(customer: Visitor, text: str, payload: str | None, played: Played) -> Heard:
    played.transcript.append(f"> {text}")
    heard = await _said(customer, text, payload)
    shown = f"  {heard.text}" + (f"  [{' | '.join(heard.buttons)}]" if heard.buttons else "")
    played.transcript.append(shown)
    return heard


async def _said(customer: Visitor, text: str, payload: str | None) -> Heard:
    message = await customer.say(text, payload)

    async def answered() -> Heard | None:
        state = await customer.look()
        answers = [each for each in state["messages"] if each["in_reply_to"] == message["id"]]
        if not answers:
            return None
        return Heard(
            "\n".join(each["text"] for each in answers),
            {one["title"]: one["payload"] for each in answers for one in each["buttons"]},
        )

    return await eventually(answered)


async def _check_end(customer: Visitor, staff: Staff, script: Script) -> None:
    state = await customer.look()
    conversation = await staff.get(f"/conversations/{state['conversation']['id']}")
    if script.ends == "resolved":
        assert conversation["state"] == "bot", f"handed off: {conversation['handoff']}"
        return
    assert conversation["state"] == "waiting", "not handed off"
    card = conversation["handoff"]
    if script.reason is not None:
        code = card["reason"]["code"]
        assert code == script.reason, f"handed off for {code}"
    if script.prepared is not None:
        count = len(card["prepared"])
        assert count == script.prepared, f"{count} changes prepared"


def _shop_secret(settings: Settings) -> str:
    """What the demo's own shop signs its customers' tokens with."""
    return sha256(f"demo-shop:{settings.secret_key}".encode()).hexdigest()


async def _use(url: str) -> None:
    await close_shop()
    os.environ[SHOP] = url


async def _check_shop(script: Script) -> None:
    for what, expected in script.shop.items():
        kind, _, key = what.partition(" ")
        if kind == "order":
            order = await shop().order(key)
            assert order is not None, f"there is no order {key}"
            assert order.state == expected, f"order {key} is {order.state}"
            continue
        context = await shop().context(key)
        assert context is not None, f"there is no customer {key}"
        for name, value in expected.items():
            found: Any = getattr(context.customer, name)
            assert found == value, f"{what}: {name} is {found}"


def _newest_code(copy: Path) -> str:
    """The six digits in the mail that the shop sent last."""
    engine = sa.create_engine(f"sqlite:///{copy}")
    try:
        with engine.connect() as connection:
            newest = sa.select(tables.mails.c.body).order_by(tables.mails.c.id.desc()).limit(1)
            body = connection.execute(newest).scalar_one()
    finally:
        engine.dispose()
    found = re.search(r"\b(\d{3}) ?(\d{3})\b", body)
    assert found, "the newest mail holds no code"
    return found[1] + found[2]
