"""Every regular expression of the program: what its modules hold, and what functions say."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.conftest import ROOT

ROOMS = ("bot", "actions", "connectors", "desk", "simulator")
_NO_PATTERN = frozenset({"escape", "error", "Match", "Pattern", "purge", "template"})


def all_patterns() -> dict[str, re.Pattern[str]]:
    """Each pattern once, by where it is."""
    found: dict[str, re.Pattern[str]] = {}
    for room in ROOMS:
        for module in _modules(room):
            for name, value in vars(module).items():
                for number, pattern in enumerate(_held(value)):
                    found.setdefault(f"{module.__name__}.{name}[{number}]", pattern)
        for path in sorted((ROOT / room).rglob("*.py")):
            found.update(_written(path))
    return {place: pattern for place, pattern in found.items() if isinstance(pattern.pattern, str)}


def _modules(room: str) -> Iterator[ModuleType]:
    package = importlib.import_module(room)
    yield package
    for each in pkgutil.walk_packages(package.__path__, f"{room}."):
        if "migrations" in each.name or each.name.endswith("__main__"):
            continue
        yield sys.modules.get(each.name) or importlib.import_module(each.name)


def _held(value: Any) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _held(each)
    elif isinstance(value, (tuple, list, set, frozenset)):
        for each in value:
            yield from _held(each)
    elif isinstance(value, type):
        for each in vars(value).values():
            if isinstance(each, re.Pattern):
                yield each


def _written(path: Path) -> Iterator[tuple[str, re.Pattern[str]]]:
    """What stands in the source as a plain text; what is put together from others is left to the
    modules that hold it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
            continue
        of, first = node.func.value, node.args[0]
        if not (isinstance(of, ast.Name) and of.id == "re") or node.func.attr in _NO_PATTERN:
            continue
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            flags = re.VERBOSE if "VERBOSE" in ast.unparse(node) else 0
            yield f"{path.relative_to(ROOT)}:{node.lineno}", re.compile(first.value, flags)
