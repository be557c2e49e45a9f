"""What serving and working have in common: everything is checked, then opened."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from actions.context import close_shop
from bot.assistant.model import load_assistant
from bot.composing import Composing
from bot.coordination import coordinated
from bot.credentials import load_credentials
from bot.erasure.keys import ErasureKey
from bot.jobs import Jobs, end
from bot.knowledge.shelf import FOLDER, shelf_of
from bot.learning.registry import Registry, note
from bot.live_model import Assistant, LiveModel
from bot.messages import (
    CallbackConnector,
    ClosingConnector,
    Connector,
    WindowedConnector,
)
from bot.model_files import ModelFiles
from bot.operations.disk_space import watch_disk
from bot.operations.loop_lag import watching_loop
from bot.privacy.policy_file import PolicyFile
from bot.privacy.quiet_logs import quieten
from bot.redis_link import RedisLink
from bot.rules_file import check_channels, check_names, current_rules, load_rules
from bot.services import Services
from bot.settings import DEFAULT_CREDENTIALS, Settings
from bot.shop import settle_shop
from bot.store.database import Database
from bot.store.schema import upgrade
from connectors import CONNECTORS, connected
from connectors.base import Block
from simulator.demo import simulated

# A commit's or a parse's thread that is done waits so long for whoever computes; Python's own 5 ms
# made every acknowledgement and a tenth of all turns slower.
THREAD_SWITCH_SECONDS = 0.0002


@dataclass(frozen=True, slots=True)
class Opened:
    """What serving and working have in common, checked and open."""

    services: Services
    connectors: Mapping[str, Connector]
    redis: RedisLink | None
    jobs: Jobs
    files: ModelFiles
    registry: Registry


@asynccontextmanager
async def everything_open(
    settings: Settings, assistant: Assistant | None, *, serves: bool
) -> AsyncIterator[Opened]:
    sys.setswitchinterval(THREAD_SWITCH_SECONDS)
    quieten()
    connectors = connected(_blocks(settings))
    for name, connector in connectors.items():
        if isinstance(connector, CallbackConnector):
            connector.callback_url = f"{settings.public_url}/webhooks/{name}/webhook"
    jobs = Jobs()
    rules_file = settings.project / "handoff.yml"
    rules = load_rules(rules_file)
    check_channels(rules, rules_file, CONNECTORS)
    privacy = PolicyFile(settings.project / "privacy.yml", settings.public_url)
    privacy.check(CONNECTORS)
    shelf_of(settings.project / FOLDER).check()
    watch_disk(settings.data_dir)
    database = Database(settings.database_url)
    try:
        await settle_shop(settings)
        with database.served_alone():
            async with coordinated(settings.redis_url, stands_back=serves) as shared:
                await upgrade(database)
                erasure_key = ErasureKey(settings.secret_key)
                if serves:
                    async with database.write() as uow:
                        await uow.erasures.serve_under(erasure_key.itself())
                registry = Registry(database, shared.bus, settings.models)
                check = partial(_check, rules_file)
                files = ModelFiles(settings.models, partial(_load, settings, check), check)
                async with (
                    watching_loop(),
                    _live_model(files, registry, assistant, check) as live,
                ):
                    services = Services(
                        database=database,
                        bus=shared.bus,
                        queue=shared.queue,
                        live=live,
                        rules_file=rules_file,
                        limits=shared.limits,
                        composing=Composing(connectors, jobs),
                        privacy=privacy,
                        windows={
                            name: each.window
                            for name, each in connectors.items()
                            if isinstance(each, WindowedConnector)
                        },
                        erasure_key=erasure_key,
                    )
                    yield Opened(services, connectors, shared.redis, jobs, files, registry)
    finally:
        await jobs.finish()
        for connector in connectors.values():
            if isinstance(connector, ClosingConnector):
                await connector.aclose()
        await close_shop()
        await database.aclose()


def _blocks(settings: Settings) -> dict[str, Block]:
    """The channels that are on. The demo has those it lacks by simulated providers, unless it was
    given a file of its own: that says what is wanted."""
    blocks: dict[str, Block] = {**load_credentials(settings.credentials, CONNECTORS)}
    if settings.demo and settings.credentials == settings.project / DEFAULT_CREDENTIALS:
        return {**simulated(settings.secret_key, settings.port), **blocks}
    return blocks


@asynccontextmanager
async def _live_model(
    files: ModelFiles,
    registry: Registry,
    assistant: Assistant | None,
    check: Callable[[Assistant], None],
) -> AsyncIterator[LiveModel]:
    """The given model, or the newest file's for as long as there is no newer one."""
    if assistant is not None:
        check(assistant)
        live = LiveModel(assistant)
        live.tell()
        yield live
        return
    live = LiveModel(await files.first())
    live.tell()
    following = asyncio.create_task(files.follow(live, registry.bus, partial(note, registry)))
    try:
        yield live
    finally:
        await end(following)
        live.close()


def _load(settings: Settings, check: Callable[[Assistant], None], model: Path) -> Assistant:
    loaded: Assistant = load_assistant(model, settings.project / "endpoints.yml")
    check(loaded)
    return loaded


def _check(rules_file: Path, assistant: Assistant) -> None:
    rules = current_rules(rules_file)
    check_names(rules, rules_file, intents=assistant.intents, slots=assistant.domain_slots)
