"""One example as a line of Rasa's training data, and back: `where is [10432](order_number)`."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from bot.learning.lesson import Entity

# As Rasa reads it (rasa.shared.nlu.training_data.entities_parser), so that no customer's bracket
# becomes an annotation.
_ANNOTATION = re.compile(
    r"\[(?P<text>[^\]]+?)\](\((?P<entity>[^:)]+?)(?:\:(?P<value>[^)]+))?\)"
    r"|\{(?P<one>[^}]+?)\}|\[(?P<many>.*?)\])"
)
_NAME = re.compile(r"[\w .-]+")
_ROUND = str.maketrans("[]", "()")


def is_name(name: str) -> bool:
    """Whether it can name an entity: one with a line break in it would write lines of its own."""
    return _NAME.fullmatch(name) is not None


def written(text: str, entities: Sequence[Entity]) -> str:
    """The text with its entities marked, on one line; it has to be `plain` before."""
    parts, end = [], 0
    for entity in sorted(entities):
        parts += [text[end : entity.start], f"[{text[entity.start : entity.end]}]({entity.name})"]
        end = entity.end
    return "".join([*parts, text[end:]])


def read(example: str) -> tuple[str, tuple[Entity, ...]]:
    """The text and the entities of one line, as Rasa understands it."""
    parts: list[str] = []
    entities, end, length = [], 0, 0
    for found in _ANNOTATION.finditer(example):
        before = example[end : found.start()]
        start = length + len(before)
        length = start + len(found["text"])
        parts += [before, found["text"]]
        end = found.end()
        name = found["entity"] or _named(found["one"])
        if name:
            entities.append(Entity(start, length, name))
    return "".join([*parts, example[end:]]), tuple(entities)


def _named(attributes: str | None) -> str | None:
    try:
        return str(json.loads(f"{{{attributes}}}")["entity"]) if attributes else None
    except (ValueError, KeyError):
        return None


def plain(text: str, entities: Sequence[Entity]) -> str:
    """The text, of the same length, with round brackets where Rasa would read square ones as marks
    of its own."""
    if read(written(text, entities)) == (text, tuple(sorted(entities))):
        return text
    return text.translate(_ROUND)
