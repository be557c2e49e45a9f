"""Mistakes in the NLU examples that would train quietly and answer badly, found with their line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from bot.errors import SetupError
from bot.yaml_file import read_mapping

REQUESTS = "bot.assistant.nlu.requests.Requests"
ANNOTATION = re.compile(r"\[([^\]\n]{1,500})\](?:\(([^)\n]{1,200})\)|(\{[^}\n]{1,500}\}))")
NAMED = re.compile(r"\"entity\"\s*:\s*\"([^\"]+)\"")


@dataclass(frozen=True, slots=True)
class Line:
    """One example as it stands in a file."""

    path: Path
    number: int
    intent: str
    text: str

    @property
    def where(self) -> str:
        return f"{self.path}, line {self.number}"

    @property
    def plain(self) -> str:
        """The text without annotations, as two examples are compared."""
        return " ".join(ANNOTATION.sub(r"\1", self.text).lower().split())

    @property
    def entities(self) -> list[str]:
        """The names of the entities annotated in it."""
        names = []
        for match in ANNOTATION.finditer(self.text):
            named = NAMED.search(match.group(3) or "")
            name = named.group(1) if named else (match.group(2) or "").partition(":")[0]
            names.append(name.strip())
        return [name for name in names if name]


def check_examples(data: Path, entities: set[str]) -> None:
    """Raise SetupError on the first mistake: a lone example, a contradiction, an unknown entity."""
    first: dict[str, Line] = {}
    of_intent: dict[str, list[Line]] = {}
    for line in read_lines(data):
        of_intent.setdefault(line.intent, []).append(line)
        earlier = first.setdefault(line.plain, line)
        if earlier.intent != line.intent:
            raise SetupError(
                f"“{line.plain[:80]}” is an example of {line.intent} here and of "
                f"{earlier.intent} in {earlier.where}",
                where=line.where,
                cure="Keep it under the intent it means, and delete the other.",
            )
        for entity in line.entities:
            if entity not in entities:
                raise SetupError(
                    f"the entity '{entity}' is not in the domain",
                    where=line.where,
                    cure="Add it under `entities:` in domain.yml, or correct its name here.",
                )
    for intent, lines in of_intent.items():
        if len(lines) == 1:
            raise SetupError(
                f"the intent '{intent}' has one example",
                where=lines[0].where,
                cure="Write at least five, better forty, or delete the intent.",
            )


def check_named_intents(config: Path, known: Collection[str]) -> None:
    """Raise SetupError where a component of ours names an intent that the domain does not have: it
    would quietly never apply."""
    pipeline = read_mapping(config, missing="Restore it.").get("pipeline") or []
    for place, component in enumerate(pipeline):
        if component.get("name") != REQUESTS:
            continue
        for key in ("ignored", "together", "topics"):
            for name in _flat(component.get(key) or []):
                if name not in known:
                    raise SetupError(
                        f"there is no intent '{name}' in the domain",
                        where=f"{config}, key 'pipeline.{place}.{key}'",
                        cure="Correct the name, or add the intent to domain.yml.",
                    )


def _flat(names: list[Any]) -> Iterator[str]:
    for name in names:
        if isinstance(name, list):
            yield from _flat(name)
        else:
            yield str(name)


def read_lines(data: Path) -> Iterator[Line]:
    """Every example of every intent under `data`, in the files' order."""
    for path in sorted([*data.rglob("*.yml"), *data.rglob("*.yaml")]):
        try:
            content = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
        except (YAMLError, OSError, UnicodeDecodeError):
            continue  # Rasa reads the file next and says what is wrong with it
        yield from lines_of(path, content)


def lines_of(path: Path, content: Any) -> Iterator[Line]:
    """Every example in what was read of one file."""
    items = content.get("nlu") if isinstance(content, CommentedMap) else None
    for item in items or []:
        if isinstance(item, CommentedMap) and "intent" in item:
            yield from _lines(path, item)


def _lines(path: Path, item: Any) -> Iterator[Line]:
    examples = item.get("examples")
    if isinstance(examples, CommentedSeq):  # Rasa's other form: `- text: …`, with metadata
        for place, example in enumerate(examples):
            text = example.get("text") if isinstance(example, CommentedMap) else None
            if isinstance(text, str):
                number = examples.lc.item(place)[0] + 1
                yield Line(path, number, str(item["intent"]), text.strip())
        return
    if not isinstance(examples, str):
        return
    start = item.lc.value("examples")[0] + 2  # counted from 1, and the first line holds `|`
    for place, text in enumerate(examples.splitlines()):
        if text.strip().startswith("- "):
            yield Line(path, start + place, str(item["intent"]), text.strip()[2:].strip())
