"""The real `warmline serve`, with two channels and an action more, to be killed at a chosen point.

Processes are forked from one that has imported all this and has one thread: a start takes as long
as its model does. What has threads, such as an onnxruntime session, is made in the fork.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from multiprocessing import forkserver
from pathlib import Path

import aiohttp

from bot.assistant import tensorflow
from bot.assistant.model import quiet

tensorflow.leave_out()
quiet()

from rasa.core.policies import rule_policy  # noqa: E402, F401
from rasa.graph_components.validators import default_recipe_validator  # noqa: E402, F401
from rasa.nlu.selectors import response_selector  # noqa: E402, F401

from bot.assistant import actions, assistant, policy, speedups  # noqa: E402, F401
from bot.assistant.nlu import classifier, entities, frustration, language  # noqa: E402, F401
from bot.serving import serve  # noqa: E402
from bot.settings import Settings  # noqa: E402
from connectors import CONNECTORS  # noqa: E402
from connectors.base import Block, check_block  # noqa: E402
from tests.faults.kill_points import Doom  # noqa: E402
from tests.provider import BlindConnector, ProviderConnector  # noqa: E402

STARTED_SECONDS = 240.0
ENDED_SECONDS = 60.0
# No answer means unknown: many processes on a busy machine must not look like that.
ANSWER_SECONDS = 5.0
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__])


@dataclass(frozen=True, slots=True)
class Start:
    """How to start one process; `environment` is what it finds beside its settings."""

    settings: Settings
    environment: Mapping[str, str]
    log: Path
    doom: Doom | None = None


def serve_until_killed(start: Start) -> None:
    """What the forked process does."""
    beside = Path(f"/proc/{os.getppid()}/task")
    assert not beside.exists() or len(list(beside.iterdir())) == 1, "forked beside other threads"
    written = os.open(start.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(written, sys.stdout.fileno())
    os.dup2(written, sys.stderr.fileno())
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    os.environ.update(start.environment)
    CONNECTORS["acme"] = _acme
    CONNECTORS["blind"] = _blind
    if start.doom is not None:
        start.doom.seal()
    asyncio.run(serve(start.settings))


def _acme(block: Block) -> ProviderConnector:
    check_block("acme", block, {"url": str})
    return ProviderConnector(block["url"], name="acme", answer_seconds=ANSWER_SECONDS)


def _blind(block: Block) -> BlindConnector:
    check_block("blind", block, {"url": str})
    return BlindConnector(block["url"], name="blind", answer_seconds=ANSWER_SECONDS)


class Program:
    """One process; killed, it can be started again."""

    def __init__(self, start: Start) -> None:
        self._start = start
        self._process = self._fork()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process.is_alive()

    def kill(self) -> None:
        self._process.kill()

    async def ended(self) -> int | None:
        """The exit code, once there is one; below zero it is the signal that ended it."""
        await asyncio.to_thread(self._process.join, ENDED_SECONDS)
        return self._process.exitcode

    async def start_again(self) -> None:
        """After its end: another process on the same port, ready."""
        await self.ended()
        self._process.close()
        self._process = self._fork()
        await self.ready()

    async def ready(self) -> None:
        settings = self._start.settings
        url = f"http://127.0.0.1:{settings.port}/readyz"
        ends = asyncio.get_running_loop().time() + STARTED_SECONDS
        async with aiohttp.ClientSession() as session:
            while True:
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.get(url) as response:
                        if response.status == 200:
                            return
                log = self._start.log
                assert self.is_running, f"ended at its start: {log.read_text()}"
                assert asyncio.get_running_loop().time() < ends, f"not ready: {log.read_text()}"
                await asyncio.sleep(0.02)

    async def finish(self) -> None:
        """Kill what runs, and forget it."""
        self.kill()
        await self.ended()
        self._process.close()

    def _fork(self) -> multiprocessing.context.ForkServerProcess:
        _one_thread()
        process = FORKS.Process(target=serve_until_killed, args=(self._start,), daemon=True)
        process.start()
        return process


@cache
def _end_others() -> None:
    """There is one process to fork from, and what another test started has imported nothing."""
    # The module has no public way to end it.
    forkserver._forkserver._stop()  # type: ignore[attr-defined]
    FORKS.set_forkserver_preload([__name__])


def _one_thread() -> None:
    """Start the process to fork from, if there is none yet, without the threads of numpy."""
    _end_others()
    name = "OPENBLAS_NUM_THREADS"
    before = os.environ.get(name)
    os.environ[name] = "1"
    try:
        forkserver.ensure_running()
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
