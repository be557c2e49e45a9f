"""A new model takes over between two turns, and nobody who writes meanwhile notices."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import tarfile
import time
import weakref
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest
import sqlalchemy as sa
from aiohttp.test_utils import TestClient, TestServer

from bot import model_files
from bot.app import SERVICES, running
from bot.assistant.training import Project, train
from bot.events import MemoryEventBus
from bot.jobs import end
from bot.live_model import Assistant, LiveModel
from bot.model_files import Arrival, ModelFiles
from bot.services import Services
from bot.settings import Settings
from bot.store.schema import upgrade
from bot.store.tables import turns
from bot.turn import take_turns
from tests.bot.test_loop import LONGEST_COMPUTING_SECONDS, LONGEST_STALL_SECONDS, TICK_SECONDS
from tests.bot.test_restart import project
from tests.client import Warmline, eventually
from tests.conftest import over_both_databases
from tests.processes import EchoAssistant, processes, say

__all__ = ["project"]

SWAPS = 5
MOST_GROWN_BYTES = 30e6  # five models kept alive would be some 100
SMALL_CONFIG = """
recipe: default.v1
language: en
pipeline: [{name: KeywordIntentClassifier}]
policies: [{name: RulePolicy}]
assistant_id: small
"""
SMALL_DOMAIN = """
version: "3.1"
intents: [greet, leave]
responses:
  utter_greet: [{text: "Hello FILLING"}]
