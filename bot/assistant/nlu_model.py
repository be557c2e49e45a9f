"""The understanding part of a `config.yml` by itself: trained on examples, asked one by one."""

from __future__ import annotations

import contextlib
import io
import json
import os
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.assistant import tensorflow
from bot.assistant.model import components_of, file_in, quiet
from bot.assistant.nlu.intents import Unseen
from bot.assistant.nlu.model_card import CURVE, load_curve
from bot.assistant.reply import OUT_OF_SCOPE, requests_in
from bot.assistant.training import Project, as_setup_error, configured_components
from bot.errors import SetupError


@dataclass(frozen=True, slots=True)
class Example:
    """A text and the intent it stands for."""

    text: str
    intent: str


@dataclass(frozen=True, slots=True)
class Prediction:
    """The likeliest request; a larger `foreignness` means less likely to be one at all."""

    intent: str
    confidence: float
    foreignness: float
    refused: bool
    cpu_seconds: float


def train_nlu(config: Path, examples: Sequence[Example], folder: Path) -> tuple[Path, float]:
    """Train the pipeline of `config`; return the model and the seconds training took."""
    if not tensorflow.is_needed(configured_components(Project(config.parent, folder))):
        tensorflow.leave_out()
    quiet()
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"  # a training found in Rasa's cache measures nothing
    with warnings.catch_warnings():  # importing Rasa tells of its libraries' deprecations
        warnings.simplefilter("ignore")
        from rasa.engine.exceptions import GraphComponentException
        from rasa.model_training import train_nlu as rasa_train
        from rasa.shared.exceptions import RasaException

    data = folder / "examples.json"  # unlike YAML, it gives no meaning to brackets in a text
    listed = [{"text": example.text, "intent": example.intent} for example in examples]
    content = {"rasa_nlu_data": {"common_examples": listed}}
    data.write_text(json.dumps(content), encoding="utf-8")
    started = time.perf_counter()
    shown = io.StringIO()
    try:
        with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown):
            model = rasa_train(str(config), str(data), str(folder), fixed_model_name="evaluated")
    except GraphComponentException as error:
        raise as_setup_error(error, config) from error
    except RasaException as error:
        raise SetupError(
            str(error).strip(), where=str(config), cure="Correct the pipeline named above."
        ) from error
    if model is None:
        raise SetupError("training made no model", where=str(config), cure="Check its `pipeline`.")
    return Path(model), time.perf_counter() - started


class NluModel:
    """A trained pipeline; `evidence` is what it says of its own examples unseen, if it does."""

    def __init__(self, model: Path) -> None:
        if not tensorflow.is_needed(components_of(model)):
            tensorflow.leave_out()
        quiet()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from rasa.core.channels.channel import UserMessage
            from rasa.core.lock_store import InMemoryLockStore
            from rasa.core.nlg import TemplatedNaturalLanguageGenerator
            from rasa.core.tracker_store import InMemoryTrackerStore
            from rasa.engine.constants import PLACEHOLDER_MESSAGE

            from bot.assistant import speedups

        self._message, self._placeholder = UserMessage, PLACEHOLDER_MESSAGE
        # What answers customers, so that its CPU is theirs; only its parsing is used.
        self._processor = speedups.Processor(
            model,
            tracker_store=InMemoryTrackerStore(None),
            lock_store=InMemoryLockStore(),
            generator=TemplatedNaturalLanguageGenerator({}),
        )
        content = file_in(model, CURVE)
        self.evidence: Unseen | None = None
        self.names: list[str] = []  # of the intents whose places `evidence` gives
        if content is not None:
            self.evidence, self.names = load_curve(io.BytesIO(content))

    def parse(self, text: str) -> dict[str, Any]:
        """The whole parse data of a text, as the assistant gets it."""
        parsed: dict[str, Any] = self._processor._parse_message_with_graph(
            self._message(text), None
        )
        return parsed

    def parse_all(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """The same of many texts, which go through the pipeline together."""
        if not texts:
            return []
        target = self._processor.model_metadata.nlu_target
        given = {self._placeholder: [self._message(text) for text in texts]}
        results = self._processor.graph_runner.run(inputs=given, targets=[target])
        return [parsed.as_dict(only_output_properties=True) for parsed in results[target]]

    def predict(self, text: str) -> Prediction:
        """Understand one message, and say how much CPU that took."""
        started = time.process_time()
        parsed = self.parse(text)
        spent = time.process_time() - started
        ranking = parsed.get("intent_ranking") or [parsed["intent"]]
        best = next(iter(requests_in({"intent_ranking": ranking})), None)
        confidence = float(best["confidence"]) if best else 0.0
        scope = parsed.get("out_of_scope")
        return Prediction(
            intent=str(best["name"]) if best else OUT_OF_SCOPE,
            confidence=confidence,
            foreignness=float(scope["score"]) if scope else 1 - confidence,
            refused=bool(scope["refused"]) if scope else ranking[0] is not best,
            cpu_seconds=spent,
        )
