"""The process that a candidate is trained in, as the one that waits for it sees it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SetupError


@dataclass(slots=True)
class Progress:
    """What the process said last; `problem` is why it cannot go on."""

    step: str = "Starting"
    share: float = 0.0
    problem: SetupError | None = None


def started(module: str, root: Path) -> subprocess.Popen[bytes]:
    """`module`, run as a program in `root`."""
    # Without Rasa's cache of steps: another label changes them all, and an erasure that empties it
    # would end the training. Not asyncio's own process: it is refused under the event loop policy
    # that importing Rasa leaves.
    return subprocess.Popen(  # noqa: S603  (our own words)
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=root,
        env={**os.environ, "RASA_MAX_CACHE_SIZE": "0"},
    )


def follow(child: subprocess.Popen[bytes], order: bytes, progress: Progress) -> None:
    """Give the order, and keep what is said of it until the child is over. Blocks."""
    # Dead before it had read all of it? Its return code says so. Closing the pipe fails then too.
    with contextlib.suppress(BrokenPipeError), child:
        if child.stdin is None or child.stdout is None:
            raise RuntimeError("the child was started without pipes")
        child.stdin.write(order)
        child.stdin.flush()
        for line in child.stdout:
            said = json.loads(line)
            if "problem" in said:
                problem, where, cure = said["problem"], said["where"], said["cure"]
                progress.problem = SetupError(problem, where=where, cure=cure)
            else:
                progress.step, progress.share = said["step"], said["share"]
        # It ends when its input does: not before it has ended by itself, as what it made counts.
        child.wait()