"""
FILLING_BYTES = 200_000  # random: writing this into an archive takes long enough to be seen
SMALL_DATA = """
version: "3.1"
nlu:
- {intent: greet, examples: "- hello\\n- hi\\n"}
- {intent: leave, examples: "- bye\\n- ciao\\n"}
rules: [{rule: greet, steps: [{intent: greet}, {action: utter_greet}]}]
"""


@pytest.fixture
async def following(
    project: Path, settings: Settings, shop_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Warmline]:
    """A server that loaded its model from a folder of its own."""
    monkeypatch.setenv("WARMLINE_SHOP_DATABASE_URL", shop_url)
    own = replace(settings, project=project, models=project / "models")
    async with running(own) as app, TestClient(TestServer(app)) as client:
        yield Warmline(client, app)


@pytest.fixture
async def pair(database_url: str) -> AsyncIterator[tuple[Services, EchoAssistant]]:
    """A process, and the assistant it began with."""
    assistant = EchoAssistant(model="old", gate=asyncio.Event())
    async with processes(database_url, assistant) as (services,):
        await upgrade(services.database)
        yield services, assistant


def put(model: Path, models: Path, name: str) -> None:
    """As `warmline train` does: written elsewhere, then moved."""
    written = models / f".{name}"
    shutil.copyfile(model, written)
    written.replace(models / name)


def put_half(model: Path, models: Path, name: str) -> None:
    content = model.read_bytes()
    (models / name).write_bytes(content[: len(content) // 2])


async def ready(warmline: Warmline) -> dict[str, str]:
    async with warmline.client.get("/readyz") as response:
        found: dict[str, str] = await response.json()
        return found


async def becomes(warmline: Warmline, **wanted: str | None) -> None:
    async def seen() -> bool | None:
        found = await ready(warmline)
        return all(found[key] == value for key, value in wanted.items()) or None

    await eventually(seen)


async def models_of_turns(services: Services) -> Counter[str]:
    async with services.database.reader.connect() as connection:
        rows = await connection.execute(sa.select(turns.c.model).order_by(turns.c.id))
        return Counter(row.model for row in rows)


@over_both_databases
async def test_a_turn_ends_with_the_model_it_began_with(
    pair: tuple[Services, EchoAssistant],
) -> None:
    services, old = pair
    assert old.gate is not None
    asked = await say(services, "one")
    taking = asyncio.create_task(take_turns(services, asked.message.conversation_id))

    async def begun() -> bool | None:
        return bool(old.asked) or None

    await eventually(begun)
    new = EchoAssistant(model="new")
    for newer in (EchoAssistant(model="between"), new):
        services.live.swap(newer)
    await say(services, "two")  # of the same conversation: the next turn of the same taking
    assert not old.is_closed
    old.gate.set()
    await taking
    assert old.is_closed
    assert (old.asked, new.asked) == (["one"], ["two"])
    assert await models_of_turns(services) == {"old": 1, "new": 1}
    assert not new.is_closed


async def test_the_model_before_can_be_live_again_and_an_older_one_is_closed(
    pair: tuple[Services, EchoAssistant],
) -> None:
    services, old = pair
    new, newest = EchoAssistant(model="new"), EchoAssistant(model="newest")
    services.live.swap(new)
    assert services.live.before is old
    services.live.swap(old)
    assert (services.assistant, services.live.before) == (old, new)
    services.live.swap(newest)
    assert (services.assistant, services.live.before) == (newest, old)
    assert (old.is_closed, new.is_closed, newest.is_closed) == (False, True, False)


async def test_a_model_whose_file_is_gone_goes_from_memory(tmp_path: Path) -> None:
    """Its words may have been erased, and nobody can go back to it."""

    def loaded(path: Path) -> EchoAssistant:
        return EchoAssistant(model=path.name)

    async def note(_arrival: Arrival) -> None:
        pass

    old, new = tmp_path / "old.tar.gz", tmp_path / "new.tar.gz"
    old.write_bytes(b"old")
    files = ModelFiles(tmp_path, loaded, lambda _assistant: None)
    live = LiveModel(await files.first())
    before = live.assistant
    assert isinstance(before, EchoAssistant)
    following = asyncio.create_task(files.follow(live, MemoryEventBus(), note))
    try:
        new.write_bytes(b"new")
        os.utime(new, (time.time() + 1, time.time() + 1))
        await eventually(lambda: _truth(live.before is before))
        assert not before.is_closed
        old.unlink()
        await eventually(lambda: _truth(live.before is None))
    finally:
        await end(following)
    assert before.is_closed
    assert live.assistant.model == "new.tar.gz"


async def _truth(is_so: bool) -> bool | None:
    return is_so or None


async def test_a_new_file_takes_over_while_customers_write(
    following: Warmline, model: Path, project: Path
) -> None:
    await following.rest("first", "hello")
    stalls: list[float] = []
    computing: list[float] = []
    over = asyncio.Event()

    async def tick() -> None:
        while True:
            due, before = time.perf_counter() + TICK_SECONDS, time.thread_time()
            await asyncio.sleep(TICK_SECONDS)
            stalls.append(time.perf_counter() - due)
            computing.append(time.thread_time() - before)

    async def chat(sender: str) -> int:
        said = 0
        while not over.is_set():
            (answer,) = await following.texts(sender, "when are you open?")
            assert answer.startswith("Our shop")
            said += 1
        return said

    ticker = asyncio.create_task(tick())
    customers = [asyncio.create_task(chat(f"customer-{number}")) for number in range(10)]
    try:
        put(model, project / "models", "newer.tar.gz")
        await becomes(following, model="newer.tar.gz", refused_model=None)
        assert await following.texts("last", "when are you open?")
    finally:
        over.set()
        said = sum(await asyncio.gather(*customers))
        ticker.cancel()
    taken = await models_of_turns(following.app[SERVICES])
    assert set(taken) == {model.name, "newer.tar.gz"}
    assert sum(taken.values()) == said + 2
    async with following.client.get("/metrics") as response:
        lines = (await response.text()).splitlines()
    (info,) = (line for line in lines if line.startswith("warmline_model_info"))
    assert info == 'warmline_model_info{model="newer.tar.gz"} 1.0'
    assert max(computing) < LONGEST_COMPUTING_SECONDS
    assert max(stalls) < LONGEST_STALL_SECONDS


async def test_what_cannot_be_used_is_refused_once_and_the_old_model_stays(
    following: Warmline,
    model: Path,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(model_files, "LOOK_SECONDS", 0.05)
    models = project / "models"
    put_half(model, models, "broken.tar.gz")
    await becomes(following, model=model.name, refused_model="broken.tar.gz")
    train_small(project.with_name("small"))
    (small,) = (project.with_name("small") / "models").glob("*.tar.gz")
    put(small, models, "other-names.tar.gz")  # handoff.yml names intents that it does not have
    await becomes(following, model=model.name, refused_model="other-names.tar.gz")
    assert await following.texts("ada", "when are you open?")
    refusals = [each.getMessage() for each in caplog.records if "refused" in each.getMessage()]
    assert len(refusals) == 2
    assert "broken.tar.gz" in refusals[0]
    assert "handoff.yml" in refusals[1]
    put(model, models, "good.tar.gz")
    await becomes(following, model="good.tar.gz", refused_model=None)


async def test_of_replaced_models_the_last_alone_is_kept(
    following: Warmline, model: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_files, "LOOK_SECONDS", 0.05)
    services = following.app[SERVICES]
    grown: list[int] = []
    replaced: list[weakref.ref[Assistant]] = []
    for number in range(SWAPS):
        for text in ("where is my order?", "10432", "I want to talk to a human"):
            await following.texts(f"customer-{number}", text)
        replaced.append(weakref.ref(services.assistant))
        put(model, project / "models", f"model-{number}.tar.gz")
        await becomes(following, model=f"model-{number}.tar.gz")
        gc.collect()
        assert [each() is None for each in replaced] == [True] * number + [False]
        grown.append(resident_bytes())
    assert max(grown) - grown[0] < MOST_GROWN_BYTES


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def train_small(root: Path, filling: str = "") -> None:
    """A model of almost nothing but the filling, in seconds."""
    (root / "data").mkdir(parents=True)
    (root / "config.yml").write_text(SMALL_CONFIG)
    (root / "domain.yml").write_text(SMALL_DOMAIN.replace("FILLING", filling))
    (root / "data" / "all.yml").write_text(SMALL_DATA)
    train(Project(root, root / "models"), lambda component: None)


def test_training_shows_its_file_when_it_is_whole(tmp_path: Path) -> None:
    over = Event()
    broken: list[Path] = []

    def look() -> None:
        while not over.is_set():
            for path in (tmp_path / "small" / "models").glob("*.tar.gz"):
                try:
                    with tarfile.open(path) as archive:
                        archive.getmembers()
                except (tarfile.TarError, EOFError, OSError):
                    broken.append(path)

    looking = Thread(target=look)
    looking.start()
    try:
        train_small(tmp_path / "small", filling=os.urandom(FILLING_BYTES).hex())
    finally:
        over.set()
        looking.join()
    assert not broken
    (made,) = (tmp_path / "small" / "models").iterdir()
    assert made.name.endswith(".tar.gz")
