"""Files with labelled texts: Rasa's NLU YAML, `text,intent` as CSV, or JSON lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.assistant.training_check import lines_of
from bot.errors import SetupError
from bot.learning.example import read
from bot.learning.lesson import Entity
from bot.learning.yaml_lines import YamlLines, read_exactly

Labelled = tuple[str, str, tuple[Entity, ...]]  # text, intent, entities
CURE = (
    "Use Rasa's NLU examples (.yml), a CSV with the columns text,intent (.csv), or a line of JSON"
)
CURE += ' for each text, such as {"text": "…", "intent": "…"} (.jsonl).'


def read_labelled(path: Path) -> list[Labelled]:
    """Every text of the file with its intent; raise SetupError with the line that is wrong."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise SetupError(f"'{path.suffix}' files are not read", where=str(path), cure=CURE)
    found = list(reader(path, read_exactly(path)))
    if not found:
        raise SetupError("there are no labelled texts in it", where=str(path), cure=CURE)
    return found


def _yaml(path: Path, text: str) -> Iterator[Labelled]:
    for line in lines_of(path, YamlLines(path, text).content):
        plain, entities = read(line.text)
        yield plain, line.intent, entities


def _csv(path: Path, text: str) -> Iterator[Labelled]:
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    if not {"text", "intent"} <= set(rows.fieldnames or ()):
        raise SetupError("the first line does not say text,intent", where=str(path), cure=CURE)
    for row in rows:
        if not row["text"] or not row["intent"]:
            raise _wrong(path, rows.line_num)
        yield row["text"], row["intent"].strip(), ()


def _jsonl(path: Path, text: str) -> Iterator[Labelled]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            entities = tuple(
                Entity(int(one["start"]), int(one["end"]), str(one["entity"]))
                for one in row.get("entities") or ()
            )
            said, intent = row["text"], row["intent"]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _wrong(path, number) from error
        if not isinstance(said, str) or not isinstance(intent, str):
            raise _wrong(path, number)
        yield said, intent, entities


def _wrong(path: Path, line: int) -> SetupError:
    return SetupError("no text with an intent", where=f"{path}, line {line}", cure=CURE)


_READERS: dict[str, Callable[[Path, str], Iterator[Labelled]]] = {
    ".yml": _yaml,
    ".yaml": _yaml,
    ".csv": _csv,
    ".jsonl": _jsonl,
}
