"""A candidate beside the live model, as a report: the same messages asked of both.

Blocks for seconds to minutes, and works in the project's folder: for a process of its own, the
training's child process or that of `warmline replay`.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bot.assistant.nlu.embedding import shared_embedder
from bot.assistant.reply import as_read
from bot.assistant.story_test import failed_stories
from bot.assistant.triggers import Standing
from bot.errors import SetupError
from bot.learning import beside, evidence, gate, promises
from bot.learning.decision import decide
from bot.learning.logged import Asked, Logged, logged_for
from bot.learning.reader import Reader, replay_with
from bot.learning.replay_report import replay_report
from bot.learning.verdict import verdict
from bot.rules import Rules
from bot.rules_file import load_rules

__all__ = ["Logged", "compare", "logged_for"]
Progress = Callable[[str, float], None]
STORIES = Path("tests/stories")
FIRST = Standing(misunderstood=1, out_of_scope=1)  # a conversation's first message


def compare(
    live: Path | None, candidate: Path, logged: Logged, root: Path, progress: Progress
) -> dict[str, Any]:
    """The report as JSON; `live` None, or a file that vanished, compares with nothing.

    `root` holds `handoff.yml` and the project's stories. `progress` is told what is being done and
    how much of it all is, from 0 to 1.
    """
    candidate = candidate.resolve()
    live = live.resolve() if live is not None and live.exists() else None
    with _working_in(root), shared_embedder().remembering():
        rules = load_rules(Path("handoff.yml"))
        progress("loading the models", 0.0)
        old, new = Reader(live) if live is not None else None, Reader(candidate)
        progress("asking the held-out messages", 0.1)
        report = _figures(old, new, logged.held_out, rules)
        report["live"] = live.name if live is not None else None
        report["candidate"] = candidate.name
        total = max(len(logged.turns), 1)

        def replayed(done: int) -> None:
            if done % 50 == 0:
                progress("replaying logged turns", 0.15 + 0.7 * done / total)

        report["replay"] = (
            replay_report(replay_with(logged.turns, old, new, rules, replayed))
            if old is not None
            else None
        )
        report["must_pass"] = _must_pass(old, new, logged.must_pass, rules)
        del old, new
        progress("running the test stories", 0.85)
        stories = _stories(candidate)
        progress("done", 1.0)
    report["gate"] = gate.gate(
        [
            *gate.keeps_promises(report["classes"]),
            gate.no_loss("held_out", "Held-out labels", report["held_out"]["paired"]),
            gate.no_loss(
                "replay",
                "Replayed turns that the candidate was not taught",
                report["replay"]["known"] if report["replay"] else None,
            ),
            gate.must_pass(report["must_pass"]),
            stories,
        ]
    )
    report["verdict"] = verdict(report)
    return report


def _figures(
    old: Reader | None, new: Reader, held_out: tuple[Asked, ...], rules: Rules
) -> dict[str, Any]:
    truth = [one.intent for one in held_out]
    new_parses = new.read_all([one.text for one in held_out])
    new_held = evidence.of_parses(truth, new_parses)
    new_own = evidence.of_unseen(new.nlu.evidence, new.nlu.names)
    old_held = old_own = old_promises = None
    if old is not None:
        old_parses = old.read_all([one.text for one in held_out])
        old_held = evidence.of_parses(truth, old_parses)
        old_own = evidence.of_unseen(old.nlu.evidence, old.nlu.names)
        old_promises = promises.promises(old.nlu.evidence, old.nlu.names, truth, old_parses, rules)
    new_promises = promises.promises(new.nlu.evidence, new.nlu.names, truth, new_parses, rules)
    return {
        "held_out": {
            "paired": beside.paired(old_held, new_held) if old_held is not None else None,
            **beside.beside(old_held, new_held),
        },
        "unseen": beside.beside(old_own, new_own) if new_own is not None else None,
        "classes": promises.beside(old_promises, new_promises, rules),
        "intents": {
            "added": sorted({*new.nlu.names} - {*old.nlu.names}) if old is not None else [],
            "gone": sorted({*old.nlu.names} - {*new.nlu.names}) if old is not None else [],
        },
    }


def _must_pass(
    old: Reader | None, new: Reader, examples: tuple[Asked, ...], rules: Rules
) -> list[dict[str, Any]]:
    """Each as the first message of a conversation."""

    def is_right(model: Reader, one: Asked) -> bool:
        parsed = model.parse(as_read(one.text))
        made = decide(parsed, one.text, FIRST, rules, in_form=False)
        return made.right(one.intent, rules)

    return [
        {
            "text": one.text,
            "intent": one.intent,
            "old_right": is_right(old, one) if old is not None else None,
            "new_right": is_right(new, one),
        }
        for one in examples
    ]


def _stories(candidate: Path) -> gate.Check:
    if not any(STORIES.glob("**/test_*.yml")):
        return gate.stories(None)
    try:
        return gate.stories(failed_stories(candidate, STORIES))
    except SetupError as error:
        return gate.stories(None, error.problem)


@contextlib.contextmanager
def _working_in(root: Path) -> Iterator[None]:
    """A model's components find `handoff.yml` and the articles beside where they are run."""
    before = Path.cwd()
    os.chdir(root)
    try:
        yield
    finally:
        os.chdir(before)
