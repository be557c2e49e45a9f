"""All that labels teach as one file, for whoever keeps training data elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable

from bot.clock import iso
from bot.learning.example import written
from bot.learning.lesson import Lesson, Lessons


def as_yaml(lessons: Lessons) -> str:
    """Rasa's NLU examples, by intent."""
    of_intent: dict[str, list[str]] = {}
    for one in _all(lessons):
        of_intent.setdefault(one.intent, []).append(written(one.text, one.entities))
    lines = ['version: "3.1"', "", f"nlu:{'' if of_intent else ' []'}"]
    for intent, examples in of_intent.items():
        lines += [f"  - intent: {intent}", "    examples: |"]
        lines += [f"      - {example}" for example in examples]
    return "\n".join(lines) + "\n"


def as_jsonl(lessons: Lessons) -> str:
    """One example a line, with its turns, the lead and the time."""
    return "".join(json.dumps(record_of(one), ensure_ascii=False) + "\n" for one in _all(lessons))


def record_of(lesson: Lesson) -> dict[str, object]:
    """Where an example is from; nothing in it is a customer's."""
    return {
        "text": lesson.text,
        "intent": lesson.intent,
        "entities": [
            {"start": one.start, "end": one.end, "entity": one.name} for one in lesson.entities
        ],
        "turns": list(lesson.turn_ids),
        "labelled_by": lesson.user_id,
        "labelled_at": iso(lesson.labelled_at),
    }


def _all(lessons: Lessons) -> Iterable[Lesson]:
    return sorted((*lessons.taught, *lessons.held_out), key=lambda one: one.labelled_at)
