"""From labels to training data: what was labelled, and a project that has it as examples."""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

from bot.learning.change import Change, ChangedFile
from bot.learning.lesson import Entity, Lesson, Lessons, NewIntent, held_out
from bot.services import Services
from bot.store.labels import AcceptedLabel

__all__ = ["Change", "Lesson", "Lessons", "NewIntent", "held_out", "read_lessons", "write_project"]

FILES = ("config.yml", "domain.yml", "endpoints.yml", "handoff.yml")


async def read_lessons(services: Services) -> Lessons:
    """All that labels teach, and the intents that leads added."""
    async with services.database.read() as uow:
        accepted = await uow.labels.accepted()
        new_intents = await uow.new_intents.all()
    lessons = [_lesson(label) for label in accepted]
    return Lessons(
        taught=tuple(one for one in lessons if not held_out(one.text)),
        held_out=tuple(one for one in lessons if held_out(one.text)),
        new_intents=tuple(new_intents),
    )


def _lesson(label: AcceptedLabel) -> Lesson:
    return Lesson(
        text=" ".join(label.text.split()).replace("[", "(").replace("]", ")"),
        intent=label.intent,
        turn_ids=(label.turn_id,),
        user_id=label.user_id,
        labelled_at=label.created_at,
        entities=tuple(
            Entity(one["start"], one["end"], one["entity"]) for one in label.entities[:0]
        ),
    )


def write_project(root: Path, lessons: Lessons, into: Path, *, everything: bool = False) -> Change:
    """Copy the project in `root` to `into` with what is taught in it, or with `everything`."""
    into.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        if (root / name).exists():
            shutil.copy2(root / name, into / name)
    shutil.copytree(root / "data", into / "data", dirs_exist_ok=True)
    written = [*lessons.taught, *(lessons.held_out if everything else ())]
    counts = Counter(one.intent for one in written)
    path = into / "data" / "nlu" / "learned.yml"
    before = path.read_text(encoding="utf-8") if path.exists() else None
    after = _plain(written)
    path.write_text(after, encoding="utf-8")
    return Change((ChangedFile("data/nlu/learned.yml", before, after),), counts, (), (), ())


def _plain(lessons: Sequence[Lesson]) -> str:
    of_intent: dict[str, list[str]] = defaultdict(list)
    for one in lessons:
        of_intent[one.intent].append(one.text)
    blocks = (
        f"  - intent: {intent}\n    examples: |\n" + "".join(f"      - {text}\n" for text in texts)
        for intent, texts in of_intent.items()
    )
    return 'version: "3.1"\n\nnlu:\n' + "\n".join(blocks)
