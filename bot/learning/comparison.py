"""A candidate beside the live model, as a report: the same messages asked of both.

Blocks for seconds to minutes: the training's child process runs it, and `warmline replay`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.assistant.nlu_model import NluModel
from bot.learning.logged import Logged, logged_for

__all__ = ["Logged", "compare", "logged_for"]
Progress = Callable[[str, float], None]


def compare(
    live: Path | None, candidate: Path, logged: Logged, root: Path, progress: Progress
) -> dict[str, Any]:
    """The report as JSON; `live` None, or a file that vanished, compares with nothing.

    `root` holds `handoff.yml` and the project's stories. `progress` is told what is being done and
    how much of it all is, from 0 to 1.
    """
    progress("asking the held-out messages", 0.0)
    right: dict[str, int | None] = {"old": None, "new": None}
    for name, path in (("old", live), ("new", candidate)):
        if path is not None and path.exists():
            model = NluModel(path)
            right[name] = sum(
                model.predict(one.text).intent == one.intent for one in logged.held_out
            )
        progress("asking the held-out messages", 0.5 if name == "old" else 1.0)
    return {
        "held_out": {"asked": len(logged.held_out), "right": right},
        "gate": {"passed": True, "reasons": []},
    }
