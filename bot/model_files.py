"""The newest model file of a folder: loaded at the start, and followed while turns are taken.

A file that cannot be used costs one line in the log: the model that is live stays until the file,
or the rules it was checked against, are put right by a file that is newer.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from bot.assistant.model import newest_model
from bot.errors import SetupError
from bot.events import Event, EventBus, Subscription
from bot.live_model import Assistant, LiveModel

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
Load = Callable[[Path], Assistant]
Check = Callable[[Assistant], None]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file as it was found; written anew it is another. `changed` in nanoseconds."""

    path: Path
    size: int
    changed: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that became live, or that could not: then `problem` says why."""

    path: Path
    sha256: str | None
    problem: str | None = None


Note = Callable[[Arrival], Awaitable[None]]


class ModelFiles:
    """The files of a folder; `load` blocks, checks, and raises SetupError, and `check` is its last
    part alone, for a model that is loaded already."""

    def __init__(self, folder: Path, load: Load, check: Check) -> None:
        self._folder = folder
        self._load = load
        self._check = check
        self._tried: ModelFile | None = None
        self._untold: Arrival | None = None
        # Loaded models by name and SHA-256: the live one, the one before, and one made ready.
        self._at_hand: dict[tuple[str, str], Assistant] = {}

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
        path = self._tried.path
        assistant, sha256 = await loop.run_in_executor(None, self._loaded, path)
        self._untold = Arrival(path, sha256)
        return assistant

    async def make_ready(self, path: Path) -> None:
        """Load and check a file that is about to be placed, so that it is live as soon as it is.
        Raises SetupError when it could not be."""
        await asyncio.get_running_loop().run_in_executor(None, self._loaded, path)

    async def follow(self, live: LiveModel, bus: EventBus, note: Note) -> None:
        """Make every newer model the live one, until cancelled; `note` is told of each."""
        loop = asyncio.get_running_loop()
        seen: ModelFile | None = None
        with bus.subscribe(_is_placed) as placed:
            while True:
                await self._tell(note)
                name = await _next_look(placed)
                found = await loop.run_in_executor(None, _newest, self._folder)
                # Placed by us it is whole. Others are found twice the same: `rasa train` and
                # copying write a file where others can see it.
                is_whole = found is not None and (
                    found == seen if name is None else found.path.name == name
                )
                if name is None:
                    seen = found
                if found is not None and is_whole and found != self._tried:
                    self._tried = found
                    await self._swap(live, found.path)
                await self._forget_gone(live)

    async def _forget_gone(self, live: LiveModel) -> None:
        """Drop what is loaded and has no file any more: it was pruned, or had learnt from messages
        that are erased, and their words go from memory too."""
        spare = {name for name, _ in self._at_hand} - {live.assistant.model}
        if not spare:
            return
        loop = asyncio.get_running_loop()
        gone = spare - await loop.run_in_executor(None, _names, self._folder)
        if live.before is not None and live.before.model in gone:
            live.forget_before()
        for key in [key for key in self._at_hand if key[0] in gone]:
            del self._at_hand[key]

    async def _swap(self, live: LiveModel, path: Path) -> None:
        loop = asyncio.get_running_loop()
        try:
            assistant, sha256 = await loop.run_in_executor(None, self._loaded, path)
        except SetupError as error:
            live.refused = path.name
            self._untold = Arrival(path, None, error.problem)
            log.error("model_refused where=%s problem=%s", error.where, error.problem)
        except Exception as error:
            # What a strange file makes Rasa raise has no end, and customers must not notice.
            live.refused = path.name
            self._untold = Arrival(path, None, f"it cannot be read ({type(error).__name__})")
            log.error("model_refused where=%s error=%s", path, type(error).__name__)
        else:
            log.warning("model_swapped model=%s before=%s", assistant.model, live.assistant.model)
            live.swap(assistant)
            self._untold = Arrival(path, sha256)
            self._forget_all_but(live)

    def _loaded(self, path: Path) -> tuple[Assistant, str]:
        sha256 = sha256_of(path)
        known = self._at_hand.get((path.name, sha256))
        if known is not None:
            self._check(known)
            return known, sha256
        assistant = self._load(path)
        self._at_hand[path.name, sha256] = assistant
        return assistant, sha256

    def _forget_all_but(self, live: LiveModel) -> None:
        for key, assistant in tuple(self._at_hand.items()):
            if assistant is not live.assistant and assistant is not live.before:
                del self._at_hand[key]

    async def _tell(self, note: Note) -> None:
        if self._untold is None:
            return
        try:
            await note(self._untold)
        except Exception as error:
            # The database is away: it is told after the next look.
            log.error("model_not_noted error=%s", type(error).__name__)
        else:
            self._untold = None


def sha256_of(path: Path) -> str:
    """Of the file's content; raises SetupError where it cannot be read."""
    try:
        with path.open("rb") as file:
            digest = hashlib.sha256()
            while block := file.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise SetupError(
            f"the file cannot be read ({error.strerror})",
            where=str(path),
            cure="Put it back, or train another.",
        ) from error
    return digest.hexdigest()


def _is_placed(event: Event) -> bool:
    return event.type == "model" and "placed" in event.data


async def _next_look(placed: Subscription) -> str | None:
    """Wait until it is time to look, or a file was placed: then its name."""
    with contextlib.suppress(asyncio.TimeoutError):
        event = await asyncio.wait_for(placed.next(), LOOK_SECONDS)
        return str(event.data.get("placed"))  # after a resync, of nothing
    return None


def _names(folder: Path) -> frozenset[str]:
    """Of all model files, also those that wait to be promoted."""
    return frozenset(path.name for at in ("*", "*/*") for path in folder.glob(f"{at}.tar.gz"))


def _newest(folder: Path) -> ModelFile | None:
    try:
        path = newest_model(folder)
        if path is None:
            return None
        found = path.stat()
    except OSError:
        return None  # deleted between two looks, or a folder that is away for a moment
    return ModelFile(path, found.st_size, found.st_mtime_ns)
