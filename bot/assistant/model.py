"""Finding and loading a trained model, with a clear word when that cannot be done."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import logging
import os
import tarfile
import warnings
from pathlib import Path
from typing import Any

from bot.assistant import tensorflow
from bot.errors import SetupError

log = logging.getLogger(__name__)
METADATA = "metadata.json"
CARD = "model_card.json"
KNOWLEDGE_CARD = "knowledge_card.json"
COLLECTED_AFTER = (20_000, 20, 20)  # new objects, and collections of younger ones


def newest_model(models: Path) -> Path | None:
    """The model file written last, or None; `models` may also name one file."""
    if models.is_file():
        return models
    found = sorted(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return found[-1] if found else None


def components_of(model: Path) -> list[str]:
    """The components a trained model consists of; raise SetupError when it is no model."""
    try:
        with tarfile.open(model) as archive:
            member = archive.extractfile(METADATA)
            if member is None:
                raise KeyError(METADATA)
            content: dict[str, Any] = json.load(member)
    except (tarfile.TarError, OSError, EOFError, KeyError, ValueError) as error:
        raise SetupError(
            "this is not a whole Rasa model",
            where=str(model),
            cure="Delete the file and run `warmline train`; `demo` trains one by itself.",
        ) from error
    nodes = content.get("predict_schema", {}).get("nodes", {})
    return sorted({str(node.get("uses")) for node in nodes.values()})


def card_of(model: Path) -> dict[str, Any] | None:
    """What the model promises and why, as its training stored it; None when it promises nothing."""
    content = file_in(model, CARD)
    card: dict[str, Any] | None = None if content is None else json.loads(content)
    return card


def knowledge_card_of(model: Path) -> dict[str, Any] | None:
    """What the model promises of answers from articles; None when it gives none."""
    content = file_in(model, KNOWLEDGE_CARD)
    card: dict[str, Any] | None = None if content is None else json.loads(content)
    return card


def file_in(model: Path, name: str) -> bytes | None:
    """The content of the file of that name which a component stored with the model."""
    with tarfile.open(model) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.endswith(name) else None
            if file is not None:
                return file.read()
    return None


def load_assistant(model: Path, endpoints: Path) -> Any:
    """Load the model with its actions. Blocks for seconds: call it from a thread.

    Returns an `bot.assistant.assistant.Assistant`; its module imports rasa, which must not happen
    before it is known whether TensorFlow is needed.
    """
    if not tensorflow.is_needed(components_of(model)):
        tensorflow.leave_out()
    quiet()
    from rasa.core.lock_store import InMemoryLockStore
    from rasa.core.nlg import TemplatedNaturalLanguageGenerator
    from rasa.core.tracker_store import InMemoryTrackerStore
    from rasa.engine.exceptions import GraphComponentException
    from rasa.shared.exceptions import RasaException

    from bot.assistant import speedups
    from bot.assistant.actions import load_endpoint
    from bot.assistant.assistant import Assistant

    speedups.apply()
    words = TemplatedNaturalLanguageGenerator({})
    try:
        processor = speedups.Processor(
            model,
            # The turn stores the tracker and keeps the order: Rasa's own stores stay empty.
            tracker_store=InMemoryTrackerStore(None),
            lock_store=InMemoryLockStore(),
            generator=words,
            action_endpoint=load_endpoint(endpoints),
        )
    except (RasaException, GraphComponentException, ImportError, OSError, ValueError) as error:
        raise SetupError(
            f"the model cannot be loaded ({type(error).__name__}: {error})",
            where=str(model),
            cure="It may come from another version or configuration: run `warmline train`.",
        ) from error
    if processor.model_metadata.core_target is None:
        raise SetupError(
            "the model only understands and cannot answer (it was trained with NLU data alone)",
            where=str(model),
            cure="Run `warmline train` or `rasa train`, not `rasa train nlu`.",
        )
    words.responses = processor.domain.responses
    # All this lives as long as the process does. Left in sight of the garbage collector it makes
    # every full collection walk 400,000 objects, and nobody is answered for those 0.3 s.
    gc.collect()
    gc.freeze()
    # What a message makes and drops goes by itself: to look for its circles every 700 objects, as
    # Python does, costs 4 % of the throughput.
    gc.set_threshold(*COLLECTED_AFTER)
    # Loading frees much of what it took: glibc keeps that, 20 MB, unless it is asked for it.
    with contextlib.suppress(AttributeError):  # other C libraries cannot be asked
        ctypes.CDLL(None).malloc_trim(0)
    return Assistant(processor, model=model.name)


def quiet() -> None:
    """Keep Rasa's logs at warnings: below, they hold customers' texts and cost 15 ms a turn."""
    import sanic.app  # noqa: F401  (it turns deprecations on when imported: before they go off)
    import structlog

    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ["SQLALCHEMY_SILENCE_UBER_WARNING"] = "1"
    # Rasa is the last of its line: its libraries' deprecations are nothing anybody can act on.
    for category in (DeprecationWarning, FutureWarning, UserWarning):
        warnings.filterwarnings("ignore", category=category, module=r"(rasa|sanic|matplotlib)\b")
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    for name in ("rasa", "rasa_sdk", "apscheduler", "matplotlib"):
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
