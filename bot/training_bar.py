"""`warmline train` and the demo's first start: training, with a bar that shows how far it is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.assistant.model import card_of, knowledge_card_of
from bot.assistant.training import Project, component_count, train


def train_with_bar(project: Project) -> Path:
    """Train, and tell where the model is and what was odd; raise SetupError on broken data."""
    # Training hides Rasa's own output by redirecting these streams: keep the real one.
    console = Console(stderr=False, file=None)
    bar = Progress(
        SpinnerColumn(),
        TextColumn("Training the model"),
        BarColumn(bar_width=30),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=console,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    started = time.monotonic()
    with bar:
        task = bar.add_task("", total=component_count(project))

        def show(component: str) -> None:
            if component:
                bar.update(task, description=component)
            bar.advance(task)

        trained = train(project, show)
        bar.update(task, completed=component_count(project), description="done")
    for warning in trained.warnings:
        console.print(f"Odd: {warning}", style="yellow", markup=False)
    card = card_of(trained.model)
    for line in told(card) if card is not None else ():
        console.print(line, highlight=False, markup=False)
    promise = knowledge_card_of(trained.model)
    if promise is not None:
        console.print(told_of_knowledge(promise), highlight=False, markup=False)
    seconds = time.monotonic() - started
    console.print(f"Trained {trained.model} in {seconds:.0f} s.", highlight=False)
    return trained.model


def told(card: dict[str, Any]) -> Iterator[str]:
    """A model card in a few sentences, one for each risk class."""
    data, unseen = card["data"], card["unseen_examples"]
    yield (
        f"{data['intents']} intents from {data['examples']:,} examples; of those it had not seen "
        f"it would have understood {unseen['accuracy']:.1%} (calibration error "
        f"{unseen['calibration_error']:.3f})."
    )
    for name, promise in card["thresholds"].items():
        rate, surely = promise["accepted_wrong_rate"], promise["guarantee"]
        wanted = f"{name}: at most {100 * rate:g} % wrong answers, {100 * surely:g} % surely"
        if promise["confidence"] is None:
            more = promise["needed"]
            yield (
                f"{wanted}, cannot be promised: of the {promise['answered']} surest messages "
                f"{promise['wrong']} would be answered wrongly. "
                + (
                    f"It takes at least {more:,} more messages."
                    if more
                    else "It takes better examples."
                )
                + " Until then the bot asks which request is meant, or hands off."
            )
        else:
            yield (
                f"{wanted}: answer from a confidence of {promise['confidence']:.2f}, "
                f"{promise['coverage']:.0%} of the messages ({promise['wrong']} wrong of "
                f"{promise['answered']}, bound {promise['bound']:.1%})."
            )
    yield str(card["statement"])


def told_of_knowledge(promise: dict[str, Any]) -> str:
    """What is promised of answers from the articles, in a sentence."""
    wanted = (
        f"articles: at most {100 * promise['accepted_wrong_rate']:g} % of answers from a wrong one "
        f"and at most {100 * promise['accepted_foreign_rate']:g} % of foreign messages answered"
    )
    if promise["score"] is None:
        return (
            f"{wanted}, cannot be promised by {promise['questions']} questions and "
            f"{promise['foreign']} out_of_scope examples: nothing is answered from the articles."
        )
    return (
        f"{wanted}: quote from a score of {promise['score']:.2f}, {promise['answered']} of "
        f"{promise['questions']} questions ({promise['wrong']} from a wrong article, "
        f"{promise['beside']} from a wrong passage of the right one) and "
        f"{promise['foreign_answered']} of {promise['foreign']} foreign messages."
    )
