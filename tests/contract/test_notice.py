"""What the bot says of customers' data where no page does, once each, over both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.intake import receive
from bot.privacy.policy_file import PolicyFile
from bot.services import Services
from bot.turn import take_turns
from tests.conftest import over_both_databases
from tests.processes import EchoAssistant, message, processes, read_conversation

pytestmark = over_both_databases
FILE = """
controller: Acme
statement: /privacy
version: "{version}"
words:
  en: {{notice: "A bot of {{controller}}: {{statement}}", short: "Bot", removed: "Never send it."}}
channels: [telegram, twilio]
"""


@pytest.fixture
async def services(database_url: str, tmp_path: Path) -> AsyncIterator[Services]:
    write(tmp_path / "privacy.yml", version="1")
    async with processes(database_url, EchoAssistant()) as (one,):
        yield replace(one, privacy=PolicyFile(tmp_path / "privacy.yml", "https://acme.test"))


def write(path: Path, *, version: str) -> None:
    path.write_text(FILE.format(version=version), "utf-8")


async def answer(services: Services, channel: str, text: str = "hi") -> str:
    """What the bot says to this."""
    received = await receive(services, message(text, "ada", channel=channel))
    await take_turns(services, received.message.conversation_id)
    _, lines = await read_conversation(services, received.message.conversation_id)
    return lines[-1].text


async def test_it_is_said_once_with_the_first_answer_and_again_when_it_changes(
    services: Services,
) -> None:
    assert await answer(services, "telegram") == (
        "A bot of Acme: https://acme.test/privacy\n\nYou said: hi"
    )
    assert await answer(services, "telegram") == "You said: hi"
    assert services.privacy is not None
    write(services.privacy.path, version="2")
    services.privacy._read_at = 0  # a clock may not tell two writes apart
    assert (await answer(services, "telegram")).startswith("A bot of Acme")


async def test_an_sms_is_short_and_a_program_hears_nothing(services: Services) -> None:
    assert await answer(services, "twilio") == "Bot\n\nYou said: hi"
    assert await answer(services, "rest") == "You said: hi"


async def test_who_sends_a_card_is_told_once_that_it_was_removed(services: Services) -> None:
    await answer(services, "telegram")
    said = "it is 4242 4242 4242 4242"
    kept = "it is [card number removed]"
    assert await answer(services, "telegram", said) == f"Never send it.\n\nYou said: {kept}"
    assert await answer(services, "telegram", said) == f"You said: {kept}"
