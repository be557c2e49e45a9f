"""The examples that a project's model is trained on, each with its file and line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.errors import SetupError

# [text](entity), [text](entity:value) and [text]{"entity": …}: what Rasa takes for an entity.
_ENTITY = re.compile(r"\[([^\]]+)\](\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True, slots=True)
class TrainingExample:
    """A text and its intent; `file` is below the data folder."""

    text: str
    intent: str
    file: str
    line: int


def read_training_examples(folder: Path) -> list[TrainingExample]:
    """All examples of intents under `folder`. Raises SetupError for a file that is no YAML."""
    found: list[TrainingExample] = []
    for path in sorted([*folder.rglob("*.yml"), *folder.rglob("*.yaml")]):
        raw = path.read_text(encoding="utf-8")
        if not re.search(r"^nlu\s*:", raw, re.MULTILINE):
            continue
        try:
            content = YAML().load(raw)
        except YAMLError as error:
            raise SetupError(
                f"cannot be read ({type(error).__name__})",
                where=str(path),
                cure="Correct it; `rasa data validate` names the line.",
            ) from error
        for block in content.get("nlu") or []:
            if isinstance(block, dict) and isinstance(block.get("examples"), str):
                found += _examples(block, str(path.relative_to(folder)))
    return found


def _examples(block: Any, file: str) -> list[TrainingExample]:
    if "intent" not in block:
        return []  # a synonym, a lookup table, a pattern
    intent = str(block["intent"])
    begins = block.lc.value("examples")[0] + 2  # from one, and below the `|`
    lines = enumerate(str(block["examples"]).splitlines(), start=begins)
    return [
        TrainingExample(_ENTITY.sub(r"\1", line.strip()[1:].strip()), intent, file, number)
        for number, line in lines
        if line.strip().startswith("-")
    ]
