"""The two kinds of process: one that serves and works, and one that only works."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.app.opening import everything_open
from bot.app.parts import may_measure, outside, pushed
from bot.app.website import application
from bot.delivery import Delivery
from bot.erasure.eraser import Eraser
from bot.erasure.following import following_erasures
from bot.insight.follower import following
from bot.jobs import GRACE_SECONDS
from bot.learning.drift_watch import watching_drift
from bot.learning.trainer import Trainer
from bot.live_model import Assistant
from bot.messages import (
    SessionConnector,
)
from bot.notifier import notifying
from bot.operations.health import Health
from bot.operations.settings_changes import noting_settings
from bot.review_follower import following_turns
from bot.services import Services
from bot.settings import Settings
from bot.turn import LONGEST_TURN_SECONDS
from bot.worker import Worker
from desk.redis_presence import opened_presence


@asynccontextmanager
async def running(
    settings: Settings, *, assistant: Assistant | None = None
) -> AsyncIterator[web.Application]:
    """Everything checked, opened, wired and at work; closed in the reverse order.

    `assistant` is one already loaded; otherwise the newest model is. Raises SetupError.
    """
    async with (
        everything_open(settings, assistant, serves=True) as opened,
        opened_presence(opened.redis) as presence,
    ):
        delivery = Delivery(opened.services, opened.connectors)
        trainer = Trainer(opened.services, opened.registry, settings.project)
        key = opened.services.erasure_key
        eraser = Eraser(opened.registry, key, settings.project, settings.data_dir)
        app = application(settings, opened, delivery, presence, trainer, eraser)
        async with (
            contextlib.aclosing(trainer),
            notifying(opened.services, outside(settings)),
            following_turns(opened.services),
            watching_drift(opened.services, opened.jobs),
            following_erasures(opened.services, eraser, trainer),
            noting_settings(opened.services),
            _at_work(opened.services, delivery, grace=GRACE_SECONDS),
            following(opened.services),
        ):
            yield app


@asynccontextmanager
async def working(
    settings: Settings, *, assistant: Assistant | None = None
) -> AsyncIterator[tuple[Services, Health]]:
    """Turns taken and messages delivered, and nothing served. Raises SetupError.

    Customers whose channel needs a connection have it with a serving process, which sends to them.
    """
    async with everything_open(settings, assistant, serves=False) as opened:
        everywhere = {
            name: connector
            for name, connector in opened.connectors.items()
            if not isinstance(connector, SessionConnector)
        }
        delivery = Delivery(opened.services, everywhere)
        async with (
            notifying(opened.services, outside(settings)),
            following_erasures(opened.services),
            noting_settings(opened.services),
            _at_work(opened.services, delivery, grace=LONGEST_TURN_SECONDS),
        ):
            yield (
                opened.services,
                Health(opened.services, pushed(everywhere), may_measure(settings)),
            )


@asynccontextmanager
async def _at_work(services: Services, delivery: Delivery, *, grace: float) -> AsyncIterator[None]:
    worker = Worker(services, grace=grace)
    delivery.start()
    worker.start()
    try:
        yield
    finally:
        await worker.stop()
        await delivery.stop()
