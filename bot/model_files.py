"""The newest model file of a folder: loaded at the start, and followed while turns are taken.

A file that cannot be used costs one line in the log: the model that is live stays until the file,
or the rules it was checked against, are put right by a file that is newer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.assistant.model import newest_model
from bot.errors import SetupError
from bot.live_model import Assistant, LiveModel

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
Load = Callable[[Path], Assistant]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file as it was found; written anew it is another. `changed` in nanoseconds."""

    path: Path
    size: int
    changed: int


class ModelFiles:
    """The files of a folder, and `load`, which blocks, checks, and raises SetupError."""

    def __init__(self, folder: Path, load: Load) -> None:
        self._folder = folder
        self._load = load
        self._tried: ModelFile | None = None

    async def first(self) -> Assistant:
        """The newest model. Raises SetupError when there is none, or it cannot be used."""
        loop = asyncio.get_running_loop()
        self._tried = await loop.run_in_executor(None, _newest, self._folder)
        if self._tried is None:
            raise SetupError(
                "there is no trained model",
                where=str(self._folder),
                cure="Run `warmline train` first; `warmline demo` trains one by itself.",
            )
        return await loop.run_in_executor(None, self._load, self._tried.path)

    async def follow(self, live: LiveModel) -> None:
        """Make every newer model the live one, until cancelled."""
        loop = asyncio.get_running_loop()
        seen: ModelFile | None = None
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            before, seen = seen, await loop.run_in_executor(None, _newest, self._folder)
            # Found twice the same: `rasa train` and copying write a file where others can see it.
            if seen is not None and seen == before and seen != self._tried:
                self._tried = seen
                await self._swap(live, seen.path)

    async def _swap(self, live: LiveModel, path: Path) -> None:
        loop = asyncio.get_running_loop()
        try:
            assistant = await loop.run_in_executor(None, self._load, path)
        except SetupError as error:
            live.refused = path.name
            log.error("model_refused where=%s problem=%s", error.where, error.problem)
        except Exception as error:
            # What a strange file makes Rasa raise has no end, and customers must not notice.
            live.refused = path.name
            log.error("model_refused where=%s error=%s", path, type(error).__name__)
        else:
            log.warning("model_swapped model=%s before=%s", assistant.model, live.assistant.model)
            live.swap(assistant)


def _newest(folder: Path) -> ModelFile | None:
    try:
        path = newest_model(folder)
        if path is None:
            return None
        found = path.stat()
    except OSError:
        return None  # deleted between two looks, or a folder that is away for a moment
    return ModelFile(path, found.st_size, found.st_mtime_ns)
