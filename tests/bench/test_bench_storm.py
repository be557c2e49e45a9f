"""A few messages beside each kind of trouble."""

from __future__ import annotations

import pytest
from rich.console import Console

from bench import storm


async def test_every_message_is_timed_beside_every_trouble(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(storm, "BACKLOG", 1)
    found = await storm.measure("sqlite", 5 * storm.EVERY_SECONDS)
    assert list(found) == list(storm.BESIDE)
    assert all(len(waits) == 5 and min(waits) > 0 for waits in found.values())


def test_the_table_has_a_line_for_each() -> None:
    console = Console(width=100)
    with console.capture() as printed:
        console.print(storm.table({"alone": [1.0] * 19 + [9.0], "beside one that hangs": [2.0]}))
    rows = [" ".join(line.split()) for line in printed.get().splitlines()]
    assert rows[1:] == ["alone 1.0 1.0 9.0", "beside one that hangs 2.0 2.0 2.0"]
