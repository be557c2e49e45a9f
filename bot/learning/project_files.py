"""The files of a Rasa project that lessons are written into: its examples, domain and rules."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.assistant.training_check import Line, lines_of
from bot.learning.change import ChangedFile
from bot.learning.lesson import NewIntent
from bot.learning.yaml_lines import YamlLines, read_exactly

DOMAIN = "domain.yml"
LEARNED = "data/nlu/learned.yml"
LEARNED_RULES = "data/rules/learned.yml"
PROVENANCE = "data/nlu/provenance.jsonl"
HANDOFF = "utter_handoff"  # whoever decided it, a person comes
_NEW = {
    LEARNED: 'version: "3.1"\n\n# What labels taught, of intents that no other file has.\nnlu:\n',
    LEARNED_RULES: 'version: "3.1"\n\n# What follows from the intents that leads added.\nrules:\n',
    PROVENANCE: "",
}


class ProjectFiles:
    """The files as they are under `root`, and as they will be; nothing is written. Raises
    SetupError when one of them is broken."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._before: dict[str, str | None] = {}
        self._yaml: dict[str, YamlLines] = {}
        self._records = ""
        self.lines: list[Line] = []
        self._home: dict[str, tuple[YamlLines, int, str]] = {}
        for path in sorted([*root.glob("data/**/*.yml"), *root.glob("data/**/*.yaml")]):
            name = path.relative_to(root).as_posix()
            if "nlu:" in read_exactly(path):
                file = self._open(name)
                self.lines += lines_of(Path(name), file.content)
                for intent, line, margin in file.blocks():
                    self._home.setdefault(intent, (file, line, margin))
        domain = self._open(DOMAIN)
        self.intents = [_name(item) for item in domain.items("intents")]
        self.entities = {_name(item) for item in domain.items("entities")}

    def add_examples(self, intent: str, examples: Sequence[str]) -> None:
        """At the end of the intent's first block, or in a new one."""
        if intent in self._home:
            file, line, margin = self._home[intent]
            file.add_after(line, [f"{margin}- {text}" for text in examples])
            return
        learned = self._open(LEARNED)
        margin = learned.margin("nlu")
        block = [f"{margin}- intent: {intent}", f"{margin}  examples: |"]
        block += [f"{margin}    - {text}" for text in examples]
        learned.add_to("nlu", block)

    def add_intent(self, intent: NewIntent) -> None:
        """The intent, what the bot says to it, and the rule that makes it do so."""
        domain, rules = self._open(DOMAIN), self._open(LEARNED_RULES)
        domain.add_to("intents", [f"{domain.margin('intents')}- {intent.name}"])
        action, title = HANDOFF, f"A person for {intent.name}"
        if intent.answer is not None:
            action, title = f"utter_{intent.name}", f"Answer {intent.name}"
            if action not in (domain.content.get("responses") or {}):
                margin = domain.margin("responses")
                said = json.dumps(intent.answer, ensure_ascii=False)  # as YAML quotes
                domain.add_to("responses", [f"{margin}{action}:", f"{margin}  - text: {said}"])
        margin = rules.margin("rules")
        steps = (f"intent: {intent.name}", f"action: {action}")
        rules.add_to(
            "rules",
            [
                f"{margin}- rule: {title}",
                f"{margin}  steps:",
                *(f"{margin}    - {step}" for step in steps),
            ],
        )

    def add_record(self, record: dict[str, Any]) -> None:
        """Where an example is from, as a line of its own."""
        self._records += json.dumps(record, ensure_ascii=False) + "\n"

    def changed(self) -> tuple[ChangedFile, ...]:
        files = [
            ChangedFile(name, self._before[name], file.text)
            for name, file in sorted(self._yaml.items())
            if file.text != self._before[name]
        ]
        if self._records:
            before = self._read(PROVENANCE)
            files.append(ChangedFile(PROVENANCE, before, (before or "") + self._records))
        return tuple(files)

    def _open(self, name: str) -> YamlLines:
        if name not in self._yaml:
            self._before[name] = before = self._read(name)
            self._yaml[name] = YamlLines(
                self._root / name, _NEW[name] if before is None else before
            )
        return self._yaml[name]

    def _read(self, name: str) -> str | None:
        path = self._root / name
        return None if name in _NEW and not path.exists() else read_exactly(path)


def _name(item: Any) -> str:
    """An intent's or an entity's; one with settings is a mapping of its name."""
    return str(next(iter(item)) if isinstance(item, dict) else item)
