"""Who asks for which package, on packages made for the purpose."""

from __future__ import annotations

from importlib.metadata import Distribution
from pathlib import Path

import pytest
from rich.console import Console

from bench.install import askers, installed, table


def install(folder: Path, name: str, size: int, *requires: str) -> Distribution:
    (folder / f"{name}.py").write_bytes(b"#" * size)
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    lines = [f"Name: {name}", "Version: 1.0", *(f"Requires-Dist: {each}" for each in requires)]
    (info / "METADATA").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (info / "RECORD").write_text(f"{name}.py,,{size}\nmissing.py,,5\n", encoding="utf-8")
    return Distribution.at(info)


@pytest.fixture
def environment(tmp_path: Path) -> list[Distribution]:
    return [
        install(tmp_path, "Warmline", 1, "Big_One", "left-out", "socket[client]>=5"),
        install(tmp_path, "big-one", 8_000_000, "small; sys_platform == 'never'", "other"),
        install(tmp_path, "other", 1_000_000, "big-one", "linter; extra == 'dev'"),
        install(tmp_path, "socket", 2_000_000, "transport; extra == 'client'"),
        install(tmp_path, "transport", 3_000_000),
        install(tmp_path, "linter", 4_000_000),
    ]


def test_what_runs_is_told_from_what_develops(environment: list[Distribution]) -> None:
    packages = installed(environment)
    assert packages["big-one"].size == 8_000_000
    assert askers(packages, "warmline") == {
        "big-one": {"warmline", "other"},
        "other": {"big-one"},
        "socket": {"warmline"},
        "transport": {"socket"},
    }


def test_the_table_adds_up(environment: list[Distribution]) -> None:
    packages = installed(environment)
    console = Console(width=100)
    with console.capture() as printed:
        console.print(table(packages, askers(packages, "warmline")))
    rows = [line.split() for line in printed.get().splitlines()]
    assert rows[1] == ["big-one", "1.0", "8", "other,", "warmline"]
    assert rows[-2] == ["all", "that", "Warmline", "runs", "with", "14"]
    assert rows[-1] == ["for", "development", "alone", "4"]
