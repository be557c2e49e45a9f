"""`warmline worker`: a process beside the serving ones that takes turns and delivers."""

from __future__ import annotations

import contextlib
import logging

from bot.app import working
from bot.assistant.training import Project, check_files
from bot.errors import SetupError
from bot.operations.worker_port import told_over_http
from bot.serving import listen, told_to_stop
from bot.settings import Settings
from bot.store.database import parse_url

log = logging.getLogger(__name__)


async def work(settings: Settings) -> None:
    """Work until told to stop, then finish the turns at hand. Raises SetupError."""
    check_shared(settings)
    check_files(Project(settings.project, settings.models))
    with contextlib.ExitStack() as sockets:
        listening = None
        if settings.metrics_port is not None:
            listening = sockets.enter_context(
                listen(settings.host, settings.metrics_port, "metrics-port")
            )
        async with (
            working(settings) as (services, health),
            told_over_http(health, listening),
        ):
            log.info("worker_started model=%s", services.assistant.model)
            await told_to_stop()
            log.info("worker_stopping")
    log.info("worker_stopped")


def check_shared(settings: Settings) -> None:
    """Raise SetupError unless several processes can work on one database."""
    if settings.redis_url is None:
        raise SetupError(
            "a worker hears of turns through Redis, and it is not set",
            where="WARMLINE_REDIS_URL (--redis-url)",
            cure="Give the serving processes and the workers the same Redis, such as"
            " redis://127.0.0.1:6379/0; without one, `warmline serve` does all the work itself.",
        )
    if parse_url(settings.database_url).get_backend_name() == "sqlite":
        raise SetupError(
            "one process is all SQLite allows, and `warmline serve` is that one",
            where="WARMLINE_DATABASE_URL (--database-url)",
            cure="Give the serving processes and the workers the same PostgreSQL, or run none.",
        )
