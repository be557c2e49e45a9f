"""A little of `python -m bench.fuzz`: some operations, with what fits them and what does not."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bench.fuzz import Found, Fuzzer
from bench.fuzz_callers import Callers
from bot.rules_file import load_rules
from bot.settings import load_settings
from tests.conftest import ROOT, put_migrated, serving
from tests.processes import EchoAssistant

REQUESTS = 100


async def test_no_request_finds_a_fault_of_the_servers(tmp_path: Path) -> None:
    put_migrated(tmp_path)
    settings = load_settings({"data_dir": str(tmp_path)}, demo=True, project=ROOT, environment={})
    rules = load_rules(ROOT / "handoff.yml")
    echo = EchoAssistant(
        intents=frozenset(rules.intents()), domain_slots=frozenset(rules.slots())
    )  # what it says is no matter here, and nothing is trained
    async with serving(settings, echo) as house:
        url = str(house.client.make_url("/")).rstrip("/")
        found = await asyncio.to_thread(_asked, url)  # it asks the loop of this thread
    assert found.failures == {}
    assert found.requests == REQUESTS
    assert {200, 403, 422} <= set(found.statuses)


def _asked(url: str) -> Found:
    return Fuzzer(url, Callers(url), seed=7).run(REQUESTS)
