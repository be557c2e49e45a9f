"""Rasa's own commands, over the project as it is: whoever knows Rasa expects them to work."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

RASA = Path(sys.executable).with_name("rasa")


async def rasa(*arguments: str, telling: str) -> None:
    """Run to the end; what it writes has to hold `telling`."""
    process = await asyncio.create_subprocess_exec(
        str(RASA),
        *arguments,
        cwd=ROOT,
        env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told = (await process.communicate())[0].decode()
    assert process.returncode == 0, told
    assert telling in told, told


@pytest.mark.timeout(300)
async def test_the_stories_hold(model: Path, tmp_path: Path) -> None:
    await rasa(
        *("test", "--stories", "tests/stories", "--model", str(model), "--out", str(tmp_path)),
        telling="rasa.nlu.test",
    )
    failed = (tmp_path / "failed_test_stories.yml").read_text(encoding="utf-8")
    assert "None of the test stories failed" in failed, failed


@pytest.mark.timeout(300)
async def test_the_data_is_valid() -> None:
    await rasa("data", "validate", telling="No story structure conflicts")
