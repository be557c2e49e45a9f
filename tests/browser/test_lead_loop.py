"""From what the bot did not understand to a model that does, in a real browser: the demo's three
weeks of messages, two topics that no intent stands for, and one asked about in new words."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from aiohttp.test_utils import TestClient, TestServer
from playwright.async_api import Page, expect

from bot import demo
from bot.app import SERVICES, running
from bot.demo_log import MESSAGES, log_messages
from bot.passwords import hash_password
from bot.services import Services
from bot.settings import Settings
from bot.store.tables import labels, turns
from tests.bot.test_restart import project
from tests.browser.people import Staff
from tests.browser.stage import Stage, staged
from tests.browser.test_main_path import AGENT, LEAD, address
from tests.browser.topics import topic_of
from tests.client import Warmline
from tests.conftest import ROOT

__all__ = ["project"]

# By how much more of a topic's unlabelled messages has to be understood: a new topic is learnt
# from a dozen wordings; ten in words that no other message has help an intent of 150 less.
LEARNT = {"a recall": 0.3, "a competition": 0.3, "the new courier": 0.1}
TRAINED_MS = 540_000
ANSWER = "The winners of the photo competition are named on the first of every month."


@dataclass(frozen=True, slots=True)
class Loop:
    """The server of the story, and its services."""

    warmline: Warmline
    services: Services


@pytest.fixture
async def loop(
    project: Path, settings: Settings, shop_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Loop]:
    """A server with a folder of models of its own, and the demo's past in its log."""
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    own = replace(settings, project=project, models=project / "models")
    async with running(own) as app:
        services = app[SERVICES]
        await demo.add_staff(services.database, await hash_password(demo.PASSWORD))
        assert await log_messages(services, ROOT / MESSAGES, AGENT) > 2_000
        async with TestClient(TestServer(app)) as client:
            yield Loop(Warmline(client, app), services)


@pytest.fixture
async def stage(loop: Loop) -> AsyncIterator[Stage]:
    async with staged() as opened:
        yield opened


async def test_what_was_not_understood_on_monday_is_understood_on_monday_afternoon(
    stage: Stage, loop: Loop, record_property: Callable[[str, object], None]
) -> None:
    began = time.monotonic()
    liam = Staff(await stage.window(), LEAD)
    page = liam.page
    await liam.sign_in(address(loop.warmline, "/console/discover"))
    await page.get_by_role("button", name="Look for groups").click()
    await expect(page.locator("cluster-list .cluster").first).to_be_visible(timeout=TRAINED_MS)

    # Forty wordings in all are labelled, in what the search found.
    await keep_ticked(page, "competition", 15)
    await make_intent(page, "competition", "photo_competition", ANSWER)
    await keep_ticked(page, "recall", 15)
    await make_intent(page, "recall", "product_recall", "Yes, we call it back: see our front page.")
    await keep_ticked(page, "zappi", 10)
    await label_as(page, "zappi", "track_order")
    labelled = await labelled_turns(loop.services)
    before = await rates(loop.services, labelled)

    await page.get_by_role("link", name="Models").click()
    live = page.locator(".model-live")
    await expect(live).to_be_visible()
    first = await live.locator("bdi").first.inner_text()
    await page.get_by_role("button", name="Train a candidate").click()
    candidate = page.locator(".model").filter(has_text="Candidate")
    await expect(candidate).to_be_visible(timeout=TRAINED_MS)
    await candidate.get_by_role("button", name="Comparison").click()
    report = candidate.locator("comparison-report")
    await expect(report).to_contain_text("right before")
    await expect(report).to_contain_text("fixed")
    await candidate.get_by_role("button", name="Promote", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Promote").click()
    await expect(live).not_to_contain_text(first, timeout=TRAINED_MS)
    minutes = (time.monotonic() - began) / 60

    # What nobody labelled: served before as the log says, and now as the live model reads it.
    after = await rates(loop.services, labelled, anew=True)
    said = await loop.warmline.rest("ada", "who won this year's photo competition?")
    assert [line["text"] for line in said] == [ANSWER]
    for topic, gain in LEARNT.items():
        assert after[topic] > before[topic] + gain, (topic, before[topic], after[topic])
    assert after["others"] > before["others"] - 0.01

    await page.get_by_role("button", name="Roll back").click()
    await page.get_by_role("dialog").get_by_role("button", name="Roll back").click()
    await expect(live).to_contain_text(first)
    record_property("minutes", round(minutes, 1))
    for topic in before:
        record_property(topic, f"{before[topic]:.3f} before, {after[topic]:.3f} after")


async def keep_ticked(page: Page, word: str, wanted: int) -> None:
    """Of the largest group that has this word, the first wordings and no more."""
    card = largest(page, word)
    await card.get_by_role("button", name=re.compile("Show all")).click()
    ticks = card.get_by_role("checkbox")
    await expect(ticks.nth(wanted)).to_be_visible()
    for place in range(wanted, await ticks.count()):
        await ticks.nth(place).uncheck()


async def make_intent(page: Page, word: str, name: str, answer: str) -> None:
    await largest(page, word).get_by_role("button", name="Make it an intent").click()
    dialog = page.get_by_role("dialog", name="Make it an intent")
    await dialog.get_by_label("Name").fill(name)
    await dialog.get_by_label("What the bot answers").fill(answer)
    await dialog.get_by_role("button", name="Make and label").click()
    await expect(dialog).to_have_count(0)


async def label_as(page: Page, word: str, intent: str) -> None:
    await largest(page, word).get_by_role("button", name="Label as…").click()
    dialog = page.get_by_role("dialog", name="Label as an intent")
    await dialog.get_by_label("Intent").fill(intent)
    await dialog.get_by_role("button", name="Label", exact=True).click()
    await expect(dialog).to_have_count(0)


def largest(page: Page, word: str) -> Any:
    heading = page.get_by_role("heading", name=re.compile(word))
    return page.locator("cluster-list .cluster").filter(has=heading).first


async def labelled_turns(services: Services) -> set[str]:
    async with services.database.reader.connect() as connection:
        rows = await connection.execute(
            sa.select(labels.c.turn_id).where(labels.c.undone_at.is_(None))
        )
        return {row.turn_id for row in rows}


async def rates(services: Services, labelled: set[str], *, anew: bool = False) -> dict[str, float]:
    """By topic, how many of the messages that nobody labelled are read as what they are about."""
    async with services.database.reader.connect() as connection:
        query = sa.select(turns.c.id, turns.c.text, turns.c.intent)
        rows = (await connection.execute(query)).all()
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for row in rows:
        topic = topic_of(row.text)
        if row.id in labelled or topic is None:
            continue
        told = topic.name if topic.name in LEARNT else "others"
        intent = (await services.assistant.read(row.text)).intent if anew else row.intent
        asked[told] += 1
        right[told] += intent == topic.intent
    return {topic: right[topic] / asked[topic] for topic in asked}
