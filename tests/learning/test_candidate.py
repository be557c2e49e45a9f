"""The process that a candidate is trained in: where it cannot go on, and how it ends."""

from __future__ import annotations

import asyncio
import pickle
import subprocess
from pathlib import Path
from typing import Any, cast

from bot.learning import candidate
from bot.learning.candidate import RESULT, Order
from bot.learning.training_child import Progress, follow, started
from tests.conftest import ROOT


async def ended(module: str, root: Path, work: Path) -> tuple[subprocess.Popen[bytes], Progress]:
    """The module, run with an order of nothing to its end."""
    nothing = cast(Any, None)
    order = Order("m", ROOT, work, lessons=nothing, logged=nothing, live=None)
    child, progress = started(module, root), Progress()
    await asyncio.to_thread(follow, child, pickle.dumps(order), progress)
    return child, progress


async def test_what_nobody_foresaw_is_named_with_its_place(tmp_path: Path) -> None:
    _, progress = await ended(candidate.__name__, ROOT, tmp_path)
    assert progress.problem is not None
    assert progress.problem.problem == "something unforeseen went wrong (AttributeError)."
    name, _, line = progress.problem.where.partition(":")
    assert name.endswith(".py")
    assert line.isdecimal()


# Ending takes a program with Rasa in it a moment: here always, and longer.
SLOW_TO_END = """
import atexit, time
from bot.learning import candidate
candidate.make = lambda order, tell: {}
atexit.register(time.sleep, 0.5)
candidate.main()
"""


async def test_what_it_made_counts_however_long_it_takes_to_end(tmp_path: Path) -> None:
    (tmp_path / "slow_to_end.py").write_text(SLOW_TO_END)
    child, progress = await ended("slow_to_end", tmp_path, tmp_path)
    assert progress.problem is None
    assert (tmp_path / RESULT).exists()
    assert child.returncode == 0
