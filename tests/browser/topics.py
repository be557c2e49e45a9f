"""What the messages of the demo's past are about, known by how they are made up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from bot.demo_log import MESSAGES
from bot.yaml_file import read_mapping
from tests.conftest import ROOT


@dataclass(frozen=True, slots=True)
class Topic:
    """One of data/demo/messages.yml, and what its messages look like."""

    name: str
    intent: str
    pattern: re.Pattern[str]


def topic_of(text: str) -> Topic | None:
    return next((topic for topic in _topics() if topic.pattern.fullmatch(text)), None)


@cache
def _topics() -> tuple[Topic, ...]:
    content = read_mapping(ROOT / MESSAGES, missing="")
    before, after = (
        "|".join(map(re.escape, sorted(set(content[key]), key=len, reverse=True)))
        for key in ("openers", "closers")
    )
    found = []
    for name, topic in content["topics"].items():
        texts = "|".join(
            re.sub(r"\\\{\w+\\\}", ".+?", re.escape(str(text))) for text in topic["texts"]
        )
        pattern = re.compile(f"(?:{before})(?:{texts})(?:{after})")
        found.append(Topic(name, topic.get("intent", name), pattern))
    return tuple(found)
