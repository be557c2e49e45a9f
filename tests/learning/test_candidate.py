"""The process that a candidate is trained in, where it cannot go on."""

from __future__ import annotations

import asyncio
import pickle
from pathlib import Path
from typing import Any, cast

from bot.learning import candidate
from bot.learning.candidate import Order
from bot.learning.training_child import Progress, follow, started
from tests.conftest import ROOT


async def test_what_nobody_foresaw_is_named_with_its_place(tmp_path: Path) -> None:
    nothing = cast(Any, None)
    order = Order("m", ROOT, tmp_path, lessons=nothing, logged=nothing, live=None)
    child, progress = started(candidate.__name__, ROOT), Progress()
    await asyncio.to_thread(follow, child, pickle.dumps(order), progress)
    assert progress.problem is not None
    assert progress.problem.problem == "something unforeseen went wrong (AttributeError)."
    name, _, line = progress.problem.where.partition(":")
    assert name.endswith(".py")
    assert line.isdecimal()
