"""A candidate, made in a process of its own: the labels written into a copy of the project, a model
trained from it, and compared with the live one.

What is to be done comes in by standard input, and how far it is goes out by standard output, a line
of JSON each. The input stays open for as long as the process that waits for this one lives.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from bot.assistant.training import Project, component_count, train
from bot.errors import SetupError
from bot.learning.comparison import Logged, compare
from bot.learning.dataset import Lessons, write_project
from bot.learning.registry import SUFFIX, facts_of
from bot.model_files import sha256_of

NICE = 10  # customers are answered by the same machine
TRAINING_SHARE = 0.75  # of the time; what is left goes to the comparison
RESULT = "result.json"
Tell = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What to make of the project in `root`; everything is written under `work`. `live` is the file
    to compare with, if it is there."""

    model_id: str
    root: Path
    work: Path
    lessons: Lessons
    logged: Logged
    live: Path | None

    @property
    def file(self) -> Path:
        return self.work / f"{self.model_id}{SUFFIX}"


def make(order: Order, tell: Tell) -> dict[str, Any]:
    """Train and compare; what is to be registered. Raises SetupError on data that is broken."""
    tell("Writing the labels into a copy of the project", 0.0)
    project = Project(order.work / "project", order.work)
    write_project(order.root, order.lessons, project.root)
    steps, done = component_count(project), 0

    def trained(component: str) -> None:
        nonlocal done
        done += 1
        words = f"Training: {component}" if component else "Training"
        tell(words, TRAINING_SHARE * min(done / steps, 1.0))

    made = train(project, trained)
    made.model.replace(order.file)

    def compared(step: str, share: float) -> None:
        tell(f"Comparing: {step}", TRAINING_SHARE + (1 - TRAINING_SHARE) * share)

    report = compare(order.live, order.file, order.logged, order.root, compared)
    return {"report": report, "sha256": sha256_of(order.file), **facts_of(order.file)}


def main() -> None:
    """Obey one order, and say what came of it."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what Rasa prints is no progress
    os.nice(NICE)
    order: Order = pickle.load(sys.stdin.buffer)  # noqa: S301  (from our own parent)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        result = make(order, lambda step, share: _say(out, step=step, share=share))
    except SetupError as error:
        _say(out, problem=error.problem, where=error.where, cure=error.cure)
    except Exception as error:
        # Its words may hold what customers wrote; its kind and its place are enough to go by.
        *_, last = traceback.extract_tb(error.__traceback__)
        problem = f"something unforeseen went wrong ({type(error).__name__})."
        cure = "Train again. If it happens again, report it with this place."
        _say(out, problem=problem, where=f"{Path(last.filename).name}:{last.lineno}", cure=cure)
    else:
        (order.work / RESULT).write_text(json.dumps(result), encoding="utf-8")


def _say(out: TextIO, **words: Any) -> None:
    out.write(json.dumps(words) + "\n")


def _end_with_parent() -> None:
    """Nobody waits any more when the input ends: what is made would only take the machine."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    main()
