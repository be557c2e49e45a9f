"""What an installation weighs, package by package, and who asks for each.

`uv run python -m bench.install`. A package's size is that of the files in its own list of them:
what Python compiled into `__pycache__` counts where it was compiled at the installation.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from rich.console import Console
from rich.table import Table

PROJECT = "warmline"
LARGEST = 10
MB = 1_000_000
TABLE_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Package:
    """An installed package, the bytes of its files, and what it asks for."""

    name: str
    version: str
    size: int
    requirements: tuple[Requirement, ...]

    def asks_for(self, extra: str) -> list[Requirement]:
        """What it needs with this extra; the empty one for what it needs in any case."""
        return [
            wanted
            for wanted in self.requirements
            if wanted.marker is None or wanted.marker.evaluate({"extra": extra})
        ]


def installed(found: Iterable[Distribution]) -> dict[str, Package]:
    """The packages by their name."""
    packages = {}
    for one in found:
        name = str(canonicalize_name(one.metadata["Name"]))
        paths = (Path(str(one.locate_file(file))) for file in one.files or ())
        size = sum(path.stat().st_size for path in paths if path.is_file())
        requirements = tuple(Requirement(line) for line in one.requires or ())
        packages[name] = Package(name, one.version, size, requirements)
    return packages


def askers(packages: Mapping[str, Package], root: str) -> dict[str, set[str]]:
    """What `root` needs, directly or not, and who asks for it.

    A requirement that an override left out is not installed and so not among them.
    """
    asked: dict[str, set[str]] = {}
    done: set[tuple[str, str]] = set()
    waiting = [(root, "")]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in done or name not in packages:
            continue
        done.add((name, extra))
        for wanted in packages[name].asks_for(extra):
            needed = str(canonicalize_name(wanted.name))
            if needed in packages:
                asked.setdefault(needed, set()).add(name)
                waiting += [(needed, each) for each in ("", *wanted.extras)]
    return asked


def table(packages: Mapping[str, Package], asked: Mapping[str, set[str]]) -> Table:
    """The largest packages, the rest in one line, and what only development needs."""
    shown = Table("", "MB", "asked for by", box=None, pad_edge=False)
    shown.columns[1].justify = "right"
    ordered = sorted(asked, key=lambda name: -packages[name].size)
    for name in ordered[:LARGEST]:
        package = packages[name]
        who = ", ".join(sorted(asked[name]))
        shown.add_row(f"{name} {package.version}", _megabytes([package]), who)
    others = [packages[name] for name in ordered[LARGEST:]]
    shown.add_row(f"{len(others)} others", _megabytes(others), "")
    running = [packages[name] for name in asked]
    shown.add_row("all that Warmline runs with", _megabytes(running), "")
    tools = [one for name, one in packages.items() if name not in asked and name != PROJECT]
    shown.add_row("for development alone", _megabytes(tools), "")
    return shown


def _megabytes(packages: Iterable[Package]) -> str:
    return f"{sum(package.size for package in packages) / MB:,.0f}"


def main() -> None:
    """Print the table; write every package as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.install", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="OUT", help="also write every package there")
    wanted = parser.parse_args()
    packages = installed(distributions())
    asked = askers(packages, PROJECT)
    Console(highlight=False, width=TABLE_WIDTH).print(table(packages, asked))
    if wanted.json is not None:
        content = [
            {
                "name": one.name,
                "version": one.version,
                "megabytes": round(one.size / MB, 2),
                "asked_for_by": sorted(asked.get(one.name, ())),
            }
            for one in sorted(packages.values(), key=lambda one: -one.size)
        ]
        wanted.json.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
