"""`warmline train` and the demo's first start: training, with a bar that shows how far it is."""

from __future__ import annotations

import time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

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
    seconds = time.monotonic() - started
    console.print(f"Trained {trained.model} in {seconds:.0f} s.", highlight=False)
    return trained.model
