"""`warmline evaluate`: train the NLU of `config.yml` on one CSV, ask it another, and measure.

Training runs in a process of its own, so that memory and CPU are those of answering customers.
"""

from __future__ import annotations

import csv
import resource
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from bot.assistant.calibration import calibration_error
from bot.assistant.nlu.embedding import SentenceEmbedder
from bot.assistant.nlu.intents import Unseen
from bot.assistant.nlu.near_duplicates import groups
from bot.assistant.nlu_model import Example, NluModel, Prediction, train_nlu
from bot.assistant.reply import OUT_OF_SCOPE
from bot.errors import SetupError
from bot.learning import metrics

COLUMNS = ("text", "intent")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Answers:
    """What was asked, what a model said, and what it knows of itself."""

    examples: list[Example]
    predictions: list[Prediction]
    evidence: Unseen | None
    train_seconds: float
    rss_mb: float


def read_examples(path: Path) -> list[Example]:
    """Read `text,intent` lines; raise SetupError naming file and line.

    A text may be empty: public test sets have such lines, and it must be refused, not skipped.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not set(COLUMNS) <= set(reader.fieldnames or ()):
                raise SetupError(
                    f"the first line is {','.join(reader.fieldnames or ()) or 'empty'}",
                    where=str(path),
                    cure="Write `text,intent` as the first line; text with commas in quotes.",
                )
            examples = []
            for row in reader:
                text, intent = (str(row.get(column) or "").strip() for column in COLUMNS)
                if not intent:
                    raise SetupError(
                        "the intent is empty",
                        where=f"{path}, line {reader.line_num}",
                        cure="Fill it in, or delete the line.",
                    )
                examples.append(Example(text, intent))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SetupError(
            f"cannot be read ({error})", where=str(path), cure="Give a UTF-8 CSV file."
        ) from error
    if not examples:
        raise SetupError("there is no example in it", where=str(path), cure="Add lines.")
    return examples


def ask(config: Path, training: Sequence[Example], asked: list[Example], say: Say) -> Answers:
    """Train on one list of examples and ask about another."""
    training = [example for example in training if example.text]
    with tempfile.TemporaryDirectory(prefix="warmline-") as folder:
        say(f"training on {len(training):,} examples")
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            model, seconds = pool.submit(train_nlu, config, training, Path(folder)).result()
        loaded = NluModel(model)
    for example in asked[:5]:  # the first messages pay for what is set up once
        loaded.predict(example.text)
    say(f"asking {len(asked):,} messages")
    predictions = [loaded.predict(example.text) for example in asked]
    return Answers(asked, predictions, loaded.evidence, seconds, _rss_mb())


def cross_validate(config: Path, examples: list[Example], folds: int, say: Say) -> Answers:
    """Every example asked of a model that saw neither it nor its near-duplicates."""
    rarest, fewest = Counter(example.intent for example in examples).most_common()[-1]
    if not 2 <= folds <= len(examples):
        raise SetupError(f"{folds} folds", where="--folds", cure="Give 2 or more, often 5.")
    if fewest < 2:
        raise SetupError(
            f"the intent '{rarest}' has one example",
            where="the file given as --train",
            cure="Give it another, or leave it out.",
        )
    meanings = SentenceEmbedder().embed_all([example.text for example in examples])
    order = np.random.default_rng(0).permutation(len(alike := groups(meanings)))
    fold_of = np.empty(len(examples), int)
    for place, group in enumerate(order):
        fold_of[alike[group]] = place % folds
    asked: list[Example] = []
    predictions: list[Prediction] = []
    seconds = memory = 0.0
    for fold in range(folds):
        say(f"fold {fold + 1} of {folds}")
        inside = [example for example, at in zip(examples, fold_of, strict=True) if at != fold]
        outside = [example for example, at in zip(examples, fold_of, strict=True) if at == fold]
        answers = ask(config, inside, outside, say)
        asked += answers.examples
        predictions += answers.predictions
        seconds, memory = seconds + answers.train_seconds, max(memory, answers.rss_mb)
    return Answers(asked, predictions, None, seconds / folds, memory)


def measure(answers: Answers) -> dict[str, Any]:
    """The figures, as `--json` writes them."""
    truth = [example.intent for example in answers.examples]
    said = [prediction.intent for prediction in answers.predictions]
    outside = np.array([intent == OUT_OF_SCOPE for intent in truth])
    correct = np.array([one == other for one, other in zip(truth, said, strict=True)])
    confidence = np.array([prediction.confidence for prediction in answers.predictions])
    foreignness = np.array([prediction.foreignness for prediction in answers.predictions])
    refused = np.array([prediction.refused for prediction in answers.predictions])
    trust = np.where(refused, 0.0, confidence)
    own = answers.evidence
    kept = metrics.out_of_scope(foreignness, outside, correct)
    spent = np.array([prediction.cpu_seconds for prediction in answers.predictions]) * 1e3
    if own is None:
        chosen = metrics.selective_by_halves(trust, correct)
    else:
        known = np.where(own.refused, 0.0, own.confidence)
        chosen = metrics.selective(trust, correct, known, own.correct)
    inside = ~outside
    asked = [intent for intent, is_in in zip(truth, inside, strict=True) if is_in]
    answered = [intent for intent, is_in in zip(said, inside, strict=True) if is_in]
    figures: dict[str, Any] = _rounded(
        {
            "accuracy": float(correct[inside].mean()) if inside.any() else None,
            "out_of_scope": asdict(kept) if kept else None,
            "calibration_error": calibration_error(confidence[inside], correct[inside])
            if inside.any()
            else None,
            "selective": [asdict(one) for one in chosen],
            "latency_ms": {
                "p50": float(np.percentile(spent, 50)),
                "p99": float(np.percentile(spent, 99)),
            },
            "train_seconds": answers.train_seconds,
            "rss_mb": answers.rss_mb,
            "confusions": metrics.confusions(asked, answered),
        }
    )
    return figures


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return round(value, 4) if isinstance(value, float) else value


def _rss_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10
